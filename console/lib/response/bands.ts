import { LEAST_KNOWN, type Metric, SHARES } from '#domain/response.ts'
import type { Figure } from './figured.ts'
import type { Statistic } from './question.ts'

/** Bands of a colour: of times the third ends at the promise, so that the promise itself is a change of colour. */
export const BANDS = 6
/** Ends of the first five bands as shares of the promise; the last is open. */
const ENDS = [0.4, 0.7, 1, 1.6, 3] as const
/** Where each band of a share begins, best first; the last is below them all. */
export const SHARE_BANDS = [0.95, 0.9, 0.8, 0.65, 0.5] as const

/** What a stage is measured against, in seconds; stages without a promise of their own take the five minutes. */
export function promiseS(metric: Metric): number {
  const share = Object.values(SHARES).find((each) => each.metric === metric)
  return (share ?? SHARES.fiveMinutes).withinMs / 1_000
}

/** Where each band ends, in seconds. */
export const endsOf = (metric: Metric): number[] => ENDS.map((share) => share * promiseS(metric))

type Asked = { metric: Metric; statistic: Statistic }

/** 0…5, best first; null = unknown: nobody, or too few to say anything (drawn hatched, never as fast). */
export function bandOf({ value, n }: Figure, { metric, statistic }: Asked): number | null {
  if (value === null || n < LEAST_KNOWN) return null
  const band =
    statistic === 'kept'
      ? SHARE_BANDS.findIndex((from) => value >= from)
      : endsOf(metric).findIndex((end) => value <= end)
  return band < 0 ? BANDS - 1 : band
}

/** A tenth or a quarter longer, five or twelve points of a share: from there on it is told. */
const CHANGES = { times: [-0.25, -0.1, 0.1, 0.25], share: [-0.12, -0.05, 0.05, 0.12] } as const

/** The change against what stands beside, 0…4: clearly better, better, alike, worse, clearly worse; null = one of the two is unknown. */
export function changeBandOf(now: Figure, before: Figure, statistic: Statistic): number | null {
  if (now.value === null || before.value === null || now.n < LEAST_KNOWN || before.n < LEAST_KNOWN) return null
  const isShare = statistic === 'kept'
  const change = isShare ? before.value - now.value : (now.value - before.value) / Math.max(1, before.value)
  const ends = isShare ? CHANGES.share : CHANGES.times
  const band = ends.findIndex((end) => change <= end)
  return band < 0 ? ends.length : band
}

/** How much of its cell a figure fills: few tickets look small, and a hundred fill it. */
export const fillOf = (n: number): number => Math.min(1, 0.35 + 0.65 * Math.sqrt(n / 100))
