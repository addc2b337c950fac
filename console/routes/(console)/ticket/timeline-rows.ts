import type { LogEntry } from '#domain/ticket.ts'

export interface TimelineRow {
  entry: LogEntry
  /** Since the entry before; null for the first. */
  tookMs: number | null
  /** The solve clock was paused from here to the next entry. */
  isPausedAfter: boolean
}

/** The log with how long each stage took and where the clock stood still. */
export function timelineRows(log: readonly LogEntry[]): TimelineRow[] {
  let isPaused = false
  return log.map((entry, n) => {
    if (entry.kind === 'suspend') isPaused = true
    if (entry.kind === 'resume' || entry.kind === 'reopen' || entry.kind === 'cancel') isPaused = false
    const before = log[n - 1]
    return { entry, tookMs: before ? entry.at - before.at : null, isPausedAfter: isPaused }
  })
}
