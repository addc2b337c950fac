import { cellToBoundary, cellToLatLng } from 'h3-js'
import type { Bbox } from '#domain/places.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'
import { Hits } from './hits.ts'
import { paintDistricts, type Written } from './paint-names.ts'
import { paintTrail } from './paint-trail.ts'
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

export type Direction = 'left' | 'right' | 'up' | 'down'
const DIRECTIONS: Record<Direction, readonly [dx: number, dy: number]> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
}

const place = (view: View, wx: number, wy: number): [x: number, y: number] => [toX(view, wx), toY(view, wy)]

/** Hexagons over the city. */
export class HeatScene {
  palette: Palette | null = null
  cells: readonly HeatCell[] = []
  names: readonly NameOnMap[] = []
  /** How much there was, and nothing else; null = cells are shown. */
  density: { colour: string; cells: readonly { key: string; n: number }[] } | null = null
  /** Where a unit went, WGS-84, oldest first. */
  trail: readonly { lng: number; lat: number; isDoubtful: boolean }[] = []
  readonly hits = new Hits()
  /** Boundaries do not change: reckoned once a cell. */
  readonly #shapes = new Map<string, Shape>()
  #placed: { key: string; x: number; y: number; radius: number }[] = []

  paint(ctx: CanvasRenderingContext2D, view: View): void {
    const { palette } = this
    this.hits.clear()
    this.#placed = []
    if (!palette) return
    if (this.density) this.#paintDensity(ctx, view, this.density)
    else for (const cell of this.cells) this.#paintCell(ctx, view, cell, palette)
    this.#paintTrail(ctx, view, palette)
    paintDistricts(ctx, this.#written(view), this.hits, palette)
  }

  /** The cell under a point of the map. */
  at(x: number, y: number): string | null {
    const under = this.#placed.filter((each) => Math.hypot(each.x - x, each.y - y) <= each.radius)
    under.sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y))
    return under[0]?.key ?? null
  }

  /** The cell that lies nearest in a direction; from none, the one nearest to the middle. */
  next(from: string | null, direction: Direction, view: { width: number; height: number }): string | null {
    const here = this.#placed.find(({ key }) => key === from) ?? { x: view.width / 2, y: view.height / 2, radius: 0 }
    const [dx, dy] = from === null ? [0, 0] : DIRECTIONS[direction]
    const far = (each: { x: number; y: number }) => {
      const [x, y] = [each.x - here.x, each.y - here.y]
      // What lies aside counts double: straight on comes first.
      return Math.hypot(x, y) + Math.abs(x * dy - y * dx)
    }
    const ahead = this.#placed.filter(
      (each) => each.key !== from && (from === null || (each.x - here.x) * dx + (each.y - here.y) * dy > 1),
    )
    return ahead.sort((a, b) => far(a) - far(b))[0]?.key ?? from
  }

  /** Soft spots that add up: where they melt together there was much. Cells are there to be pointed at all the same. */
  #paintDensity(ctx: CanvasRenderingContext2D, view: View, { colour, cells }: NonNullable<HeatScene['density']>) {
    const most = Math.max(1, ...cells.map(({ n }) => n))
    for (const { key, n } of cells) {
      const shape = this.#shapeOf(key)
      const [cx, cy] = place(view, shape.wx, shape.wy)
      const [x = cx, y = cy] = shape.points[0] ? place(view, ...shape.points[0]) : []
      const radius = Math.max(6, 1.9 * Math.hypot(x - cx, y - cy))
      if (!isInView(view, cx, cy, radius)) continue
      this.#placed.push({ key, x: cx, y: cy, radius: radius / 2 })
      const spot = ctx.createRadialGradient(cx, cy, 0, cx, cy, radius)
      spot.addColorStop(0, colour)
      spot.addColorStop(1, 'transparent')
      ctx.globalAlpha = 0.08 + 0.72 * Math.sqrt(n / most)
      ctx.fillStyle = spot
      ctx.fillRect(cx - radius, cy - radius, 2 * radius, 2 * radius)
    }
    ctx.globalAlpha = 1
  }

  #paintTrail(ctx: CanvasRenderingContext2D, view: View, palette: Palette) {
    const marks = this.trail.map(({ lng, lat, isDoubtful }) => {
      const [x, y] = place(view, worldX(lng), worldY(lat))
      return { x, y, isDoubtful }
    })
    if (marks.length > 0) paintTrail(ctx, marks, palette)
  }

  #paintCell(ctx: CanvasRenderingContext2D, view: View, cell: HeatCell, palette: Palette) {
    const shape = this.#shapeOf(cell.key)
    const [cx, cy] = place(view, shape.wx, shape.wy)
    const corners = shape.points.map(([wx, wy]) => place(view, wx, wy))
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

  #written(view: View): Written[] {
    return this.names
      .map(({ wx, wy, text }) => {
        const [x, y] = place(view, wx, wy)
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
