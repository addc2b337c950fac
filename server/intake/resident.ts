import type { Tx } from '#db/connect.ts'
import { CATEGORY_DEFAULTS, emergencyNumber } from '#domain/categories.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community, Tenant } from '#domain/places.ts'
import { isRefused, notNow, refused } from '#domain/refusal.ts'
import type { Actor } from '#domain/ticket.ts'
import { rate } from '#domain/ticket-closing.ts'
import { carryOut } from '#server/commands.ts'
import { emergencyServiceOf } from '#server/engagements/serving.ts'
import type { FleetView } from '#server/fleet/view.ts'
import { communityBySlug, tenantByCode } from '#server/places/queries.ts'
import type { Ask, Command, Shop } from '#server/serving.ts'
import { ticketForUpdate } from '#server/tickets/queries.ts'
import { record } from '#server/tickets/record.ts'
import { reportTicket } from '#server/tickets/report.ts'
import { hashOfToken } from '#server/tickets/routes.ts'
import * as wire from '#wire/routes/resident.ts'
import type { ReportLimits } from './limits.ts'
import { leadTicket, mayRate, residentFace } from './resident-face.ts'
import { LEAST_PUBLIC_KEY, linkedTicket, linkTokenOf } from './resident-link.ts'

export interface ResidentShop extends Shop {
  fleet: FleetView
  /** Links of residents are drawn from it (HONGGUAN_SECRET). */
  secret: string
  limits: ReportLimits
}

const RESIDENT: Actor = { kind: 'resident', id: null }

export function residentRoutes(shop: ResidentShop): void {
  serveFace(shop)
  serveReport(shop)
  serveTicket(shop)
  serveRating(shop)
}

function serveFace({ serve, db }: ResidentShop): void {
  serve(wire.communityFace, async ({ params }) => {
    const community = await communityBySlug(db, params.slug)
    const tenant = community && (await tenantByCode(db, community.tenant))
    if (!tenant) return refused('unknown')
    const { slug, name, synthetic } = community
    const { code, name: tenantName, locale, timeZone, emergencyNumbers } = tenant
    const servedBy = await emergencyServiceOf(db, community.id)
    return { tenant: code, tenantName, locale, timeZone, slug, name, synthetic, emergencyNumbers, servedBy }
  })
}

type ReportAsk = Ask<typeof wire.residentReport>

function serveReport(shop: ResidentShop): void {
  shop.serve(wire.residentReport, async (ask) => {
    if (ask.command.key.length < LEAST_PUBLIC_KEY) return refused('missingKey')
    const community = await communityBySlug(shop.db, ask.params.slug)
    const tenant = community && (await tenantByCode(shop.db, community.tenant))
    if (!tenant) return refused('unknown')
    // Not by address: a phone that goes from one network to another repeats the same report.
    const command = { ...ask.command, tenant: tenant.code, actorKey: `resident at ${community.id}` }
    const token = linkTokenOf(shop.secret, command)
    const answer = await carryOut(shop.db, command, ask.now, (tx) =>
      report(tx, shop, ask, { tenant, community, token }),
    )
    if (isRefused(answer)) return answer
    shop.wake(tenant.code)
    return { ...answer, token }
  })
}

interface At {
  tenant: Tenant
  community: Community
  token: string
}

/** IN1, IN3. Counted inside the command, so that a repeat of a report that was taken is not one more. */
async function report(tx: Tx, { limits }: ResidentShop, ask: ReportAsk, { tenant, community, token }: At) {
  const { body, now, address: from } = ask
  const { category, description, address, requesterName, requesterPhone } = body
  const isEmergency = CATEGORY_DEFAULTS[category].emergency !== null
  const waitMs = limits.take({ address: from, communityId: community.id, isEmergency }, now)
  if (waitMs !== null) return notNow('tooMany', waitMs)
  const number = emergencyNumber(category, tenant.emergencyNumbers)
  const reported = await reportTicket(
    tx,
    {
      tenant: tenant.code,
      channel: 'resident',
      communityId: community.id,
      category,
      description,
      // An address of spaces says less than the community's own name.
      address: address?.trim() || undefined,
      requesterName,
      requesterPhone,
      tokenHash: hashOfToken(token),
      handedOffTo: body.emergencyShown && number !== null ? number : undefined,
    },
    RESIDENT,
    now,
  )
  return reported.ok ? { number: reported.ticket.number } : reported
}

function serveTicket({ serve, db, fleet }: ResidentShop): void {
  serve(wire.residentTicket, async ({ params, now }) => {
    const found = await linkedTicket(db, params.token, now)
    return found.ok ? residentFace(db, fleet, found.ticket, now) : found
  })
}

function serveRating({ serve, db, fleet, wake }: ResidentShop): void {
  serve(wire.residentRating, async ({ params, body, now, command }) => {
    const found = await linkedTicket(db, params.token, now)
    if (!found.ok) return found
    const { tenant, id } = found.ticket
    const mine: Command = { ...command, tenant, actorKey: `resident of ${id}` }
    const answer = await carryOut(db, mine, now, (tx) => rateTicket(tx, tenant, id, body, now))
    if (isRefused(answer)) return answer
    wake(tenant)
    const after = await linkedTicket(db, params.token, now)
    return after.ok ? residentFace(db, fleet, after.ticket, now) : after
  })
}

/** IN7: 评单, once a round; of a merged ticket when the work on the one it went into is over. */
async function rateTicket(tx: Tx, tenant: string, id: string, body: { rating: number; text?: string }, now: Instant) {
  const before = await ticketForUpdate(tx, tenant, id)
  if (!before) return refused('unknown')
  if (before.rating === null && !mayRate(before, await leadTicket(tx, before))) return refused('notInThisState')
  const decided = rate(before, body, RESIDENT, now)
  if (!decided.ok) return decided
  await record(tx, { before, ticket: decided.ticket, entries: [decided.entry], actor: RESIDENT, now })
  return { rated: true as const }
}
