import { cellToBoundary, cellToLatLng } from 'h3-js'
import type { Bbox } from '#domain/places.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'
import { DatumShift } from './datum.ts'
import { Hits } from './hits.ts'
import { paintDistricts, type Written } from './paint-names.ts'
import type { Palette } from './palette.ts'
import type { NameOnMap } from './scene.ts'
import { isInView, toX, toY, type View } from './view.ts'

/** A cell as it is drawn: its colour, how much of it is filled, and whether anything is known of it. */
export interface HeatCell {
  /** H3 index. */
  key: string
  /** A colour of the page; null = unknown: hatched. */
  colour: string | null
  /** 0–1 of the cell's size. */
  fill: number
  isSelected: boolean
}

interface Shape {
  points: readonly (readonly [wx: number, wy: number])[]
  wx: number
  wy: number
}

/** Hexagons over the city. */
export class HeatScene {
  palette: Palette | null = null
  cells: readonly HeatCell[] = []
  names: readonly NameOnMap[] = []
  readonly hits = new Hits()
  /** Boundaries do not change: reckoned once a cell. */
  readonly #shapes = new Map<string, Shape>()
  #shift = new DatumShift('WGS84')
  #placed: { key: string; x: number; y: number; radius: number }[] = []

  setDatum(datum: DatumShift['datum']): void {
    if (datum !== this.#shift.datum) this.#shift = new DatumShift(datum)
  }

  paint(ctx: CanvasRenderingContext2D, view: View): void {
    const { palette } = this
    this.hits.clear()
    this.#placed = []
    if (!palette) return
    for (const cell of this.cells) this.#paintCell(ctx, view, cell, palette)
    paintDistricts(ctx, this.#written(view), this.hits, palette)
  }

  /** The cell under a point of the map. */
  at(x: number, y: number): string | null {
    const under = this.#placed.filter((each) => Math.hypot(each.x - x, each.y - y) <= each.radius)
    under.sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y))
    return under[0]?.key ?? null
  }

  #paintCell(ctx: CanvasRenderingContext2D, view: View, cell: HeatCell, palette: Palette) {
    const shape = this.#shapeOf(cell.key)
    const [cx, cy] = this.#place(view, shape.wx, shape.wy)
    const corners = shape.points.map(([wx, wy]) => this.#place(view, wx, wy))
    const radius = Math.max(...corners.map(([x, y]) => Math.hypot(x - cx, y - cy)))
    if (!isInView(view, cx, cy, radius)) return
    this.#placed.push({ key: cell.key, x: cx, y: cy, radius })
    outline(ctx, corners, cx, cy, cell.colour === null ? 0.92 : cell.fill * 0.96)
    if (cell.colour !== null) {
      ctx.fillStyle = cell.colour
      ctx.fill()
    } else hatch(ctx, cx, cy, radius, palette)
    ctx.lineWidth = cell.isSelected ? 3 : 1
    ctx.strokeStyle = cell.isSelected ? palette.focus : cell.colour === null ? palette.ink3 : palette.surface
    outline(ctx, corners, cx, cy, cell.isSelected ? 1 : cell.colour === null ? 0.92 : cell.fill * 0.96)
    ctx.stroke()
  }

  #shapeOf(key: string): Shape {
    const known = this.#shapes.get(key)
    if (known) return known
    const points = cellToBoundary(key).map(([lat, lng]) => [worldX(lng), worldY(lat)] as const)
    const wx = points.reduce((sum, [x]) => sum + x, 0) / points.length
    const wy = points.reduce((sum, [, y]) => sum + y, 0) / points.length
    const shape = { points, wx, wy }
    this.#shapes.set(key, shape)
    return shape
  }

  #place(view: View, wx: number, wy: number): [x: number, y: number] {
    const [sx, sy] = this.#shift.shift(wx, wy)
    return [toX(view, sx), toY(view, sy)]
  }

  #written(view: View): Written[] {
    return this.names
      .map(({ wx, wy, text }) => {
        const [x, y] = this.#place(view, wx, wy)
        return { x, y, text }
      })
      .filter(({ x, y }) => isInView(view, x, y, 60))
  }
}

function outline(
  ctx: CanvasRenderingContext2D,
  corners: readonly (readonly [number, number])[],
  cx: number,
  cy: number,
  share: number,
) {
  ctx.beginPath()
  for (const [x, y] of corners) ctx.lineTo(cx + (x - cx) * share, cy + (y - cy) * share)
  ctx.closePath()
}

/** Unknown is a texture and not a colour: nobody takes it for fast. */
function hatch(ctx: CanvasRenderingContext2D, cx: number, cy: number, radius: number, palette: Palette) {
  ctx.save()
  ctx.clip()
  ctx.beginPath()
  for (let offset = -2 * radius; offset <= 2 * radius; offset += 5) {
    ctx.moveTo(cx + offset, cy - radius)
    ctx.lineTo(cx + offset + 2 * radius, cy + radius)
  }
  ctx.strokeStyle = palette.line
  ctx.lineWidth = 1
  ctx.stroke()
  ctx.restore()
}

/** The box around cells; null = none. */
export function boxOf(keys: readonly string[]): Bbox | null {
  if (keys.length === 0) return null
  const points = keys.map((key) => cellToLatLng(key))
  const [lats, lngs] = [points.map(([lat]) => lat), points.map(([, lng]) => lng)]
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)]
}
