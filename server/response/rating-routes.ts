import { randomUUID } from 'node:crypto'
import { type Action, may } from '#domain/access.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { rate } from '#domain/pool-steps.ts'
import type { Rating } from '#domain/rating.ts'
import { isRefused, notNow, refused } from '#domain/refusal.ts'
import { carryOut } from '#server/commands.ts'
import { keepEntry } from '#server/engagements/pool.ts'
import { entryOfFirm, firmForUpdate } from '#server/engagements/pool-queries.ts'
import { announce } from '#server/engagements/record.ts'
import { subjectOfPool } from '#server/feed/entitled-emergency.ts'
import type { Ask, Reader, Shop } from '#server/serving.ts'
import * as wire from '#wire/routes/ratings.ts'
import * as kept from './rating-queries.ts'
import { emptyProposal, evidenceOf, type Proposal, proposalsOf } from './ratings.ts'
import type { Response } from './response.ts'

/** When to ask again while the copy is built for the first time. */
const BUILDING_RETRY_MS = 2_000

type RatingShop = Shop & { response: Response }

/** A firm outside the pool is nobody's at home: the city's alone, and its own. */
const permits = (reader: Reader, action: Action, firmId: string, entry: PoolEntry | null): boolean =>
  may(reader.grants, action, entry ? subjectOfPool(entry) : { tenant: reader.tenant, firmIds: [firmId] })

export function ratingRoutes(shop: RatingShop): void {
  serveReading(shop)
  serveDeciding(shop)
}

function serveReading({ db, serve, response }: RatingShop): void {
  serve(wire.ratings, async ({ tenant, reader, query, now }) => {
    const month = await kept.monthOf(db, tenant, query.period)
    if (!month) return refused('unknown')
    const proposals = await response.ask(tenant, (reading) => proposalsOf(reading, month, now))
    if (!proposals) return notNow('starting', BUILDING_RETRY_MS)
    const byFirm = new Map(proposals.map((proposal) => [proposal.firmId, proposal]))
    const decided = await kept.decidedIn(db, tenant, query.period)
    const firms = await kept.firmsWithEntries(db, tenant)
    const mine = firms.filter(({ firm, entry }) => permits(reader, 'pool.read', firm.id, entry))
    const lines = mine
      .filter(({ firm, entry }) => entry !== null || byFirm.has(firm.id) || decided.has(firm.id))
      .map(({ firm, entry }) => {
        const { result, rates, stamp } = byFirm.get(firm.id) ?? emptyProposal(firm.id, month)
        const { id: entryId = null, yellowSince = null } = entry ?? {}
        return { firm, ...result, rates, stamp, entryId, yellowSince, decided: decided.get(firm.id) ?? null }
      })
    return { period: query.period, rules: month.rules, lines }
  })
  serve(wire.firmRatings, async ({ tenant, reader, params }) => {
    const firms = await kept.firmsWithEntries(db, tenant)
    const found = firms.find(({ firm }) => firm.id === params.id)
    if (!found || !permits(reader, 'pool.read', params.id, found.entry)) return refused('unknown')
    return kept.ratingsOfFirm(db, tenant, params.id)
  })
}

/** RG3: the officer decides on figures that they have seen; what is confirmed reaches the pool in the same transaction. */
function serveDeciding(shop: RatingShop): void {
  shop.serve(wire.decideRating, async (ask) => {
    const { db, response } = shop
    const { tenant, body, now } = ask
    const month = await kept.monthOf(db, tenant, body.period)
    if (!month || month.from > now) return refused('unknown')
    const figured = await response.ask(tenant, async (reading) => {
      const proposals = await proposalsOf(reading, month, now)
      const proposal = proposals.find(({ firmId }) => firmId === body.firmId) ?? emptyProposal(body.firmId, month)
      return { proposal, evidence: await evidenceOf(db, reading, { tenant, month, proposal, now }) }
    })
    if (!figured) return notNow('starting', BUILDING_RETRY_MS)
    const { proposal, evidence } = figured
    const { score, band, triggers } = proposal.result
    const answer = await carryOut(db, ask.command, now, async (tx) => {
      const firm = await firmForUpdate(tx, tenant, body.firmId)
      if (!firm) return refused('unknown')
      const entry = await entryOfFirm(tx, tenant, body.firmId)
      const barred = barOf(ask, entry, proposal)
      if (barred) return barred
      const isConfirmed = body.verdict === 'confirmed'
      const lit = isConfirmed && (band === 'fail' || body.light)
      const rating: Rating = {
        ...{ id: randomUUID(), tenant, firmId: firm.id, period: body.period, rules: month.rules },
        ...{ score, band, triggers, evidence, verdict: body.verdict, lit, reason: body.reason },
        ...{ decidedBy: ask.actor, decidedAt: now },
      }
      await kept.saveRating(tx, rating)
      if (entry && isConfirmed) {
        const { actor } = ask
        const after = rate(entry, band, lit, { actor, reason: body.reason, now })
        const change = { before: entry, after, kind: 'rating' as const, reason: body.reason }
        await announce(tx, await keepEntry(tx, change, { tenant, actor, now }))
      }
      return rating
    })
    if (!isRefused(answer)) shop.wake(tenant)
    return answer
  })
}

/** Why it may not be decided: it is not theirs, the figures are others, nothing is known, or a reason is missing. */
function barOf({ body, reader }: Ask<typeof wire.decideRating>, entry: PoolEntry | null, { stamp, result }: Proposal) {
  if (!permits(reader, 'pool.read', body.firmId, entry)) return refused('unknown')
  if (!permits(reader, 'pool.review', body.firmId, entry)) return refused('notAllowed')
  if (stamp !== body.stamp) return refused('previewStale')
  const isConfirmed = body.verdict === 'confirmed'
  if (isConfirmed && result.band === null) return refused('tooFewTickets')
  const isWeighty = !isConfirmed || body.light || result.band === 'fail'
  return isWeighty && (body.reason === null || body.reason.trim() === '') ? refused('missingReason') : null
}
