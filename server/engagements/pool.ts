import { randomUUID } from 'node:crypto'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { type Action, may } from '#domain/access.ts'
import type { FeedKind } from '#domain/feed.ts'
import type { Instant } from '#domain/instant.ts'
import type { PoolEntry, PoolLogKind } from '#domain/pool.ts'
import { canonical } from '#domain/pool-import.ts'
import { admit, ban, changeOffer, light, type Review, rate, score, stepPool } from '#domain/pool-steps.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { carryOut } from '#server/commands.ts'
import { subjectOfEngagement, subjectOfPool } from '#server/feed/entitled-emergency.ts'
import type { Ask, Reader, Shop } from '#server/serving.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { BodyOf, Route } from '#wire/route.ts'
import * as wire from '#wire/routes/pool.ts'
import { rulingOf } from './community-queries.ts'
import * as kept from './pool-queries.ts'
import { type Act, announce, appendLog, logOf, namesIn, type Pending, pending } from './record.ts'
import { withoutHoles } from './without-holes.ts'

export function poolRoutes(shop: Shop): void {
  serveReading(shop)
  serveApplying(shop)
  serveReview(shop)
}

export const permitsPool = (reader: Reader, action: Action, entry: PoolEntry): boolean =>
  may(reader.grants, action, subjectOfPool(entry))

function serveReading({ serve, db }: Shop): void {
  serve(wire.pool, async ({ tenant, reader }) => {
    const lines = await kept.poolLines(db, tenant)
    return lines.filter(({ entry }) => permitsPool(reader, 'pool.read', entry))
  })
  serve(wire.poolCard, async ({ tenant, reader, params }) => {
    const [line] = await kept.poolLines(db, tenant, params.id)
    if (!line || !permitsPool(reader, 'pool.read', line.entry)) return refused('unknown')
    return { ...line, ...(await historyOf(db, reader, line.entry)) }
  })
}

/** Of its engagements those the reader may read: a firm works for other sub-districts too. */
async function historyOf(db: DbOrTx, { grants }: Reader, entry: PoolEntry) {
  const log = await logOf(db, 'pool', entry.id)
  return {
    engagements: (await kept.engagementsOfFirm(db, entry.tenant, entry.firmId)).filter((engagement) =>
      may(grants, 'engagement.read', subjectOfEngagement(engagement)),
    ),
    log,
    names: await namesIn(db, [...log.map(({ actor }) => actor), entry.yellowBy, entry.reviewedBy]),
  }
}

const TOLD: Partial<Record<PoolLogKind, FeedKind>> = {
  apply: 'pool:applied',
  admit: 'pool:admitted',
  suspend: 'pool:suspended',
  reinstate: 'pool:reinstated',
  remove: 'pool:removed',
  score: 'pool:scored',
  rating: 'pool:scored',
  yellow: 'pool:lit',
  yellowCleared: 'pool:lit',
  ban: 'pool:banned',
  banLifted: 'pool:banned',
}

export interface PoolChange {
  before: PoolEntry | null
  after: PoolEntry
  kind: PoolLogKind
  reason: string | null
}

/** Row and log; answers the event. What changed is told field by field, so that the log can be read alone. */
export async function keepEntry(tx: Tx, { before, after, kind, reason }: PoolChange, act: Act): Promise<Pending> {
  await kept.saveEntry(tx, after)
  const detail = changesOf(before, after)
  await appendLog(tx, { subject: 'pool', subjectId: after.id, kind, reason, detail }, act)
  const { districtCode, subdistrictCode, firmId } = after
  const audience = { districtCode, subdistrictCode, neighbourhoodCode: null, firmIds: [firmId], unitIds: [] }
  const told = TOLD[kind] ?? 'pool:changed'
  const event = {
    tenant: act.tenant,
    kind: told,
    at: act.now,
    actor: act.actor,
    audience,
    state: { poolEntries: [after] },
  }
  return pending({ events: [event] })
}

const UNTOLD: readonly string[] = ['version', 'updatedAt', 'statusSince', 'reviewedBy', 'reason']

function changesOf(before: PoolEntry | null, after: PoolEntry): Record<string, unknown> {
  const was = (before ?? {}) as Record<string, unknown>
  const changed = Object.entries(after).filter(
    ([field, value]) => !UNTOLD.includes(field) && canonical(was[field]) !== canonical(value),
  )
  return Object.fromEntries(before ? changed.map(([field, to]) => [field, { from: was[field], to }]) : changed)
}

function serveApplying(shop: Shop): void {
  shop.serve(wire.applyToPool, async (ask) => {
    const answer = await carryOut(shop.db, ask.command, ask.now, (tx) => apply(tx, ask))
    if (!isRefused(answer)) shop.wake(ask.tenant)
    return answer
  })
  serveVerb(shop, wire.changeOffer, 'pool.apply', async (tx, before, body, { now, tenant }) => {
    const { subdistrictCode, ...given } = body
    const districtCode = subdistrictCode === undefined ? null : await kept.districtOf(tx, tenant, subdistrictCode)
    if (subdistrictCode !== undefined && districtCode === null) return refused('unknown')
    const office = subdistrictCode === undefined || districtCode === null ? {} : { subdistrictCode, districtCode }
    const decided = changeOffer(before, { ...withoutHoles(given), ...office }, now)
    return decided.ok ? { entry: decided.entry, kind: 'offer', reason: null } : decided
  })
}

/** PV3: one entry a firm: applying again after a removal takes it up where it was, scores and bans included. */
async function apply(tx: Tx, { tenant, reader, body, actor, now }: Ask<typeof wire.applyToPool>) {
  const { firmId, subdistrictCode, ...offer } = body
  if (!may(reader.grants, 'pool.apply', { tenant, firmIds: [firmId] })) return refused('notAllowed')
  const firm = await kept.firmForUpdate(tx, tenant, firmId)
  const districtCode = await kept.districtOf(tx, tenant, subdistrictCode)
  if (!firm || districtCode === null) return refused('unknown')
  const before = await kept.entryOfFirm(tx, tenant, firmId)
  if (before && before.status !== 'removed') return refused('alreadyInPool')
  const review: Review = { actor, reason: null, now }
  const said = { ...offer, subdistrictCode, districtCode }
  const applied = before
    ? stepPool({ ...before, ...said, appliedAt: now }, 'apply', review)
    : { ok: true as const, entry: await firstEntry(tx, { tenant, firmId, ...said, synthetic: firm.synthetic }, now) }
  if (!applied.ok) return applied
  const act = { tenant, actor, now }
  await announce(tx, await keepEntry(tx, { before, after: applied.entry, kind: 'apply', reason: null }, act))
  return applied.entry
}

/** RG3: a firm that was rated before it came brings its band with it, and the light that this lit. */
async function firstEntry(tx: Tx, said: Said, now: Instant): Promise<PoolEntry> {
  const entry = newEntry(said, now)
  const rating = await kept.lastConfirmed(tx, said.tenant, said.firmId)
  if (!rating) return entry
  const { band, lit, reason, decidedBy, decidedAt } = rating
  return { ...rate(entry, band, lit, { actor: decidedBy, reason, now: decidedAt }), version: 1, updatedAt: now }
}

type Said = Pick<
  PoolEntry,
  | 'tenant'
  | 'firmId'
  | 'districtCode'
  | 'subdistrictCode'
  | 'lng'
  | 'lat'
  | 'services'
  | 'tier'
  | 'capacity'
  | 'districtCodes'
  | 'price'
  | 'openingCost'
  | 'synthetic'
>

export const newEntry = (said: Said, now: Instant): PoolEntry => ({
  ...said,
  id: randomUUID(),
  status: 'applied',
  partyBuilding: null,
  quality: null,
  ratingBand: null,
  ratedAt: null,
  yellowSince: null,
  yellowReason: null,
  yellowBy: null,
  banUntil: null,
  banReason: null,
  reason: null,
  reviewedBy: null,
  appliedAt: now,
  statusSince: now,
  version: 1,
  updatedAt: now,
})

type Reviewed = { entry: PoolEntry; kind: PoolLogKind; reason: string | null } | Refused<ErrorCode>
type PoolVerb<R extends Route> = (tx: Tx, before: PoolEntry, body: BodyOf<R>, act: Act) => Promise<Reviewed> | Reviewed

function serveVerb<R extends Route>(shop: Shop, route: R, action: Action, verb: PoolVerb<R>): void {
  // All commands share their parameters and their answer; only the verb looks at the body, and it has the route's own type.
  shop.serve(route as unknown as typeof wire.suspendFromPool, async (ask) => {
    const { tenant, actor, now, params, reader } = ask
    const act = { tenant, actor, now }
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      const before = await kept.poolEntryForChange(tx, tenant, params.id)
      if (!before || !permitsPool(reader, 'pool.read', before)) return refused('unknown')
      if (!permitsPool(reader, action, before)) return refused('notAllowed')
      const decided = await verb(tx, before, ask.body as unknown as BodyOf<R>, act)
      if (isRefused(decided)) return decided
      await announce(tx, await keepEntry(tx, { before, ...decided, after: decided.entry }, act))
      return decided.entry
    })
    if (!isRefused(answer)) shop.wake(tenant)
    return answer
  })
}

function serveReview(shop: Shop): void {
  serveVerb(shop, wire.admitToPool, 'pool.review', async (tx, before, { reason = null }, { tenant, actor, now }) => {
    const { settings } = await rulingOf(tx, tenant)
    const decided = admit(before, settings.entry, { actor, reason, now })
    return decided.ok ? { entry: decided.entry, kind: 'admit', reason } : decided
  })
  const stepped = (route: typeof wire.suspendFromPool, event: 'suspend' | 'reinstate' | 'remove') =>
    serveVerb(shop, route, 'pool.review', (_tx, before, { reason }, { actor, now }) => {
      const decided = stepPool(before, event, { actor, reason, now })
      return decided.ok ? { entry: decided.entry, kind: event, reason } : decided
    })
  stepped(wire.suspendFromPool, 'suspend')
  stepped(wire.reinstateInPool, 'reinstate')
  stepped(wire.removeFromPool, 'remove')
  serveVerb(shop, wire.scoreProvider, 'pool.review', (_tx, before, { reason = null, ...scores }, { actor, now }) => ({
    entry: score(before, scores, { actor, reason, now }),
    kind: 'score',
    reason,
  }))
  serveVerb(shop, wire.lightProvider, 'pool.review', (_tx, before, { lit, reason }, { actor, now }) => {
    const decided = light(before, lit, { actor, reason, now })
    return decided.ok ? { entry: decided.entry, kind: lit ? 'yellow' : 'yellowCleared', reason } : decided
  })
  serveVerb(shop, wire.banProvider, 'pool.review', (_tx, before, { until, reason }, { actor, now }) => ({
    entry: ban(before, until, { actor, reason, now }),
    kind: until === null ? 'banLifted' : 'ban',
    reason,
  }))
}
