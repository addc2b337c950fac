import type { DutyShift } from '#domain/duty-shift.ts'
import type { Instant } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import type { DutyNow } from '#wire/roster-shapes.ts'

export const BOARD_GROUPS = ['noShow', 'gap', 'ghost', 'on', 'next'] as const
export type BoardGroupKey = (typeof BOARD_GROUPS)[number]
export interface BoardGroup {
  key: BoardGroupKey
  shifts: DutyShift[]
}

export interface BoardView {
  now: Instant
  units: ReadonlyMap<string, Unit>
  clusterId: string | null
}

/** Where a shift stands on the board; null = it is over. */
function groupOf(shift: DutyShift, { now, units }: BoardView): BoardGroupKey | null {
  if (shift.status === 'ended' || shift.status === 'covered') return null
  if (shift.endsAt <= now && shift.status !== 'started') return null
  if (shift.status === 'noShow') return 'noShow'
  if (shift.status === 'released' || shift.status === 'open') return 'gap'
  if (shift.status === 'started') {
    // The roster says on duty, the unit says it is not: nobody would be sent there.
    return units.get(shift.unitId ?? '')?.duty === 'offDuty' ? 'ghost' : 'on'
  }
  return 'next'
}

/** Trouble first: who has not come, gaps, who is on duty only on paper; then who is there and who comes next. */
export function boardOf({ shifts }: DutyNow, view: BoardView): BoardGroup[] {
  const seen = shifts.filter(({ clusterId }) => view.clusterId === null || clusterId === view.clusterId)
  const groups = Map.groupBy(seen, (shift) => groupOf(shift, view))
  return BOARD_GROUPS.map((key) => ({
    key,
    shifts: (groups.get(key) ?? []).toSorted((a, b) => a.startsAt - b.startsAt),
  }))
}
