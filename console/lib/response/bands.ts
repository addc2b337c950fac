import { LEAST_KNOWN, type Metric, SHARES } from '#domain/response.ts'

/** Bands of a colour: the third ends at the promise, so that the promise itself is a change of colour. */
export const BANDS = 6
/** Ends of the first five bands as shares of the promise; the last is open. */
const ENDS = [0.4, 0.7, 1, 1.6, 3] as const

/** What a stage is measured against, in seconds; stages without a promise of their own take the five minutes. */
export function promiseS(metric: Metric): number {
  const share = Object.values(SHARES).find((each) => each.metric === metric)
  return (share ?? SHARES.fiveMinutes).withinMs / 1_000
}

/** Where each band ends, in seconds. */
export const endsOf = (metric: Metric): number[] => ENDS.map((share) => share * promiseS(metric))

/** 0…5; null = unknown: nobody, or too few to say anything (drawn hatched, never as fast). */
export function bandOf(seconds: number | null, n: number, metric: Metric): number | null {
  if (seconds === null || n < LEAST_KNOWN) return null
  const band = endsOf(metric).findIndex((end) => seconds <= end)
  return band < 0 ? BANDS - 1 : band
}

/** The change against the period before, 0…4: clearly faster, faster, alike, slower, clearly slower; null = one of the two is unknown. */
export function changeBandOf(
  now: { seconds: number | null; n: number },
  before: { seconds: number | null; n: number },
): number | null {
  if (now.seconds === null || before.seconds === null || now.n < LEAST_KNOWN || before.n < LEAST_KNOWN) return null
  const change = (now.seconds - before.seconds) / Math.max(1, before.seconds)
  const ends = [-0.25, -0.1, 0.1, 0.25]
  const band = ends.findIndex((end) => change <= end)
  return band < 0 ? ends.length : band
}

/** How much of its cell a figure fills: few tickets look small, and a hundred fill it. */
export const fillOf = (n: number): number => Math.min(1, 0.35 + 0.65 * Math.sqrt(n / 100))
