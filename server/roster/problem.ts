import { and, eq, gte, inArray, lte } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { dutyShifts } from '#db/schema/duties.ts'
import { calendarOf } from '#domain/calendar.ts'
import type {
  ClusterDemand,
  DutyCluster,
  KeptRoster,
  PersonFixed,
  PersonWish,
  WeeklyHours,
} from '#domain/duty-roster.ts'
import { type DutyShift, HELD } from '#domain/duty-shift.ts'
import type { Instant } from '#domain/instant.ts'
import { dayNumber, daysFrom, daysOfNumbers } from '#domain/roster/days.ts'
import { holidaysFrom } from '#domain/roster/holidays.ts'
import type * as model from '#domain/roster/model.ts'
import { clustersOf, demandIn, kindsOf, rulesOf, tenantOf } from './clusters.ts'
import { historiesOf } from './history.ts'
import { fixedOf, leavesOf, type PersonRow, peopleOf, servesOneOf, wishesOf } from './people.ts'

/** What a roster is judged by, with the shifts of its people in other clusters: those count and are nobody's to move here. */
export interface Posed {
  problem: model.RosterProblem
  elsewhere: model.RosterEntry[]
}

export interface Period {
  firstDay: model.LocalDay
  days: number
  clusterIds: readonly string[]
}

export const lastDayOf = ({ firstDay, days }: Pick<Period, 'firstDay' | 'days'>): model.LocalDay =>
  daysOfNumbers(dayNumber(firstDay) + days - 1, 1)[0] ?? firstDay

export const entryOf = ({ unitId, day, kind, clusterId, skill }: DutyShift): model.RosterEntry => ({
  personId: unitId ?? '',
  day,
  shiftId: kind,
  clusterId,
  ...(skill !== null && { skill }),
})

/** Shifts of a period that somebody holds. */
export const heldShifts = (
  db: DbOrTx,
  tenant: string,
  { firstDay, days }: Pick<Period, 'firstDay' | 'days'>,
): Promise<DutyShift[]> =>
  db
    .select()
    .from(dutyShifts)
    .where(
      and(
        eq(dutyShifts.tenant, tenant),
        gte(dutyShifts.day, firstDay),
        lte(dutyShifts.day, lastDayOf({ firstDay, days })),
        inArray(dutyShifts.status, [...HELD]),
      ),
    )

/** RP2: a roster is judged by the rules, people, demand and published shifts as they are now. */
export async function problemOf(db: DbOrTx, roster: KeptRoster, now: Instant): Promise<Posed> {
  const read = await readPeriod(db, roster.tenant, roster)
  const standing = read.held.filter(({ clusterId }) => roster.clusterIds.includes(clusterId))
  const calendar = calendarOf(read.timeZone)
  const frozen = Math.max(0, ...read.clusters.map(({ frozenDays }) => frozenDays))
  return pose(read, roster, {
    overrides: roster.overrides,
    published: standing.length > 0 ? standing.map(entryOf) : null,
    frozenUntil: standing.length > 0 ? calendar.dayOf(calendar.plusDays(now, frozen)) : null,
  })
}

/** What a cover or a swap is judged by: everything that is published for these clusters' people around the day. */
export async function liveProblem(
  db: DbOrTx,
  tenant: string,
  day: model.LocalDay,
  clusterIds: readonly string[],
): Promise<{ problem: model.RosterProblem; roster: model.RosterEntry[] }> {
  // From the first of the month, so that its hours are in the roster and not in a sum; on to what may follow the day.
  const firstDay = `${day.slice(0, 8)}01`
  const period = { firstDay, days: dayNumber(day) - dayNumber(firstDay) + 9, clusterIds }
  const read = await readPeriod(db, tenant, period)
  const { problem, elsewhere } = pose(read, period, { overrides: [], published: null, frozenUntil: null })
  const known = new Set(problem.people.map(({ id }) => id))
  const own = read.held.filter(({ unitId, clusterId }) => clusterIds.includes(clusterId) && known.has(unitId ?? ''))
  return { problem, roster: [...own.map(entryOf), ...elsewhere] }
}

/** The rules, people and days of a period without any roster: what worked hours are sorted by. */
export async function periodProblem(db: DbOrTx, tenant: string, period: Period): Promise<Posed> {
  const read = await readPeriod(db, tenant, period)
  return pose(read, period, { overrides: [], published: null, frozenUntil: null })
}

interface Read {
  timeZone: string
  all: DutyCluster[]
  clusters: DutyCluster[]
  demand: ClusterDemand[]
  shifts: model.ShiftKind[]
  rules: model.RosterProblem['rules']
  rows: PersonRow[]
  histories: Map<string, model.RosterHistory>
  leaves: (model.Leave & { unitId: string })[]
  wishes: PersonWish[]
  fixed: PersonFixed[]
  held: DutyShift[]
}

async function readPeriod(db: DbOrTx, tenant: string, period: Period): Promise<Read> {
  const { timeZone } = await tenantOf(db, tenant)
  const all = await clustersOf(db, tenant)
  const clusters = all.filter(({ id }) => period.clusterIds.includes(id))
  const kinds = await kindsOf(db, tenant)
  const [newest] = await rulesOf(db, tenant)
  if (!newest) throw new Error(`${tenant} has no roster rules`)
  const rows = (await peopleOf(db, tenant)).filter(({ person }) => servesOneOf(person, clusters))
  const ids = rows.map(({ unit }) => unit.id)
  const [from, until] = [period.firstDay, lastDayOf(period)]
  const nightKinds = kinds.filter(({ isNight }) => isNight).map(({ id }) => id)
  const before = { firstDay: from, nightKinds, rules: newest.rules }
  return {
    timeZone,
    all,
    clusters,
    demand: await demandIn(db, period.clusterIds),
    shifts: kinds.map(({ tenant: _, isActive: __, ...kind }) => kind),
    rules: newest.rules,
    rows,
    histories: await historiesOf(
      db,
      rows.map(({ person }) => person),
      before,
    ),
    leaves: await leavesOf(db, ids, from, until),
    wishes: await wishesOf(db, ids, from, until),
    fixed: await fixedOf(db, ids, from, until),
    held: await heldShifts(db, tenant, period),
  }
}

type Standing = Pick<model.RosterProblem, 'overrides' | 'published' | 'frozenUntil'>

function pose(read: Read, { firstDay, days, clusterIds }: Period, standing: Standing): Posed {
  const ids = new Set(read.rows.map(({ unit }) => unit.id))
  const elsewhere = read.held
    .filter(({ unitId, clusterId }) => ids.has(unitId ?? '') && !clusterIds.includes(clusterId))
    .map(entryOf)
  const others = new Set(elsewhere.map(({ clusterId }) => clusterId))
  const problem: model.RosterProblem = {
    timeZone: read.timeZone,
    firstDay,
    days,
    holidays: holidaysFrom(daysOfNumbers(dayNumber(firstDay) - 15, 1)[0] ?? firstDay, days + 30),
    shifts: read.shifts,
    clusters: [
      ...read.clusters.map((cluster) => clusterIn(cluster, read.demand)),
      ...read.all.filter(({ id }) => others.has(id)).map(withoutDemand),
    ],
    people: read.rows.map((row) => personIn(row, read, { firstDay, days, elsewhere })),
    rules: read.rules,
    ...standing,
  }
  return { problem, elsewhere }
}

const clusterIn = (
  { id, name, lng, lat, mostAtOnce, reliefs, handoverMinutes }: DutyCluster,
  demand: ClusterDemand[],
) => ({
  id,
  name,
  lng,
  lat,
  mostAtOnce,
  reliefs,
  handoverMinutes,
  demand: demand
    .filter(({ clusterId }) => clusterId === id)
    .map(({ skill, week, days, slack }) => ({ skill, week, days, slack })),
})

/** A cluster that is here only because somebody works there too. */
const withoutDemand = ({ id, name, lng, lat }: DutyCluster): model.DutyCluster => ({
  id,
  name,
  lng,
  lat,
  demand: [],
  mostAtOnce: null,
  reliefs: 0,
  handoverMinutes: 0,
})

const NO_HISTORY: model.RosterHistory = {
  recent: [],
  nights: 0,
  weekends: 0,
  holidays: 0,
  monthMinutes: 0,
  cycleMinutes: 0,
  monthOvertimeMinutes: 0,
}

function personIn(
  { unit, person }: PersonRow,
  read: Read,
  { firstDay, days, elsewhere }: { firstDay: model.LocalDay; days: number; elsewhere: readonly model.RosterEntry[] },
): model.RosterPerson {
  const { mode, cycle, limits, protections, clusterIds, takesNights, availability } = person
  const mine = <T extends { unitId: string }>(rows: readonly T[]) => rows.filter(({ unitId }) => unitId === unit.id)
  const away = elsewhere.filter(({ personId }) => personId === unit.id)
  return {
    id: unit.id,
    callsign: unit.callsign,
    skills: unit.skills,
    home: { lng: unit.postLng, lat: unit.postLat },
    clusterIds: [...new Set([...clusterIds, ...away.map(({ clusterId }) => clusterId)])],
    mode,
    cycle,
    limits,
    protections,
    leave: mine(read.leaves).map(({ from, until }) => ({ from, until })),
    available: availability && availableOn(availability, firstDay, days),
    takesNights,
    wishes: mine(read.wishes).map(({ unitId: _, ...wish }) => wish),
    fixed: [...mine(read.fixed).map(({ unitId: _, ...slot }) => slot), ...away.map(({ personId: _, ...slot }) => slot)],
    history: read.histories.get(unit.id) ?? NO_HISTORY,
  }
}

/** A week's hours laid out over the days. */
const availableOn = (week: readonly WeeklyHours[], firstDay: model.LocalDay, days: number): model.Available[] =>
  daysFrom(firstDay, days).flatMap((day) => {
    const weekday = ((((dayNumber(day) + 3) % 7) + 7) % 7) + 1
    return week
      .filter((hours) => hours.weekday === weekday)
      .map(({ fromMinute, untilMinute }) => ({ day, fromMinute, untilMinute }))
  })
