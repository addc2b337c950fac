import { HOUR_MS, type Instant } from '#domain/instant.ts'

/** No divisor of the day: over the weeks both halves see every hour of the day and every day of the week. */
const BLOCK_MS = 5 * HOUR_MS

/** What is learned from is not judged by: every second five hours since the first call. */
export const everySecondBlock =
  (first: Instant) =>
  (at: Instant): boolean =>
    Math.floor((at - first) / BLOCK_MS) % 2 === 0
