import { stateUnseen, UNIT_STATES, type UnitState, unitState } from '#console/lib/fleet/unit-state.ts'
import type { Instant } from '#domain/instant.ts'
import type { Skill, Unit, UnitKind } from '#domain/units.ts'
import type { SeenUnit } from '#wire/fleet-frame.ts'

export interface UnitRow {
  unit: Unit
  state: UnitState
  isOnTask: boolean
  seen: SeenUnit | null
}

export interface UnitFilter {
  state: UnitState | 'all'
  kind: UnitKind | 'all'
  skill: Skill | 'all'
  text: string
}

interface Known {
  tasks: ReadonlyMap<string, unknown>
  reachable: ReadonlySet<string>
  seen: (index: number) => SeenUnit | null
  judgedAt: (index: number, now: Instant) => Instant
  /** False for a reader without the right to positions. */
  isWatching: boolean
}

/** Every unit with its state, those who can help first, then by callsign: an order that an update hardly changes. */
export function unitRows(
  units: Iterable<Unit>,
  { tasks, reachable, seen, judgedAt, isWatching }: Known,
  now: Instant,
): UnitRow[] {
  const rows: UnitRow[] = []
  for (const unit of units) {
    const at = seen(unit.index)
    const isOnTask = tasks.has(unit.id)
    const facts = { isOnTask, isReachable: reachable.has(unit.id) }
    const state = isWatching ? unitState(unit, at, facts, judgedAt(unit.index, now)) : stateUnseen(unit, isOnTask)
    rows.push({ unit, seen: at, isOnTask, state })
  }
  const place = new Map(UNIT_STATES.map((state, n) => [state, n]))
  return rows.sort(
    (a, b) => (place.get(a.state) ?? 0) - (place.get(b.state) ?? 0) || compareText(a.unit.callsign, b.unit.callsign),
  )
}

export const countStates = (rows: readonly UnitRow[]): Record<UnitState, number> => {
  const counts = Object.fromEntries(UNIT_STATES.map((state) => [state, 0])) as Record<UnitState, number>
  for (const { state } of rows) counts[state]++
  return counts
}

export const filterUnits = (rows: readonly UnitRow[], { state, kind, skill, text }: UnitFilter): UnitRow[] => {
  const wanted = text.trim().toLowerCase()
  return rows.filter(
    (row) =>
      (state === 'all' ? row.state !== 'offDuty' : row.state === state) &&
      (kind === 'all' || row.unit.kind === kind) &&
      (skill === 'all' || row.unit.skills.includes(skill)) &&
      (wanted === '' || row.unit.callsign.toLowerCase().includes(wanted)),
  )
}

/** By code units: with ten thousand callsigns localeCompare is what the list would wait for. */
const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
