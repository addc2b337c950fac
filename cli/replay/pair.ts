import { badUsage, type NotDone, notDone } from '#cli/outcome.ts'
import { type Instant, MINUTE_MS } from '#domain/instant.ts'
import type { ClockFace } from '#wire/routes/system.ts'

/** Which clock a replay asks for: `--shift-to now` and `--speed`. */
export interface AskedPair {
  shiftToNow: boolean
  speed: number
}

/** First and last moments of the files, by the files' own dates. */
export interface FileSpan {
  file: string
  first: Instant
  last: Instant
}

/** A clock started to the minute is meant to be the files'. */
const TOLERANCE_MS = MINUTE_MS

/** IM7: what can be refused before any server is asked. */
export function pairProblem({ shiftToNow, speed }: AskedPair): NotDone | null {
  if (!shiftToNow || speed === 1) return null
  return notDone(
    'clockMismatch',
    `--shift-to now lays the files on the clock of a live server, which runs at real speed: --speed ${speed} would leave it behind. ` +
      'Leave --speed out, or start a server for the replay (see --help) and leave --shift-to out.',
  )
}

/**
 * IM7: the moment on which each file's first row is laid. The judged rules stay as they are, so time must move with the files: a
 * live server takes them only from now on and at real speed, any other speed needs a server whose clock was started for them.
 */
export function layOn(
  pair: AskedPair,
  clock: ClockFace,
  spans: readonly FileSpan[],
): { ok: true; base: Instant } | NotDone {
  const problem = pairProblem(pair)
  if (problem) return problem
  if (spans.length === 0) return badUsage('name --fixes, --tickets or both')
  const first = Math.min(...spans.map((span) => span.first))
  if (pair.shiftToNow)
    return clock.startedFrom === null
      ? { ok: true, base: clock.now }
      : notDone(
          'clockMismatch',
          `--shift-to now needs a live server; this one's clock was started from ${iso(clock.startedFrom)} at ${clock.speed} × real speed`,
        )
  if (clock.startedFrom === null)
    return notDone(
      'clockMismatch',
      `this is a live server: its clock cannot follow files that begin at ${iso(first)}. ${howTo(first, pair.speed)}`,
    )
  if (clock.speed !== pair.speed)
    return notDone(
      'clockMismatch',
      `this server's clock runs at ${clock.speed} × real speed, --speed says ${pair.speed}`,
    )
  const from = clock.startedFrom
  if (!spans.some((span) => Math.abs(span.first - from) <= TOLERANCE_MS))
    return notDone(
      'clockMismatch',
      `this server's clock was started from ${iso(from)}, the files begin at ${iso(first)}. ${howTo(first, pair.speed)}`,
    )
  // Whoever comes late catches up: what is due by then is sent at once, each row still at its own moment.
  return { ok: true, base: from }
}

const iso = (at: Instant) => new Date(at).toISOString()

const howTo = (first: Instant, speed: number) =>
  `Start one for the replay: npx hongguan start --clock ${iso(first)} --speed ${speed}${speed === 1 ? ' (or use --shift-to now)' : ''}`
