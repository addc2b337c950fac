import type { Roster, RosterProblem } from '#domain/roster/model.ts'

/** Who is where, hour by hour: read from the plain entries by nobody else's code, for a city of eight-hour shifts without a clock change. */
export interface Faults {
  breaks: string[]
  coveredHours: number
}

const DAY_HOURS = 24
const LEAST_REST_HOURS = 8
const MOST_WEEK_HOURS = 40
const MOST_DAYS_IN_A_ROW = 6

export function faultsOf(problem: RosterProblem, roster: Roster): Faults {
  const breaks: string[] = []
  const skillsOf = new Map(problem.people.map(({ id, skills }) => [id, skills]))
  const startOf = new Map(problem.shifts.map(({ id, startMinute }) => [id, startMinute / 60]))
  const first = Date.parse(problem.firstDay)
  const shifts = roster.map((entry) => {
    const day = (Date.parse(entry.day) - first) / 86_400_000
    const start = day * DAY_HOURS + (startOf.get(entry.shiftId) ?? Number.NaN)
    const reach = problem.people.find(({ id }) => id === entry.personId)?.clusterIds ?? []
    if (!reach.includes(entry.clusterId)) breaks.push(`${entry.personId} does not serve ${entry.clusterId}`)
    if (!(day >= 0 && day < problem.days && start >= 0)) breaks.push(`${entry.personId}: ${entry.day} ${entry.shiftId}`)
    return { ...entry, day, start, end: start + 8 }
  })
  for (const [id, own] of Map.groupBy(shifts, ({ personId }) => personId))
    breaks.push(
      ...personFaults(own.map(({ day, start, end }) => ({ day, start, end }))).map((fault) => `${id}: ${fault}`),
    )
  let coveredHours = 0
  for (const { id, demand } of problem.clusters) {
    const there = shifts.filter(({ clusterId }) => clusterId === id)
    for (let hour = 0; hour < problem.days * DAY_HOURS; hour++) {
      const now = there.filter(({ start, end }) => start <= hour && hour < end)
      if (now.length > 2) breaks.push(`${id}: ${now.length} people at hour ${hour}`)
      for (const { skill } of demand)
        if (now.some(({ personId }) => skillsOf.get(personId)?.includes(skill))) coveredHours += 1
    }
  }
  return { breaks, coveredHours }
}

function personFaults(own: { day: number; start: number; end: number }[]): string[] {
  const faults: string[] = []
  own.sort((a, b) => a.start - b.start)
  let run = 0
  for (const [n, { day, start }] of own.entries()) {
    const before = own[n - 1]
    if (before && before.day === day) faults.push(`two shifts on day ${day}`)
    if (before && start - before.end < LEAST_REST_HOURS) faults.push(`too little rest before day ${day}`)
    run = before && before.day === day - 1 ? run + 1 : 1
    if (run > MOST_DAYS_IN_A_ROW) faults.push(`day ${day} is the ${run}th in a row`)
  }
  for (const [week, ofWeek] of Map.groupBy(own, ({ day }) => Math.floor(day / 7))) {
    if (ofWeek.length * 8 > MOST_WEEK_HOURS) faults.push(`${ofWeek.length * 8} h in week ${week}`)
    if (new Set(ofWeek.map(({ day }) => day)).size > 6) faults.push(`no rest day in week ${week}`)
  }
  return faults
}
