import type { IncomingHttpHeaders } from 'node:http'
import type { Tx } from '#db/connect.ts'
import { type Grant, may, mayEver } from '#domain/access.ts'
import { CATEGORY_DEFAULTS } from '#domain/categories.ts'
import type { Tenant } from '#domain/places.ts'
import { notNow, refused } from '#domain/refusal.ts'
import type { Actor, Category } from '#domain/ticket.ts'
import { carryOut } from '#server/commands.ts'
import { communityBySlug } from '#server/places/queries.ts'
import type { Ask, Command } from '#server/serving.ts'
import { subjectOf } from '#server/tickets/audience.ts'
import { reportTicket } from '#server/tickets/report.ts'
import type { open311Report } from '#wire/open311.ts'
import type { Open311Shop } from './open311.ts'
import { type Asked, type Fields, wrong } from './open311-asked.ts'
import { onlyCommunityNamed } from './open311-queries.ts'
import { fingerprintOf } from './resident-link.ts'

/** null = nobody we know. */
export type Reporter = { userId: string; grants: readonly Grant[] } | null

/**
 * IN10: an API key, in `api_key` as the protocol has it or as a bearer, must be one that may report here; without any the
 * report counts against its address, or is refused where the installation takes keys only.
 */
export async function whoReports(
  { identify, open311ByKeyOnly }: Open311Shop,
  tenant: Tenant,
  apiKey: string | undefined,
  headers: IncomingHttpHeaders,
): Promise<Asked<Reporter>> {
  const authorization = apiKey === undefined ? headers.authorization : `Bearer ${apiKey}`
  if (authorization === undefined)
    return open311ByKeyOnly ? wrong([403, 'api_key was not provided']) : { ok: true, asked: null }
  const signedIn = await identify({ authorization })
  if (!signedIn) return wrong([403, 'api_key is not valid'])
  const grants = signedIn.grants.filter((grant) => grant.tenant === tenant.code)
  if (!mayEver(grants, 'ticket.report', tenant.code)) return wrong([403, 'the API key may not report here'])
  return { ok: true, asked: { userId: signedIn.userId, grants } }
}

export interface Open311Asked {
  tenant: Tenant
  category: Category
  fields: Fields
  who: Reporter
}

/** A sender that names its try with an `Idempotency-Key` may repeat it; without one every report is a new one. */
export function reportByOpen311(shop: Open311Shop, ask: Ask<typeof open311Report>, asked: Open311Asked) {
  const { api_key, ...fields } = asked.fields
  const command: Command = {
    tenant: asked.tenant.code,
    actorKey: asked.who?.userId ?? `open311 ${ask.address}`,
    key: ask.command.key,
    fingerprint: fingerprintOf('open311', fields),
  }
  return carryOut(shop.db, command, ask.now, (tx) => report(tx, shop, ask, asked))
}

async function report(tx: Tx, { limits }: Open311Shop, ask: Ask<typeof open311Report>, asked: Open311Asked) {
  const { tenant, category, fields, who } = asked
  const site = await communityOf(tx, tenant.code, fields)
  if (site === 'unknown') return refused('unknown')
  const isEmergency = CATEGORY_DEFAULTS[category].emergency !== null
  const counted = { address: ask.address, communityId: site, isEmergency }
  const waitMs = who ? null : limits.take(counted, ask.now)
  if (waitMs !== null) return notNow('tooMany', waitMs)
  const actor: Actor = who ? { kind: 'api', id: who.userId } : { kind: 'resident', id: null }
  const reported = await reportTicket(
    tx,
    {
      tenant: tenant.code,
      channel: 'open311',
      category,
      description: fields.description ?? '',
      address: fields.address_string,
      communityId: site ?? undefined,
      lng: fields.long,
      lat: fields.lat,
      requesterName: [fields.first_name, fields.last_name].filter((name) => name).join(' '),
      requesterPhone: fields.phone,
    },
    actor,
    ask.now,
  )
  if (!reported.ok) return reported
  const allowed = !who || may(who.grants, 'ticket.report', await subjectOf(tx, reported.ticket))
  return allowed ? { id: reported.ticket.id } : refused('notAllowed')
}

/** By its code, or by a name that only one community of the city bears; null where only a point is given. */
async function communityOf(tx: Tx, tenant: string, fields: Fields): Promise<string | null | 'unknown'> {
  const { address_id, address_string, lat } = fields
  if (address_id !== undefined) {
    const community = await communityBySlug(tx, address_id)
    return community?.tenant === tenant ? community.id : 'unknown'
  }
  return lat === undefined && address_string !== undefined ? onlyCommunityNamed(tx, tenant, address_string) : null
}
