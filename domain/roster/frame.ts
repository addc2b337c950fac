import { DAY_MS, type Instant, MINUTE_MS } from '#domain/instant.ts'
import { localToInstant } from '#domain/zone.ts'
import { dayNumber, daysOfNumbers } from './days.ts'
import type { DutyCluster, LocalDay, RosterPerson, RosterProblem, RosterSlot, ShiftKind } from './model.ts'
import type { RuleKey } from './rules.ts'

/** Days of the past that rules look back on; what is older is told by a person's history in sums. */
export const DAYS_BACK = 14
/** A shift of the last day ends on the next. */
const DAYS_AHEAD = 2

/** A day of the period (0 = its first), or of what lies around it. */
export interface DayFacts {
  day: LocalDay
  /** 0 = Monday. */
  weekday: number
  /** The same number for the days from a Monday to a Sunday; likewise of a month, quarter and year. */
  week: number
  month: number
  quarter: number
  year: number
  isHoliday: boolean
  isWeekend: boolean
}

/** A shift kind on a day: its moments, and what of it is working time on which day. */
export interface Span {
  start: Instant
  end: Instant
  /** By the clock on the wall, in minutes since the first midnight of the period. */
  fromMinute: number
  untilMinute: number
  /** Working minutes: rest taken off, and of the day it starts and the next. Rest is spread evenly. */
  counted: number
  today: number
  tomorrow: number
  /** Hours of the period that it fills wholly, the end excluded. */
  firstSlot: number
  endSlot: number
}

/** Somebody on duty. */
export interface Duty {
  day: number
  shift: ShiftKind
  /** −1 = a cluster the problem does not know (only in the past). */
  cluster: number
  slot: RosterSlot
  span: Span
}

/** The problem with everything looked up once. */
export interface RosterFrame {
  problem: RosterProblem
  personOf: ReadonlyMap<string, number>
  clusterOf: ReadonlyMap<string, number>
  shiftOf: ReadonlyMap<string, ShiftKind>
  dayOf: ReadonlyMap<LocalDay, number>
  /** Minutes that each hour of the period has: 0 or 120 where the clock changes. */
  slotMinutes: Float64Array
  /** By cluster and demand: people asked for in each hour. */
  need: Float64Array[][]
  at(day: number): DayFacts
  spanOf(shift: ShiftKind, day: number): Span
  isLifted(rule: RuleKey, personId: string, day: LocalDay): boolean
}

const frames = new WeakMap<RosterProblem, RosterFrame>()

/** Made once for each problem: a problem is a value that nobody changes. */
export function frameOf(problem: RosterProblem): RosterFrame {
  const known = frames.get(problem)
  if (known) return known
  const made = makeFrame(problem)
  frames.set(problem, made)
  return made
}

function makeFrame(problem: RosterProblem): RosterFrame {
  const toInstant = localToInstant(problem.timeZone)
  const firstMidnight = dayNumber(problem.firstDay) * DAY_MS
  /** The moment at which the wall shows so many minutes since the first midnight. */
  const momentAt = (minute: number): Instant => toInstant(firstMidnight + minute * MINUTE_MS)
  const facts = factsOf(problem)
  const at = (day: number) => facts[day + DAYS_BACK] as DayFacts
  const dayOf = new Map(facts.map(({ day }, n) => [day, n - DAYS_BACK]))
  const slots = problem.days * 24
  const slotMinutes = Float64Array.from(
    { length: slots },
    (_, slot) => (momentAt((slot + 1) * 60) - momentAt(slot * 60)) / MINUTE_MS,
  )
  const { overrides } = problem
  return {
    problem,
    personOf: new Map(problem.people.map(({ id }, n) => [id, n])),
    clusterOf: new Map(problem.clusters.map(({ id }, n) => [id, n])),
    shiftOf: new Map(problem.shifts.map((shift) => [shift.id, shift])),
    dayOf,
    slotMinutes,
    need: problem.clusters.map((cluster) => needsOf(cluster, problem.days, at)),
    at,
    spanOf: spans(momentAt, slots),
    isLifted: (rule, personId, day) =>
      overrides.some(
        ({ rules, personId: whose, from, until }) =>
          rules.includes(rule) && (whose === null || whose === personId) && from <= day && day <= until,
      ),
  }
}

function factsOf({ firstDay, days, holidays }: RosterProblem): DayFacts[] {
  const isHoliday = new Set(holidays)
  const number = dayNumber(firstDay) - DAYS_BACK
  return daysOfNumbers(number, days + DAYS_BACK + DAYS_AHEAD).map((day, n) => {
    const [year = 0, month = 0] = day.split('-').map(Number)
    // The first of January 1970 was a Thursday.
    const sinceMonday = number + n + 3
    const weekday = ((sinceMonday % 7) + 7) % 7
    return {
      day,
      weekday,
      week: Math.floor(sinceMonday / 7),
      month: year * 12 + month - 1,
      quarter: year * 4 + Math.floor((month - 1) / 3),
      year,
      isHoliday: isHoliday.has(day),
      isWeekend: weekday >= 5,
    }
  })
}

function needsOf(cluster: DutyCluster, days: number, at: (day: number) => DayFacts): Float64Array[] {
  return cluster.demand.map(({ week, days: single }) => {
    const need = new Float64Array(days * 24)
    for (let slot = 0; slot < need.length; slot++) {
      const { day, weekday } = at(Math.floor(slot / 24))
      need[slot] = (single[day] ?? week.slice(weekday * 24, weekday * 24 + 24))[slot % 24] ?? 0
    }
    return need
  })
}

function spans(momentAt: (minute: number) => Instant, slots: number): RosterFrame['spanOf'] {
  const known = new Map<ShiftKind, Map<number, Span>>()
  return (shift, day) => {
    const ofShift = known.get(shift) ?? new Map<number, Span>()
    known.set(shift, ofShift)
    const cached = ofShift.get(day)
    if (cached) return cached
    const fromMinute = day * 1_440 + shift.startMinute
    const untilMinute = fromMinute + shift.lengthMinutes
    const [start, end, midnight] = [momentAt(fromMinute), momentAt(untilMinute), momentAt((day + 1) * 1_440)]
    const counted = Math.max(0, (end - start) / MINUTE_MS - shift.restMinutes)
    const today = end <= midnight ? counted : (counted * (midnight - start)) / (end - start)
    const firstSlot = Math.max(0, Math.ceil(fromMinute / 60))
    const endSlot = Math.min(slots, Math.floor(untilMinute / 60))
    const made = { start, end, fromMinute, untilMinute, counted, today, tomorrow: counted - today, firstSlot, endSlot }
    ofShift.set(day, made)
    return made
  }
}

/** An entry as a duty; of an entry that the problem does not know (day, shift, cluster) null. */
export function dutyOf(frame: RosterFrame, slot: RosterSlot): Duty | null {
  const day = frame.dayOf.get(slot.day)
  const shift = frame.shiftOf.get(slot.shiftId)
  if (day === undefined || shift === undefined || day >= frame.problem.days) return null
  const cluster = frame.clusterOf.get(slot.clusterId) ?? -1
  if (cluster < 0 && day >= 0) return null
  return { day, shift, cluster, slot, span: frame.spanOf(shift, day) }
}

/** What somebody did before the first day, as far as rules look back. */
export const pastOf = (frame: RosterFrame, { history }: RosterPerson): Duty[] =>
  history.recent.flatMap((slot) => {
    const duty = dutyOf(frame, slot)
    return duty && duty.day < 0 ? [duty] : []
  })
