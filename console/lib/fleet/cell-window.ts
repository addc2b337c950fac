import type { Bbox } from '#domain/places.ts'
import { CELL_BITS, CELLS_ACROSS, worldX, worldY } from '#wire/fleet-cells.ts'
import type { CellWindow } from '#wire/sockets.ts'

/** One more cell on each side: a short drag then shows units at once, and a basemap's datum shift loses none at the edge. */
const MARGIN_CELLS = 1

const inWorld = (cell: number) => Math.min(CELLS_ACROSS - 1, Math.max(0, cell))

export function cellWindow([west, south, east, north]: Bbox): CellWindow {
  return {
    west: inWorld((worldX(west) >> CELL_BITS) - MARGIN_CELLS),
    east: inWorld((worldX(east) >> CELL_BITS) + MARGIN_CELLS),
    north: inWorld((worldY(north) >> CELL_BITS) - MARGIN_CELLS),
    south: inWorld((worldY(south) >> CELL_BITS) + MARGIN_CELLS),
  }
}

export const sameWindow = (a: CellWindow | null, b: CellWindow | null): boolean =>
  a === b ||
  (a !== null && b !== null && a.west === b.west && a.east === b.east && a.north === b.north && a.south === b.south)

export const covers = (outer: CellWindow, inner: CellWindow): boolean =>
  outer.west <= inner.west && outer.east >= inner.east && outer.north <= inner.north && outer.south >= inner.south
