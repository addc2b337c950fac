import type { Promised, Tone } from '#console/lib/promise.ts'
import { paintLabel, paintRing } from './paint-units.ts'
import type { Palette } from './palette.ts'

export interface TicketMark {
  id: string
  number: number
  x: number
  y: number
  /** 0…4: P0 is the gravest. */
  gravity: number
  promised: Promised | null
  isUnassigned: boolean
  isSelected: boolean
  isAlarming: boolean
}

/** The disc sits above its place, the tip of the pin is the place itself. */
export const PIN_RISE_PX = 15
const RADIUS_PX = 10
const LABELS_FROM_ZOOM = 13

export const ticketRadius = (zoom: number): number => (zoom < 11 ? 8 : RADIUS_PX)

const toneColour = (palette: Palette, tone: Tone): string =>
  tone === 'danger' ? palette.danger : tone === 'caution' ? palette.caution : palette.ink

/** A pin with its clock as a ring: full at the report, gone when the promise is lost; then it is filled red and says so. */
export function paintTicket(
  ctx: CanvasRenderingContext2D,
  mark: TicketMark,
  zoom: number,
  palette: Palette,
  isBlinkOn: boolean,
) {
  const r = ticketRadius(zoom)
  const [x, y] = [mark.x, mark.y - PIN_RISE_PX]
  const tone = mark.promised?.tone ?? 'calm'
  const isLost = tone === 'danger'
  paintPin(ctx, mark, r, isLost ? palette.danger : palette.ink)
  ctx.beginPath()
  ctx.arc(x, y, r + 1.5, 0, 2 * Math.PI)
  ctx.fillStyle = palette.raised
  ctx.fill()
  ctx.strokeStyle = palette.line
  ctx.lineWidth = 3
  paintArc(ctx, x, y, r, 1)
  const share = mark.promised && !mark.promised.isPaused ? (isLost ? 1 : mark.promised.share) : 0
  ctx.strokeStyle = toneColour(palette, tone)
  paintArc(ctx, x, y, r, share)
  if (mark.promised?.isPaused) {
    ctx.setLineDash([3, 3])
    ctx.strokeStyle = palette.ink3
    paintArc(ctx, x, y, r, 1)
    ctx.setLineDash([])
  }
  paintHeart(ctx, mark, x, y, r, isLost, palette)
  if (mark.isSelected) paintRing(ctx, x, y, r + 5, palette.focus, 2.5)
  else if (mark.isAlarming && isBlinkOn) paintRing(ctx, x, y, r + 5, palette.danger, 2.5)
  if (zoom >= LABELS_FROM_ZOOM || mark.isSelected)
    paintLabel(ctx, `#${mark.number}`, x + r + 7, y, palette, mark.isSelected)
}

function paintPin(ctx: CanvasRenderingContext2D, mark: TicketMark, r: number, colour: string) {
  ctx.beginPath()
  ctx.moveTo(mark.x, mark.y)
  ctx.lineTo(mark.x - 5, mark.y - PIN_RISE_PX + r - 1)
  ctx.lineTo(mark.x + 5, mark.y - PIN_RISE_PX + r - 1)
  ctx.closePath()
  ctx.fillStyle = colour
  ctx.fill()
}

function paintArc(ctx: CanvasRenderingContext2D, x: number, y: number, r: number, share: number) {
  if (share <= 0) return
  ctx.beginPath()
  ctx.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + share * 2 * Math.PI)
  ctx.lineWidth = 3
  ctx.stroke()
}

/** Filled = nobody has it yet; hollow = somebody is on it. The figure is the priority, an exclamation mark a lost promise. */
function paintHeart(
  ctx: CanvasRenderingContext2D,
  mark: TicketMark,
  x: number,
  y: number,
  r: number,
  isLost: boolean,
  palette: Palette,
) {
  const colour = isLost ? palette.danger : palette.ink
  if (mark.isUnassigned) {
    ctx.beginPath()
    ctx.arc(x, y, r - 2.5, 0, 2 * Math.PI)
    ctx.fillStyle = colour
    ctx.fill()
  }
  ctx.font = `700 ${r < 10 ? 9 : 11}px ${palette.font}`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = mark.isUnassigned ? (isLost ? '#fff' : palette.inverse) : colour
  ctx.fillText(isLost ? '!' : String(mark.gravity), x, y + 0.5)
}
