import type { Instant } from './instant.ts'
import type { LocalDay } from './roster/model.ts'
import type { Skill } from './units.ts'

/**
 * A shift of a published roster, as it is lived.
 *
 *            take           start          end
 *   open ──────────► confirmed ──► started ──► ended
 *    │                 │   │ miss      ▲
 *    │ release         │   └────► noShow (late start, while nobody covers)
 *    └──► released ◄───┘ release      │ cover
 *                                     └──► covered
 */
export const DUTY_SHIFT_STATUSES = ['open', 'confirmed', 'started', 'ended', 'noShow', 'covered', 'released'] as const
export type DutyShiftStatus = (typeof DUTY_SHIFT_STATUSES)[number]

export const DUTY_SHIFT_EVENTS = ['take', 'start', 'end', 'miss', 'cover', 'release'] as const
export type DutyShiftEvent = (typeof DUTY_SHIFT_EVENTS)[number]

export interface DutyShift {
  id: string
  tenant: string
  rosterId: string
  clusterId: string
  subdistrictCodes: string[]
  /** null = nobody holds it. */
  unitId: string | null
  day: LocalDay
  /** The id of its shift kind. */
  kind: string
  skill: Skill | null
  startsAt: Instant
  endsAt: Instant
  countedMinutes: number
  status: DutyShiftStatus
  /** The shift whose gap this one fills. */
  coversId: string | null
  startedAt: Instant | null
  endedAt: Instant | null
  /** Metres from the home of the cluster when it began; null = no consent, or no place known. */
  startDistanceM: number | null
  /** Said by the supervisor for the person. */
  startedFor: boolean
  noShowAt: Instant | null
  /** The next moment the engine has to look at it; null = none. */
  nextTimerAt: Instant | null
  /** Its gap is being offered round. */
  isCovering: boolean
  updatedAt: Instant
}

/** Statuses in which a shift is somebody's work. */
export const HELD = ['confirmed', 'started', 'ended'] as const satisfies readonly DutyShiftStatus[]

export const COVER_STATUSES = ['offered', 'accepted', 'declined', 'expired', 'withdrawn'] as const
export type CoverStatus = (typeof COVER_STATUSES)[number]

/** One person asked to fill one gap. */
export interface CoverOffer {
  id: string
  tenant: string
  shiftId: string
  clusterId: string
  subdistrictCodes: string[]
  unitId: string
  rank: number
  status: CoverStatus
  offeredAt: Instant
  expiresAt: Instant
  answeredAt: Instant | null
}

export const SWAP_STATUSES = ['proposed', 'agreed', 'done', 'declined', 'refused', 'withdrawn', 'expired'] as const
export type SwapStatus = (typeof SWAP_STATUSES)[number]

/** A shift given away, or changed for another's: proposed by one, agreed by the other, let pass by the rules, approved where that is set. */
export interface DutySwap {
  id: string
  tenant: string
  clusterId: string
  subdistrictCodes: string[]
  kind: 'swap' | 'give'
  shiftId: string
  unitId: string
  /** Of a swap: what comes back. */
  otherShiftId: string | null
  /** null = whoever of the cluster comes first. */
  otherUnitId: string | null
  note: string | null
  status: SwapStatus
  proposedAt: Instant
  /** It falls when the earlier of its shifts begins. */
  expiresAt: Instant
  agreedAt: Instant | null
  decidedAt: Instant | null
  /** Why it was refused: the code of a rule, or the supervisor's words. */
  why: string | null
}

/** What a shift leaves to the next: its words and the tickets still open. */
export interface HandOver {
  shiftId: string
  tenant: string
  clusterId: string
  subdistrictCodes: string[]
  unitId: string
  note: string
  tickets: { id: string; number: number; status: string }[]
  writtenAt: Instant | null
  /** It should have been begun by then. */
  dueAt: Instant
  takenAt: Instant | null
  takenBy: string | null
  takenShiftId: string | null
}

export const NOTICE_KINDS = [
  'shiftGiven',
  'shiftTaken',
  'coverOffered',
  'coverClosed',
  'swapProposed',
  'swapDone',
  'swapClosed',
  'slotOffered',
  'hoursRecorded',
] as const
export type DutyNoticeKind = (typeof NOTICE_KINDS)[number]

/** What is told to one person on their own page. */
export interface DutyNotice {
  id: string
  tenant: string
  unitId: string
  kind: DutyNoticeKind
  at: Instant
  shiftId: string | null
  day: string | null
  shiftKind: string | null
  readAt: Instant | null
}
