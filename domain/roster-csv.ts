/** A roster as a file: one line a person and day. Columns may come in any order; `cluster` and `skill` may be left out. */

export const ROSTER_COLUMNS = ['callsign', 'day', 'shift', 'cluster', 'skill'] as const
export type RosterColumn = (typeof ROSTER_COLUMNS)[number]

const NEEDED: readonly RosterColumn[] = ['callsign', 'day', 'shift']

/** Which column stands where; null = one that is needed is missing. */
export function rosterHeader(cells: readonly string[]): Map<RosterColumn, number> | null {
  const at = new Map<RosterColumn, number>()
  for (const [n, cell] of cells.entries()) {
    const column = ROSTER_COLUMNS.find((name) => name === cell.trim())
    if (column && !at.has(column)) at.set(column, n)
  }
  return NEEDED.every((column) => at.has(column)) ? at : null
}

export interface RosterRow {
  callsign: string
  day: string
  /** '' = nothing that day. */
  shift: string
  cluster: string
  skill: string
}

export interface RosterProblemCell {
  column: RosterColumn
  value: string
  why: 'unknown' | 'missing' | 'twice' | 'outside'
}

export interface KnownToRow {
  people: ReadonlyMap<string, { id: string; clusterIds: readonly string[]; skills: readonly string[] }>
  days: ReadonlySet<string>
  shifts: ReadonlySet<string>
  clusters: ReadonlySet<string>
}

export const rowOf = (at: ReadonlyMap<RosterColumn, number>, cells: readonly string[]): RosterRow => {
  const cell = (column: RosterColumn) => (cells[at.get(column) ?? -1] ?? '').trim().replace(/^'(?=[=+\-@])/, '')
  return {
    callsign: cell('callsign'),
    day: cell('day'),
    shift: cell('shift'),
    cluster: cell('cluster'),
    skill: cell('skill'),
  }
}

/** RP10: everything that is wrong with a line, at once. */
export function problemsIn(row: RosterRow, known: KnownToRow): RosterProblemCell[] {
  const problems: RosterProblemCell[] = []
  const say = (column: RosterColumn, why: RosterProblemCell['why']) =>
    problems.push({ column, value: row[column], why })
  const person = known.people.get(row.callsign)
  if (row.callsign === '') say('callsign', 'missing')
  else if (!person) say('callsign', 'unknown')
  if (row.day === '') say('day', 'missing')
  else if (!known.days.has(row.day)) say('day', 'outside')
  if (row.shift !== '' && !known.shifts.has(row.shift)) say('shift', 'unknown')
  if (row.cluster !== '' && !known.clusters.has(row.cluster)) say('cluster', 'unknown')
  if (row.skill !== '' && person && !person.skills.includes(row.skill)) say('skill', 'unknown')
  return problems
}
