/** 履约评价: how well a firm kept the promise in a month, from its three rates (rules RG1…). */
import type { Instant } from './instant.ts'
import { wilson } from './intervals.ts'
import { RATES, type Rate } from './response.ts'
import type { RatingBand } from './services.ts'
import type { Actor } from './ticket.ts'

/** How rates become a result. Configuration of the city; another version is another way of counting, and a rating keeps its own. */
export interface RatingRules {
  version: string
  weights: Record<Rate, number>
  /** Of fewer than so many a rate says nothing, and a firm without all three has no rating. */
  leastN: number
  /** Lowest score, 0–100, of each band; below them all is a fail. */
  from: Record<Exclude<RatingBand, 'fail'>, number>
  /** A rate, 0–100, that lies below for certain proposes the yellow light, whatever the score. */
  floors: Record<Rate, number>
}

/** Weights as 12345 lines use them (DOMAIN §2.3: 30/35/35). */
export const RATING_DEFAULTS: Readonly<RatingRules> = {
  version: '2023-1',
  weights: { response: 30, solution: 35, satisfaction: 35 },
  leastN: 10,
  from: { excellent: 90, good: 80, pass: 60 },
  floors: { response: 50, solution: 50, satisfaction: 50 },
}

export const ratingRules = (own: Partial<RatingRules> | undefined): RatingRules => ({ ...RATING_DEFAULTS, ...own })

export type RateCounts = Record<Rate, { n: number; kept: number }>

/** Why the yellow light is proposed: the score, or a rate with where it lies (all 0–100). */
export type LightTrigger =
  | { kind: 'failed'; score: number; from: number }
  | { kind: 'belowFloor'; rate: Rate; value: number; high: number; floor: number }

export interface Result {
  /** 0–100; null = too little is known. */
  score: number | null
  band: RatingBand | null
  /** Rates of which there are too few. */
  missing: Rate[]
  /** None = no light is proposed. */
  triggers: LightTrigger[]
}

const percent = (share: number) => Math.round(10_000 * share) / 100

/** RG1, RG2: the weighted mean of the three rates, its band, and what speaks for a yellow light; without a rating nothing does. */
export function resultOf(counts: RateCounts, rules: RatingRules): Result {
  const missing = RATES.filter((rate) => counts[rate].n < rules.leastN)
  if (missing.length > 0) return { score: null, band: null, missing, triggers: [] }
  const score = scoreOf(counts, rules)
  const band = bandOf(score, rules)
  const failed: LightTrigger[] = band === 'fail' ? [{ kind: 'failed', score, from: rules.from.pass }] : []
  return { score, band, missing, triggers: [...failed, ...RATES.flatMap((rate) => floorTrigger(rate, counts, rules))] }
}

function scoreOf(counts: RateCounts, { weights }: RatingRules): number {
  const all = RATES.reduce((sum, rate) => sum + weights[rate], 0)
  const kept = RATES.reduce((sum, rate) => sum + (weights[rate] * counts[rate].kept) / counts[rate].n, 0)
  return percent(kept / all)
}

function bandOf(score: number, { from }: RatingRules): RatingBand {
  if (score >= from.excellent) return 'excellent'
  if (score >= from.good) return 'good'
  return score >= from.pass ? 'pass' : 'fail'
}

/** RG2: by its upper limit: bad luck with a few tickets lights nothing. */
function floorTrigger(rate: Rate, counts: RateCounts, { floors }: RatingRules): LightTrigger[] {
  const { n, kept } = counts[rate]
  const high = percent(wilson(kept, n)?.high ?? 1)
  if (high >= floors[rate]) return []
  return [{ kind: 'belowFloor', rate, value: percent(kept / n), high, floor: floors[rate] }]
}

/** A figure of the rating as the officer saw it. */
export interface RatedRate {
  n: number
  kept: number
  /** 0–1; null = of nobody. */
  low: number | null
  high: number | null
  excluded: { reason: string; n: number }[]
}

/** 项目: the firm in one community. */
export interface RatedProject extends Pick<Result, 'score' | 'band'> {
  communityId: string
  n: number
}

export interface RatingEvidence {
  rates: Record<Rate, RatedRate>
  /** Worst first; those of which enough is known. */
  projects: RatedProject[]
  /** Slowest broken promises of the month. */
  tickets: { id: string; number: number; seconds: number | null }[]
}

export const RATING_VERDICTS = ['confirmed', 'dismissed'] as const
export type RatingVerdict = (typeof RATING_VERDICTS)[number]

/** What an officer has made of a proposal: the row, and the payload. Never changed; a later look at the same month is another row. */
export interface Rating extends Pick<Result, 'score' | 'band' | 'triggers'> {
  id: string
  tenant: string
  firmId: string
  /** `YYYY-MM`, by the city's calendar. */
  period: string
  rules: RatingRules
  evidence: RatingEvidence
  verdict: RatingVerdict
  /** Whether it lit the yellow light. */
  lit: boolean
  reason: string | null
  decidedBy: Actor
  decidedAt: Instant
}

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/

/** First days of a month and of the next, as a calendar writes them; null = no month. */
export function monthDays(period: string): { first: string; next: string } | null {
  const found = MONTH.exec(period)
  if (!found) return null
  const [year, month] = [Number(found[1]), Number(found[2])]
  const next = month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`
  return { first: `${period}-01`, next: `${next}-01` }
}
