import type { Tx } from '#db/connect.ts'
import { type Action, may } from '#domain/access.ts'
import { type CommunityCase, freshCase } from '#domain/community.ts'
import { COUNTED_MS, coverageOf } from '#domain/coverage.ts'
import type { Instant } from '#domain/instant.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { carryOut } from '#server/commands.ts'
import { subjectOfCase } from '#server/feed/entitled-emergency.ts'
import type { Ask, Reader, Shop } from '#server/serving.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { BodyOf, Route } from '#wire/route.ts'
import * as wire from '#wire/routes/communities.ts'
import { contractVerbs } from './community-contracts.ts'
import * as kept from './community-queries.ts'
import { changeCase, type Held, holdCommunity, moveCommunity, recordRefuse } from './community-steps.ts'
import * as contracts from './contract-queries.ts'
import { type Act, announce, logOf, namesIn, type Pending, pending } from './record.ts'
import { clearTheWay } from './selecting.ts'
import { withoutHoles } from './without-holes.ts'

export function communityRoutes(shop: Shop): void {
  serveReading(shop)
  serveFacts(shop)
  serveStatus(shop)
  contractVerbs((route, action, verb) => serveVerb(shop, route, action, verb))
}

/** A community without a case is its jurisdiction's, as one with a case is. */
const permits = (reader: Reader, action: Action, row: CommunityCase): boolean =>
  may(reader.grants, action, subjectOfCase(row))

/** What an ask of one of the commands gives its verb; parameters and answer are the same for all. */
export interface Said<Body> {
  body: Body
  now: Instant
}

export type CommunityVerb<R extends Route> = (
  tx: Tx,
  held: Held,
  said: Said<BodyOf<R>>,
  act: Act,
) => Promise<{ case: CommunityCase; pending: Pending } | Refused<ErrorCode>>

/** Gathers the community under lock, asks the right, lets the verb decide and apply, and tells what it did. */
function serveVerb<R extends Route>(shop: Shop, route: R, action: Action, verb: CommunityVerb<R>): void {
  // All commands share their parameters and their answer; only the verb looks at the body, and it has the route's own type.
  shop.serve(route as unknown as typeof wire.calmCommunity, async (ask) => {
    const { tenant, actor, now, params, reader } = ask
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      const held = await holdCommunity(tx, tenant, params.id, now)
      if (!held || !permits(reader, 'community.read', held.case)) return refused('unknown')
      if (!permits(reader, action, held.case)) return refused('notAllowed')
      const done = await verb(tx, held, { body: ask.body as unknown as BodyOf<R>, now }, { tenant, actor, now })
      if (isRefused(done)) return done
      await announce(tx, done.pending)
      return done.case
    })
    if (!isRefused(answer)) shop.wake(tenant)
    return answer
  })
}

function serveReading({ serve, db }: Shop): void {
  serve(wire.communityCases, ({ reader, query }) => kept.casesFor(db, reader, query))
  serve(wire.communityCard, (ask) =>
    db.transaction((tx) => cardFor(tx, ask), { isolationLevel: 'repeatable read', accessMode: 'read only' }),
  )
  serve(wire.coverage, async ({ reader, now }) => {
    const { cases, episodes } = await kept.coverageFacts(db, reader, now - COUNTED_MS)
    return { at: now, ...coverageOf(cases, episodes, now) }
  })
}

async function cardFor(tx: Tx, { tenant, reader, params, now }: Ask<typeof wire.communityCard>) {
  const community = await kept.communityById(tx, tenant, params.id)
  if (!community) return refused('unknown')
  const row = await kept.caseOf(tx, community.id)
  const engagements = await kept.engagementsAt(tx, community.id)
  const seen = engagements.filter((one) =>
    may(reader.grants, 'engagement.read', {
      ...subjectOfCase(row ?? freshCase(community, now)),
      firmIds: [one.firmId],
    }),
  )
  // A firm that is asked to serve a community may read what it is asked to serve.
  const mayRead = permits(reader, 'community.read', row ?? freshCase(community, now)) || seen.length > 0
  if (!mayRead) return refused('unknown')
  const { contract } = await contracts.riskFactsOf(tx, community.id)
  const log = await logOf(tx, 'community', community.id)
  const named = [
    community.firmId,
    row?.formerFirmId ?? null,
    contract?.firmId ?? null,
    ...seen.map(({ firmId }) => firmId),
  ]
  return {
    community,
    case: row,
    contract,
    notices: await contracts.noticesOf(tx, community.id),
    episodes: await kept.episodesOf(tx, community.id),
    engagements: seen,
    log,
    firms: await kept.firmsByIds(tx, named),
    names: await namesIn(tx, [...log.map(({ actor }) => actor), row?.declaredBy ?? null]),
  }
}

function serveFacts(shop: Shop): void {
  serveVerb(shop, wire.communityFacts, 'community.keep', async (tx, held, { body }, act) => {
    const before = held.case
    const given = withoutHoles(body)
    const after: CommunityCase = { ...before, ...given }
    // Another maintenance contract has an end of its own to be warned of.
    if (after.needs.liftMaintenanceUntil !== before.needs.liftMaintenanceUntil)
      after.alarmed = before.alarmed.filter((kind) => kind !== 'liftMaintenanceEnding')
    return changeCase(tx, held, { after, kind: 'facts', detail: given }, act)
  })
  serveVerb(shop, wire.refuseCollected, 'community.keep', async (tx, held, { body, now }, act) =>
    recordRefuse(tx, held, body.at ?? now, act),
  )
}

function serveStatus(shop: Shop): void {
  serveVerb(shop, wire.declareAtRisk, 'community.declare', async (tx, held, { body: { reason } }, act) => {
    const riskReasons = [...held.case.riskReasons, 'declared' as const]
    return moveCommunity(tx, { ...held, case: { ...held.case, riskReasons } }, { event: 'warn', reason }, act)
  })
  serveVerb(shop, wire.calmCommunity, 'community.declare', async (tx, held, { body: { reason } }, act) => {
    const riskReasons = held.case.riskReasons.filter((one) => one !== 'declared')
    // What the dates say is not for anybody to declare away: the contract or the notice must be put right.
    if (held.case.status !== 'at_risk' || riskReasons.length > 0) return refused('wrongStage')
    return moveCommunity(tx, { ...held, case: { ...held.case, riskReasons } }, { event: 'calm', reason }, act)
  })
  serveVerb(shop, wire.declareUnmanaged, 'community.declare', async (tx, held, { body }, act) =>
    moveCommunity(tx, held, { event: 'declare', reason: body.reason, since: body.since }, act),
  )
  serveVerb(shop, wire.settleCommunity, 'community.declare', async (tx, held, { body }, act) => {
    const { outcome, firmId = null, reason } = body
    // While a provider serves it, the hand-over of its engagement is the way.
    if (held.case.engagementId !== null) return refused('wrongStage')
    if (outcome === 'managed' && firmId === null) return refused('badRequest')
    if (firmId !== null && !(await kept.isFirm(tx, act.tenant, firmId))) return refused('unknown')
    const cleared = await clearTheWay(tx, held, reason, act)
    const step = outcome === 'managed' ? { event: 'hire' as const, firmId } : { event: 'selfManage' as const }
    const moved = await moveCommunity(tx, held, { ...step, reason }, act)
    return moved.ok ? { ...moved, pending: pending(cleared, moved.pending) } : moved
  })
}
