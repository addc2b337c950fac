import type { UnitState } from '#console/lib/fleet/unit-state.ts'
import type { ClusterMark } from './clusters.ts'
import type { Palette } from './palette.ts'

export interface UnitMark {
  index: number
  x: number
  y: number
  state: UnitState
  isOnTask: boolean
  headingDeg: number | null
  isSelected: boolean
  isAlarming: boolean
  label: string
}

/** Names are drawn from this zoom on, and never more of them than can be read. */
const LABELS_FROM_ZOOM = 16
const LABELS_AT_MOST = 150

export const unitRadius = (zoom: number): number => (zoom < 12 ? 3.5 : zoom < 14 ? 4.5 : zoom < 17 ? 6 : 7)

export const stateColour = (palette: Palette, state: UnitState): string =>
  state === 'available' || state === 'byPhone' || state === 'onTask' ? palette[state] : palette.grey

/** Path of a state's shape: circle = available, square = by phone, diamond = on task; a doubt is hollow. */
export function traceShape(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  r: number,
  shape: 'circle' | 'square' | 'diamond',
) {
  if (shape === 'circle') {
    ctx.moveTo(x + r, y)
    ctx.arc(x, y, r, 0, 2 * Math.PI)
  } else if (shape === 'square') {
    const side = r * 0.9
    ctx.rect(x - side, y - side, side * 2, side * 2)
  } else {
    const reach = r * 1.3
    ctx.moveTo(x, y - reach)
    ctx.lineTo(x + reach, y)
    ctx.lineTo(x, y + reach)
    ctx.lineTo(x - reach, y)
    ctx.closePath()
  }
}

export const shapeOf = (state: UnitState, isOnTask: boolean) =>
  state === 'byPhone' ? 'square' : state === 'onTask' || isOnTask ? 'diamond' : 'circle'

/** One path a state: the number of strokes and fills does not grow with the number of units. */
export function paintUnits(ctx: CanvasRenderingContext2D, marks: readonly UnitMark[], zoom: number, palette: Palette) {
  const r = unitRadius(zoom)
  for (const state of ['ghost', 'stale', 'available', 'byPhone', 'onTask'] as const) {
    const those = marks.filter((mark) => mark.state === state)
    if (those.length === 0) continue
    const colour = stateColour(palette, state)
    ctx.beginPath()
    for (const mark of those) traceShape(ctx, mark.x, mark.y, r, shapeOf(state, mark.isOnTask))
    const isDoubt = state === 'ghost' || state === 'stale'
    ctx.setLineDash(state === 'ghost' ? [2.5, 2.5] : [])
    ctx.fillStyle = isDoubt ? palette.surface : colour
    ctx.strokeStyle = isDoubt ? colour : palette.surface
    ctx.lineWidth = isDoubt ? 1.75 : 2.5
    if (!isDoubt) ctx.stroke()
    ctx.fill()
    if (isDoubt) ctx.stroke()
    ctx.setLineDash([])
    if (state !== 'ghost') paintHeadings(ctx, those, r, colour)
  }
}

function paintHeadings(ctx: CanvasRenderingContext2D, marks: readonly UnitMark[], r: number, colour: string) {
  ctx.beginPath()
  for (const { x, y, headingDeg } of marks) {
    if (headingDeg === null) continue
    const angle = ((headingDeg - 90) * Math.PI) / 180
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)]
    const [tip, base, half] = [r + 6, r + 1.5, 3]
    ctx.moveTo(x + dx * tip, y + dy * tip)
    ctx.lineTo(x + dx * base - dy * half, y + dy * base + dx * half)
    ctx.lineTo(x + dx * base + dy * half, y + dy * base - dx * half)
    ctx.closePath()
  }
  ctx.fillStyle = colour
  ctx.fill()
}

/** Selected and alarming units are ringed; names where there is room. */
export function paintUnitNotes(
  ctx: CanvasRenderingContext2D,
  marks: readonly UnitMark[],
  zoom: number,
  palette: Palette,
  isBlinkOn: boolean,
) {
  const r = unitRadius(zoom)
  for (const mark of marks) {
    if (mark.isSelected) paintRing(ctx, mark.x, mark.y, r + 7, palette.focus, 2.5)
    else if (mark.isAlarming && isBlinkOn) paintRing(ctx, mark.x, mark.y, r + 7, palette.danger, 2.5)
  }
  const named =
    zoom >= LABELS_FROM_ZOOM && marks.length <= LABELS_AT_MOST ? marks : marks.filter((mark) => mark.isSelected)
  for (const mark of named) paintLabel(ctx, mark.label, mark.x + r + 9, mark.y, palette, mark.isSelected)
}

export function paintRing(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  r: number,
  colour: string,
  width: number,
) {
  ctx.beginPath()
  ctx.arc(x, y, r, 0, 2 * Math.PI)
  ctx.strokeStyle = colour
  ctx.lineWidth = width
  ctx.stroke()
}

/** Text with the ground's colour around it, so that it is read over any map. */
export function paintLabel(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  palette: Palette,
  isStrong = false,
) {
  ctx.font = `${isStrong ? 600 : 500} 12px ${palette.font}`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.lineJoin = 'round'
  ctx.lineWidth = 3
  ctx.strokeStyle = palette.land
  ctx.strokeText(text, x, y)
  ctx.fillStyle = isStrong ? palette.ink : palette.ink2
  ctx.fillText(text, x, y)
}

const PARTS = ['available', 'byPhone', 'onTask', 'stale', 'ghost'] as const

export const clusterRadius = (size: number): number => 12 + Math.min(12, Math.log2(size) * 1.5)

/** A count with a rim of its states, so that a cluster of stale units does not look like help. */
export function paintCluster(ctx: CanvasRenderingContext2D, mark: ClusterMark, x: number, y: number, palette: Palette) {
  const r = clusterRadius(mark.size)
  ctx.beginPath()
  ctx.arc(x, y, r, 0, 2 * Math.PI)
  ctx.fillStyle = palette.raised
  ctx.fill()
  let from = -Math.PI / 2
  for (const state of PARTS) {
    const share = (mark.counts[state] ?? 0) / mark.size
    if (share === 0) continue
    const to = from + share * 2 * Math.PI
    ctx.beginPath()
    ctx.arc(x, y, r - 1.5, from, to)
    ctx.setLineDash(state === 'ghost' ? [2, 2] : [])
    ctx.strokeStyle = stateColour(palette, state)
    ctx.lineWidth = state === 'stale' || state === 'ghost' ? 2 : 3.5
    ctx.stroke()
    from = to
  }
  ctx.setLineDash([])
  ctx.font = `600 12px ${palette.font}`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = palette.ink
  ctx.fillText(String(mark.size), x, y + 0.5)
}
