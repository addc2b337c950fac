import { m } from '#console/lib/paraglide/messages.js'
import type { LeaveKind, RosterRunStatus, RosterStatus } from '#domain/duty-roster.ts'
import type { CoverStatus, DutyNoticeKind, DutyShiftStatus, SwapStatus } from '#domain/duty-shift.ts'
import type { ContractMode, HourCycle, Hurt } from '#domain/roster/model.ts'
import type { RuleKey } from '#domain/roster/rules.ts'
import type { VolunteerServiceStatus } from '#domain/volunteers.ts'

/** The roster module's words in the language of the page. A word without a text does not compile. */
export const rosterWords = {
  status: (word: RosterStatus) => m[`roster_status_${word}`](),
  run: (word: RosterRunStatus) => m[`roster_run_${word}`](),
  rule: (word: RuleKey) => m[`rosterRule_${word}`](),
  mode: (word: ContractMode) => m[`roster_mode_${word}`](),
  cycle: (word: HourCycle) => m[`roster_cycle_${word}`](),
  leave: (word: LeaveKind) => m[`roster_leave_${word}`](),
  shift: (word: DutyShiftStatus) => m[`shift_${word}`](),
  cover: (word: CoverStatus) => m[`shiftCover_${word}`](),
  swap: (word: SwapStatus) => m[`shiftSwap_${word}`](),
  notice: (word: DutyNoticeKind) => m[`shiftNotice_${word}`](),
  service: (word: VolunteerServiceStatus) => m[`teamService_${word}`](),
}

/** One decimal where the amount has a broken part. */
export const amountText = (amount: number): string =>
  Number.isInteger(amount) ? String(amount) : (Math.round(amount * 10) / 10).toString()

/** What one rule says of one place, with how much. */
export const hurtSentence = ({ rule, amount }: Pick<Hurt, 'rule' | 'amount'>): string =>
  m[`rosterRuleSays_${rule}`]({ n: amountText(amount) })

/** Whole percent, rounded down; a dash where there is nothing to take a share of. */
export const percent = (share: number | null): string => (share === null ? '–' : `${Math.floor(100 * share)} %`)
