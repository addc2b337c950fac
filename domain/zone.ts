import { DAY_MS, type Instant } from './instant.ts'

/** No zone changes its clock in between: Lord Howe's half hour and Kathmandu's quarters are multiples of it. */
const STEP_MS = 15 * 60_000

/**
 * Local time to a moment, by the runtime's own table of zones. An hour that comes twice in autumn is taken the first time;
 * one that spring leaves out is read with the clock as it was before (02:30 becomes 03:30).
 */
export function localToInstant(timeZone: string): (local: number) => Instant {
  const offsetAt = zoneOffsets(timeZone)
  return (local) => {
    const before = offsetAt(local - DAY_MS)
    const after = offsetAt(local + DAY_MS)
    if (before === after && offsetAt(local - before) === before) return local - before
    const fitting = [before, after].map((offset) => local - offset).filter((at) => local - at === offsetAt(at))
    return fitting.length > 0 ? Math.min(...fitting) : local - before
  }
}

/** How far a zone's clock is ahead of UTC at a moment, in milliseconds. */
export function zoneOffsets(timeZone: string): (at: Instant) => number {
  const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', second: 'numeric', ...digits })
  const known = new Map<number, number>()
  return (at) => {
    const step = Math.floor(at / STEP_MS)
    const cached = known.get(step)
    if (cached !== undefined) return cached
    const start = step * STEP_MS
    const said: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(start)) said[type] = Number(value)
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = said
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - start
    known.set(step, offset)
    return offset
  }
}
