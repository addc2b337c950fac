import { CELL_BITS, cellKey } from './fleet-cells.ts'
import type { FleetFrame, SeenUnit } from './fleet-frame.ts'

/** What a console knows of the fleet it watches, by unit index. */
export type FleetPicture = Map<number, SeenUnit>

const cellOf = (unit: SeenUnit) => cellKey(unit.wx >> CELL_BITS, unit.wy >> CELL_BITS)

/**
 * Applies one frame. What left a cell goes only if it was still believed there, so the order of cells and a skipped or
 * repeated frame do no harm; a whole cell also drops whoever it does not list.
 */
export function applyFrame(picture: FleetPicture, frame: FleetFrame): void {
  if (frame.kind === 'snapshot') picture.clear()
  const wholes = new Set<number>()
  for (const cell of frame.cells) {
    const key = cellKey(cell.x, cell.y)
    if (cell.whole) wholes.add(key)
    for (const index of cell.left) {
      const unit = picture.get(index)
      if (unit && cellOf(unit) === key) picture.delete(index)
    }
  }
  if (wholes.size > 0 && frame.kind === 'changes') {
    for (const [index, unit] of picture) if (wholes.has(cellOf(unit))) picture.delete(index)
  }
  for (const cell of frame.cells) for (const unit of cell.seen) picture.set(unit.index, unit)
}
