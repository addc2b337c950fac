import { and, gte, inArray, lt, sql } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { dutyShifts } from '#db/schema/duties.ts'
import type { DutyPerson } from '#domain/duty-roster.ts'
import { HELD } from '#domain/duty-shift.ts'
import { dayNumber, daysOfNumbers } from '#domain/roster/days.ts'
import { holidaysFrom } from '#domain/roster/holidays.ts'
import type { LocalDay, RosterHistory, RosterSlot } from '#domain/roster/model.ts'
import type { RosterRules } from '#domain/roster/rules.ts'

/** Days back that rules look at shift by shift; further back they want sums (domain/roster/frame.ts). */
const RECENT_DAYS = 14
const YEAR_DAYS = 365

interface Before {
  firstDay: LocalDay
  nightKinds: readonly string[]
  rules: RosterRules
}

type Row = { unitId: string; day: LocalDay; kind: string; clusterId: string; skill: string | null; minutes: number }

/** RP8: what people bring from before the first day: worked or still to be worked, as it is published. */
export async function historiesOf(
  db: DbOrTx,
  people: readonly DutyPerson[],
  { firstDay, nightKinds, rules }: Before,
): Promise<Map<string, RosterHistory>> {
  const ids = people.map(({ unitId }) => unitId)
  if (ids.length === 0) return new Map()
  const first = dayNumber(firstDay)
  const [recentFrom = firstDay] = daysOfNumbers(first - RECENT_DAYS, 1)
  const [yearFrom = firstDay] = daysOfNumbers(first - YEAR_DAYS, 1)
  const cycleFrom = (person: DutyPerson) => cycleStart(firstDay, person)
  const since = [recentFrom, monthStart(firstDay), ...people.map(cycleFrom)].sort()[0] ?? firstDay
  const rows = await shiftsBetween(db, ids, since, firstDay)
  const sums = await sumsOf(db, ids, { from: yearFrom, until: firstDay, nightKinds })
  const byUnit = Map.groupBy(rows, ({ unitId }) => unitId)
  return new Map(
    people.map((person) => {
      const own = byUnit.get(person.unitId) ?? []
      const month = own.filter(({ day }) => day >= monthStart(firstDay))
      const history: RosterHistory = {
        recent: own.filter(({ day }) => day >= recentFrom).map(slotOf),
        ...(sums.get(person.unitId) ?? { nights: 0, weekends: 0, holidays: 0 }),
        monthMinutes: minutesOf(month),
        cycleMinutes: minutesOf(own.filter(({ day }) => day >= cycleFrom(person))),
        monthOvertimeMinutes: person.mode === 'standard' ? overtimeOf(month, rules) : 0,
      }
      return [person.unitId, history]
    }),
  )
}

const slotOf = ({ day, kind, clusterId, skill }: Row): RosterSlot => ({
  day,
  shiftId: kind,
  clusterId,
  ...(skill !== null && { skill: skill as NonNullable<RosterSlot['skill']> }),
})

const minutesOf = (rows: readonly Row[]): number => rows.reduce((sum, { minutes }) => sum + minutes, 0)

const shiftsBetween = (db: DbOrTx, ids: readonly string[], from: LocalDay, until: LocalDay): Promise<Row[]> =>
  db
    .select({
      unitId: sql<string>`${dutyShifts.unitId}`,
      day: dutyShifts.day,
      kind: dutyShifts.kind,
      clusterId: dutyShifts.clusterId,
      skill: dutyShifts.skill,
      minutes: dutyShifts.countedMinutes,
    })
    .from(dutyShifts)
    .where(
      and(
        inArray(dutyShifts.unitId, [...ids]),
        gte(dutyShifts.day, from),
        lt(dutyShifts.day, until),
        inArray(dutyShifts.status, [...HELD]),
      ),
    )

type Sums = Pick<RosterHistory, 'nights' | 'weekends' | 'holidays'>

/** Over a year, by the database: a quarter of a million shifts of a city stay where they are. */
async function sumsOf(
  db: DbOrTx,
  ids: readonly string[],
  { from, until, nightKinds }: { from: LocalDay; until: LocalDay; nightKinds: readonly string[] },
): Promise<Map<string, Sums>> {
  const holidays = holidaysFrom(from, YEAR_DAYS)
  const isNight = inArray(dutyShifts.kind, ['', ...nightKinds])
  const isHoliday = inArray(dutyShifts.day, ['', ...holidays])
  const date = sql`${dutyShifts.day}::date`
  const rows = await db
    .select({
      unitId: dutyShifts.unitId,
      nights: sql<number>`count(*) filter (where ${isNight})::int`,
      weekends: sql<number>`(count(distinct date_trunc('week', ${date})) filter (where extract(isodow from ${date}) > 5))::int`,
      holidays: sql<number>`count(*) filter (where ${isHoliday})::int`,
    })
    .from(dutyShifts)
    .where(
      and(
        inArray(dutyShifts.unitId, [...ids]),
        gte(dutyShifts.day, from),
        lt(dutyShifts.day, until),
        inArray(dutyShifts.status, [...HELD]),
      ),
    )
    .groupBy(dutyShifts.unitId)
  return new Map(rows.map(({ unitId, ...sums }) => [unitId ?? '', sums]))
}

const monthStart = (day: LocalDay): LocalDay => `${day.slice(0, 8)}01`

/** The first day of the hour cycle that this day lies in. */
function cycleStart(day: LocalDay, { mode, cycle }: DutyPerson): LocalDay {
  if (mode !== 'comprehensive' || cycle === null || cycle === 'month') return monthStart(day)
  const [year = 0, month = 1] = day.split('-').map(Number)
  if (cycle === 'year') return `${year}-01-01`
  if (cycle === 'quarter') return `${year}-${String(Math.floor((month - 1) / 3) * 3 + 1).padStart(2, '0')}-01`
  return weekStart(day)
}

function weekStart(day: LocalDay): LocalDay {
  const number = dayNumber(day)
  const [monday = day] = daysOfNumbers(number - ((((number + 3) % 7) + 7) % 7), 1)
  return monday
}

/** Of a standard contract: in each week what is beyond its hours, or what single days have beyond theirs, whichever is more. */
function overtimeOf(rows: readonly Row[], { limits }: RosterRules): number {
  let overtime = 0
  for (const week of Map.groupBy(rows, ({ day }) => weekStart(day)).values()) {
    const days = Map.groupBy(week, ({ day }) => day).values()
    const byDay = days.reduce((sum, own) => sum + Math.max(0, minutesOf(own) - limits.dayMinutes), 0)
    overtime += Math.max(byDay, minutesOf(week) - limits.weekMinutes, 0)
  }
  return overtime
}
