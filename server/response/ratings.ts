import { createHash } from 'node:crypto'
import type { Db } from '#db/connect.ts'
import type { Instant } from '#domain/instant.ts'
import { wilson } from '#domain/intervals.ts'
import { type RatedRate, type RatingEvidence, type Result, resultOf } from '#domain/rating.ts'
import { RATES } from '#domain/response.ts'
import { type Question, questionOf } from '#domain/response-question.ts'
import type { RatesRow } from '#wire/routes/response.ts'
import { breachesOf } from './breaches.ts'
import { idsOf } from './drill.ts'
import { ratesOf } from './rates.ts'
import type { Month } from './rating-queries.ts'
import type { CopyReading } from './response.ts'

/** A firm's month as the figures say it. */
export interface Proposal {
  firmId: string
  result: Result
  rates: RatingEvidence['rates']
  stamp: string
}

const MOST_TICKETS = 5

/** RG1: every firm that had tickets in the month, by the whole city, whoever looks. */
export async function proposalsOf(reading: CopyReading, month: Month, now: Instant): Promise<Proposal[]> {
  const answer = await ratesOf(reading, { question: asked(month, { by: 'provider' }), grants: 'everything', now })
  return (answer?.rows ?? []).filter(({ key }) => key !== '').map((row) => proposalOf(row, month))
}

/** Nobody called for it: there is nothing to rate. */
export const emptyProposal = (firmId: string, month: Month): Proposal =>
  proposalOf({ key: firmId, rates: NO_RATES }, month)

const NO_RATES = Object.fromEntries(
  RATES.map((rate) => [rate, { n: 0, kept: 0, excluded: [] }]),
) as unknown as RatesRow['rates']

function proposalOf({ key, rates }: Pick<RatesRow, 'key' | 'rates'>, { period, rules }: Month): Proposal {
  const counts = RATES.map((rate) => `${rates[rate].kept}/${rates[rate].n}`)
  const stamp = createHash('sha256')
    .update(JSON.stringify([period, key, rules, counts]))
    .digest('hex')
    .slice(0, 32)
  const rated = RATES.map((rate) => {
    const { n, kept, excluded } = rates[rate]
    return [rate, { n, kept, excluded, ...(wilson(kept, n) ?? { low: null, high: null }) } satisfies RatedRate] as const
  })
  return {
    firmId: key,
    result: resultOf(rates, rules),
    rates: Object.fromEntries(rated) as RatingEvidence['rates'],
    stamp,
  }
}

/** What is kept beside a decision: rates, the firm's communities, its slowest broken promises. */
export async function evidenceOf(
  db: Db,
  reading: CopyReading,
  { tenant, month, proposal, now }: { tenant: string; month: Month; proposal: Proposal; now: Instant },
): Promise<RatingEvidence> {
  const { firmId, rates } = proposal
  const reach = { grants: 'everything' as const, now }
  const mine = { provider: firmId }
  const projects = await ratesOf(reading, { question: asked(month, { ...mine, by: 'community' }), ...reach })
  const broken = await breachesOf(reading, {
    ...{ question: asked(month, mine), ...reach },
    ...{ cause: null, offset: 0, limit: MOST_TICKETS },
  })
  const slowest = broken?.breaches ?? []
  const ids = await idsOf(db, tenant, slowest)
  return {
    rates,
    projects: (projects?.rows ?? [])
      .map((row) => ({ row, result: resultOf(row.rates, month.rules) }))
      .filter(({ result }) => result.score !== null)
      .map(({ row, result: { score, band } }) => ({ communityId: row.key, n: row.n, score, band }))
      .sort((a, b) => (a.score ?? 0) - (b.score ?? 0)),
    tickets: slowest.map(({ number, arrived }) => ({ id: ids.get(number) ?? '', number, seconds: arrived })),
  }
}

function asked({ from, to }: Month, more: Parameters<typeof questionOf>[0]): Question {
  const question = questionOf({ ...more, from, to })
  if (!question) throw new Error('a month is a question')
  return question
}
