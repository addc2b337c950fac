import type {
  DutyCluster,
  DutyKind,
  FixedDuty,
  Leave,
  Roster,
  RosterHead,
  RosterLine,
  RosterPerson,
  RosterPublication,
  RosterRun,
  Wish,
} from '#domain/duty-roster.ts'
import type { CoverOffer, DutyNotice, DutyShift, DutySwap, HandOver } from '#domain/duty-shift.ts'
import type { Instant } from '#domain/instant.ts'
import type { Skill } from '#domain/units.ts'

/** A person of a roster as its readers see them: who, where, what they can. Protection is told only to who makes rosters. */
export interface RosterPersonCard extends Omit<RosterPerson, 'protected' | 'protectedUntil'> {
  callsign: string
  unitKind: 'housekeeper' | 'volunteer' | 'crew'
  skills: Skill[]
  homeCommunityId: string | null
  /** Left out for who may not know. */
  protected?: RosterPerson['protected']
  protectedUntil?: RosterPerson['protectedUntil']
}

/** One person with everything that is known of their time; reasons of leave only for the person. */
export interface RosterPersonFile {
  person: RosterPersonCard
  leaves: Leave[]
  wishes: Wish[]
  fixed: FixedDuty[]
}

/** One breach of one rule by one roster. */
export interface BrokenRule {
  /** `RO…`, as in domain/RULES.md. */
  rule: string
  isHard: boolean
  penalty: number
  unitId: string | null
  day: string | null
  clusterId: string | null
  skill: Skill | null
  /** Of cover: the hour of the day it lacks. */
  hour: number | null
}

export interface RosterScoreCard {
  /** Breaches of hard rules: a roster with any is not published without a reason. */
  hard: number
  /** Weighted sum of the soft ones. */
  soft: number
  byRule: { rule: string; isHard: boolean; weight: number; count: number; penalty: number }[]
  broken: BrokenRule[]
}

/** Hours of cover from the first day's midnight on, one number an hour. */
export interface CoverStrip {
  clusterId: string
  skill: Skill
  wanted: number[]
  onDuty: number[]
}

/** A roster whole: what its page needs at once. */
export interface RosterCard {
  roster: Roster
  clusters: DutyCluster[]
  people: RosterPersonCard[]
  kinds: DutyKind[]
  leaves: Pick<Leave, 'unitId' | 'firstDay' | 'lastDay'>[]
  wishes: Wish[]
  fixed: FixedDuty[]
  holidays: { day: string; name: string }[]
  score: RosterScoreCard
  cover: CoverStrip[]
  run: RosterRun | null
}

/** What an edit makes of a draft: told at once, before anybody lets go of the mouse. */
export interface RosterEdited {
  roster: RosterHead
  /** The lines as they were: applying them is the undo. */
  undo: RosterEdit[]
  score: RosterScoreCard
  cover: CoverStrip[]
}

export interface RosterEdit {
  unitId: string
  day: string
  /** null = nothing that day. */
  kind: string | null
  clusterId?: string
  skill?: Skill | null
}

export interface RosterRunState {
  run: RosterRun
  /** The best so far; not in the draft until it is taken over. */
  best: RosterLine[] | null
  score: RosterScoreCard | null
}

/** An hour that stayed empty, who was barred from it and by what, and the cheapest way out. */
export interface EmptySlot {
  clusterId: string
  skill: Skill
  day: string
  kind: string | null
  hour: number
  missing: number
  barred: { unitId: string; rules: string[] }[]
  remedy: { kind: 'waive' | 'floater' | 'hire'; unitId: string | null; rule: string | null; cost: number } | null
}

export interface RosterExplanation {
  score: RosterScoreCard
  empty: EmptySlot[]
}

/** What is lost if one person does not come. */
export interface PersonRemoved {
  unitId: string
  /** Hours of cover that fall below the demand. */
  hours: number
  days: string[]
}

export interface RosterNMinusOne {
  /** null = the roster has changed since. */
  removed: PersonRemoved[] | null
}

/** What publishing would change of what stands. */
export interface RosterChurn {
  removed: { unitId: string; day: string; kind: string }[]
  added: { unitId: string; day: string; kind: string }[]
  touched: string[]
  /** Some of it is within the frozen window, so a reason of override is asked for. */
  isFrozen: boolean
}

export interface RosterPublished extends RosterPublication {
  roster: RosterHead
}

export interface RosterImportRow {
  line: number
  unitId: string | null
  callsign: string
  day: string
  kind: string
  effect: 'added' | 'changed' | 'same' | 'refused'
  problems: { column: string; value: string; why: string }[]
}

export interface RosterImportPreview {
  stamp: string
  rows: RosterImportRow[]
  added: number
  changed: number
  same: number
  /** Lines of the draft within the file's people and days that the file does not have. */
  removed: number
  refused: number
}

/** A month as one sheet: people down, days across. */
export interface RosterMonth {
  month: string
  days: { day: string; weekday: number; holiday: string | null; isRest: boolean }[]
  kinds: DutyKind[]
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
  hours: {
    hourOfWeek: number
    /** Tickets an hour, and hours of work a ticket. */
    arrivals: number
    serviceHours: number
    /** Arrivals × service: people busy on average. */
    load: number
    people: number
    /** Share answered at once with so many people (Erlang C), and with one fewer. */
    reached: number
    oneFewer: number
  }[]
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
  kinds: DutyKind[]
  /** Running or beginning within twelve hours, or ended within two. */
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
  /** Empty = may be asked. */
  bars: string[]
  softPenalty: number
  distanceM: number
  isOfCluster: boolean
  /** Already asked for this gap. */
  asked: CoverOffer['status'] | null
}

export interface MyDuty {
  unitId: string
  person: RosterPersonCard | null
  kinds: DutyKind[]
  settings: DutyCluster['settings'] | null
  shifts: DutyShift[]
  /** Published and draft-free: the team's shifts when asked for, without anything private. */
  team:
    | {
        unitId: string
        callsign: string
        day: string
        kind: string
        startsAt: Instant
        endsAt: Instant
        shiftId: string
      }[]
    | null
  covers: (CoverOffer & { shift: DutyShift })[]
  swaps: DutySwap[]
  handOvers: HandOver[]
  notices: DutyNotice[]
  leaves: Leave[]
  wishes: Wish[]
  /** When the standing calendar link was made; the link itself is shown once. */
  calendarSince: Instant | null
}
