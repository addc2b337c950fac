import type {
  DutyCluster,
  DutyPerson,
  KeptRoster,
  KeptShiftKind,
  LeaveRecord,
  PersonFixed,
  PersonWish,
  RosterHead,
  RosterPublication,
  RosterRun,
} from '#domain/duty-roster.ts'
import type { CoverOffer, DutyNotice, DutyShift, DutySwap, HandOver } from '#domain/duty-shift.ts'
import type { Instant } from '#domain/instant.ts'
import type { HourProposed } from '#domain/roster/demand.ts'
import type { Leave, LocalDay, RosterEntry, RosterProblem, RosterScore, SkillCover } from '#domain/roster/model.ts'
import type { RuleKey } from '#domain/roster/rules.ts'
import type { EmptySlot } from '#domain/roster-explained.ts'
import type { Skill, UnitKind } from '#domain/units.ts'

/** A person of a roster as its readers see them. Protection is told only to who makes rosters, and to the person. */
export interface PersonCard extends Omit<DutyPerson, 'protections'> {
  callsign: string
  kind: UnitKind
  skills: Skill[]
  homeCommunityId: string | null
  /** Left out for who may not know. */
  protections?: DutyPerson['protections']
}

/** One person with everything that is known of their time; kinds and reasons of leave only for the person. */
export interface PersonFile {
  person: PersonCard
  leaves: LeaveRecord[]
  wishes: PersonWish[]
  fixed: PersonFixed[]
}

/** A roster whole: what its page needs at once. Names of rules are the model's keys, their sentences the console's. */
export interface RosterCard {
  roster: KeptRoster
  clusters: DutyCluster[]
  people: PersonCard[]
  kinds: KeptShiftKind[]
  leaves: (Leave & { unitId: string })[]
  wishes: PersonWish[]
  fixed: PersonFixed[]
  holidays: LocalDay[]
  score: RosterScore
  cover: SkillCover[]
  run: RosterRun | null
  /** What it is judged by, so that the page re-scores each edit at once; null for who may not make rosters. */
  problem: RosterProblem | null
  /** What these people work in other clusters on these days: judged with it, and not its to change. */
  elsewhere: RosterEntry[]
}

/** What an edit makes of a draft: told at once. */
export interface RosterEdited {
  roster: RosterHead
  /** Applying these edits is the undo. */
  undo: RosterEdit[]
  score: RosterScore
  cover: SkillCover[]
}

export interface RosterEdit {
  personId: string
  day: LocalDay
  /** null = nothing that day. */
  shiftId: string | null
  /** Left out: the person's own cluster. */
  clusterId?: string
  skill?: Skill
}

export interface RosterRunState {
  run: RosterRun
  /** The best so far; not in the draft until it is taken over. */
  best: RosterEntry[] | null
}

export interface RosterExplanation {
  score: RosterScore
  empty: EmptySlot[]
}

/** What publishing would change of what stands. */
export interface RosterChurn {
  removed: RosterEntry[]
  added: RosterEntry[]
  touched: string[]
  /** Up to this day (included) what was published stands, but for an override. */
  frozenUntil: LocalDay | null
}

export interface RosterPublished {
  publication: RosterPublication
  roster: RosterHead
}

export interface RosterImportRow {
  line: number
  personId: string | null
  callsign: string
  day: string
  shift: string
  effect: 'added' | 'changed' | 'same' | 'refused'
  problems: { column: string; value: string; why: string }[]
}

export interface RosterImportPreview {
  /** Says what this preview was made from: the import is refused when that has changed. */
  stamp: string
  rows: RosterImportRow[]
  added: number
  changed: number
  same: number
  refused: number
  /** Hard rules broken by the draft as it would be. */
  breaks: number
}

/** A month of what is published as one sheet: people down, days across. */
export interface RosterMonth {
  month: string
  days: { day: LocalDay; weekday: number; isHoliday: boolean }[]
  kinds: KeptShiftKind[]
  clusters: DutyCluster[]
  people: { unitId: string; callsign: string; clusterId: string; cells: (string | null)[]; minutes: number }[]
  printedAt: Instant
}

/** How a proposed demand was reckoned, an hour of the week at a time. */
export interface DemandProposal {
  clusterId: string
  skill: Skill
  /** Share of calls that should find somebody free at once. */
  share: number
  weeks: number
  tickets: number
  /** Tickets whose work was timed, and what one took on average. */
  served: number
  serviceMinutes: number
  /** Monday 00:00 first. */
  hours: HourProposed[]
}

export interface PayrollLine {
  unitId: string
  callsign: string
  clusterId: string
  shifts: number
  ordinaryMinutes: number
  overtimeMinutes: number
  restDayMinutes: number
  holidayMinutes: number
  nightMinutes: number
}

/** Who is on duty, who should be, and what is being done about it. */
export interface DutyNow {
  now: Instant
  clusters: DutyCluster[]
  kinds: KeptShiftKind[]
  /** Running or beginning within twelve hours, or ended within two; gaps however far ahead. */
  shifts: DutyShift[]
  covers: CoverOffer[]
  swaps: DutySwap[]
  handOvers: HandOver[]
  callsigns: Record<string, string>
}

/** Somebody who could fill a gap, in the order they would be asked. */
export interface CoverCandidate {
  unitId: string
  callsign: string
  /** Rules that bar them; empty = may be asked. */
  bars: RuleKey[]
  points: number
  distanceM: number
  /** What became of the question for this gap, if it has been asked. */
  asked: CoverOffer['status'] | null
}

/** A colleague's shift, without anything private. */
export interface TeamShift {
  shiftId: string
  unitId: string
  callsign: string
  day: LocalDay
  kind: string
  startsAt: Instant
  endsAt: Instant
}

export interface MyDuty {
  unitId: string
  person: PersonCard | null
  kinds: KeptShiftKind[]
  cluster: DutyCluster | null
  shifts: DutyShift[]
  team: TeamShift[] | null
  covers: { offer: CoverOffer; shift: DutyShift }[]
  swaps: DutySwap[]
  handOvers: HandOver[]
  notices: DutyNotice[]
  leaves: LeaveRecord[]
  wishes: PersonWish[]
  /** When the standing calendar link was made; the link itself is shown once. */
  calendarSince: Instant | null
}
