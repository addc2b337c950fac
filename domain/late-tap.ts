import { HOUR_MS, type Instant, SECOND_MS } from './instant.ts'
import type { Decided } from './ticket-step.ts'

/** A phone in a tunnel tells its steps when it is out again. How far its word on when they were tapped is taken. */
export const TAP = {
  /** Told within this it was told at once; a clock may be off by as much. */
  promptMs: 10 * SECOND_MS,
  /** A tap told later than this says nothing any more about a promise of minutes. */
  oldestMs: HOUR_MS,
}

/** Why a claimed moment is not taken as the step's own. */
export type TapDoubt = 'future' | 'beforeLastStep' | 'tooOld'

export interface StepMoment {
  /** What the step counts from. */
  at: Instant
  /** null = told at once, or by somebody who claims no other moment. */
  tap: { takenAt: Instant; deliveredAt: Instant; doubt: TapDoubt | null } | null
}

/** The claimed moment was taken. */
export const isLate = ({ tap }: StepMoment): boolean => tap !== null && tap.doubt === null

/** TK23: a step counts from its tap, unless that lies ahead, before the step it follows, or too far back. */
export function momentOfTap(takenAt: Instant | undefined, lastStepAt: Instant, now: Instant): StepMoment {
  if (takenAt === undefined || Math.abs(now - takenAt) <= TAP.promptMs) return { at: now, tap: null }
  const doubt = doubtOf(takenAt, lastStepAt, now)
  const at = doubt === null ? Math.max(takenAt, lastStepAt) : now
  return { at, tap: { takenAt, deliveredAt: now, doubt } }
}

function doubtOf(takenAt: Instant, lastStepAt: Instant, now: Instant): TapDoubt | null {
  if (takenAt > now) return 'future'
  if (now - takenAt > TAP.oldestMs) return 'tooOld'
  return takenAt < lastStepAt - TAP.promptMs ? 'beforeLastStep' : null
}

/** TK23: what was decided as of the tap, with both moments in its log row; the ticket itself changes now. */
export function toldLater(decided: Decided, moment: StepMoment, now: Instant): Decided {
  const { tap } = moment
  if (tap === null) return decided
  const { entry, ticket } = decided
  const grade = entry.grade ?? (isLate(moment) ? 'lateReport' : null)
  return {
    ok: true,
    ticket: { ...ticket, updatedAt: now },
    entry: { ...entry, grade, detail: { ...entry.detail, tap } },
  }
}
