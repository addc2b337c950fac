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

const DOUBTS: readonly UnitState[] = ['ghost', 'stale']

/** Order of painting: what can help lies over what cannot. */
const ORDER = ['ghost', 'stale', 'onTask', 'byPhone', 'available'] as const

/** Stamped from sprites: tens of thousands of shapes as one path take seconds, as pictures milliseconds. */
export function paintUnits(
  ctx: CanvasRenderingContext2D,
  marks: readonly UnitMark[],
  zoom: number,
  palette: Palette,
  sprites: Sprites,
) {
  const r = unitRadius(zoom)
  const stamp = sprites.sheet(palette, r)
  for (const state of ORDER)
    for (const mark of marks) {
      if (mark.state !== state) continue
      const sprite = stamp(mark)
      // On whole pixels a stamp is copied, between them it is computed.
      const [x, y] = [Math.round(mark.x) - sprite.half, Math.round(mark.y) - sprite.half]
      ctx.drawImage(sprite.picture, x, y, sprite.half * 2, sprite.half * 2)
    }
}

interface Sprite {
  picture: HTMLCanvasElement
  /** Half of its side, in the map's pixels. */
  half: number
}

type Look = Pick<UnitMark, 'state' | 'isOnTask' | 'headingDeg'>

/** Headings arrive in steps of 12°. */
const HEADING_STEP_DEG = 12

/** Every look a unit can have, drawn once for a theme, a size and a screen. */
export class Sprites {
  #sheets = new Map<string, Map<string, Sprite>>()
  #palette: Palette | null = null

  sheet(palette: Palette, r: number): (look: Look) => Sprite {
    if (palette !== this.#palette) this.#sheets.clear()
    this.#palette = palette
    const ratio = window.devicePixelRatio || 1
    const name = `${r} ${ratio}`
    const sheet = this.#sheets.get(name) ?? new Map<string, Sprite>()
    this.#sheets.set(name, sheet)
    return (look) => {
      const heading = look.headingDeg === null ? '' : Math.round(look.headingDeg / HEADING_STEP_DEG)
      const key = `${look.state}${look.isOnTask ? '+' : ' '}${heading}`
      const known = sheet.get(key)
      if (known) return known
      const sprite = drawSprite(look, r, palette, ratio)
      sheet.set(key, sprite)
      return sprite
    }
  }
}

function drawSprite(look: Look, r: number, palette: Palette, ratio: number): Sprite {
  const half = Math.ceil(r * 1.3 + (look.headingDeg === null ? 2 : 7))
  const picture = document.createElement('canvas')
  picture.width = half * 2 * ratio
  picture.height = half * 2 * ratio
  const ctx = picture.getContext('2d')
  if (!ctx) return { picture, half }
  ctx.scale(ratio, ratio)
  ctx.translate(half, half)
  const isDoubt = DOUBTS.includes(look.state)
  const colour = stateColour(palette, look.state)
  ctx.beginPath()
  traceShape(ctx, r, shapeOf(look))
  ctx.fillStyle = isDoubt ? palette.surface : colour
  ctx.strokeStyle = isDoubt ? colour : palette.surface
  ctx.lineWidth = isDoubt ? 1.75 : 2.5
  ctx.setLineDash(look.state === 'ghost' ? [2.5, 2.5] : [])
  // The rim in the ground's colour lies under a full shape and on a hollow one.
  if (!isDoubt) ctx.stroke()
  ctx.fill()
  if (isDoubt) ctx.stroke()
  if (look.headingDeg !== null) drawNose(ctx, r, look.headingDeg, colour)
  return { picture, half }
}

const shapeOf = ({ state, isOnTask }: Look) =>
  state === 'byPhone' ? 'square' : state === 'onTask' || isOnTask ? 'diamond' : 'circle'

/** Circle = available, square = by phone, diamond = on task; a doubt is hollow. */
function traceShape(ctx: CanvasRenderingContext2D, r: number, shape: 'circle' | 'square' | 'diamond') {
  if (shape === 'circle') return ctx.arc(0, 0, r, 0, 2 * Math.PI)
  if (shape === 'square') return ctx.rect(-r * 0.9, -r * 0.9, r * 1.8, r * 1.8)
  const reach = r * 1.3
  ctx.moveTo(0, -reach)
  ctx.lineTo(reach, 0)
  ctx.lineTo(0, reach)
  ctx.lineTo(-reach, 0)
  ctx.closePath()
}

function drawNose(ctx: CanvasRenderingContext2D, r: number, headingDeg: number, colour: string) {
  ctx.rotate((headingDeg * Math.PI) / 180)
  ctx.beginPath()
  ctx.moveTo(0, -r - 6.5)
  ctx.lineTo(3, -r - 1.5)
  ctx.lineTo(-3, -r - 1.5)
  ctx.closePath()
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
