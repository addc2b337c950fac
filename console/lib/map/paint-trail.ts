import type { Palette } from './palette.ts'

export interface TrailMark {
  x: number
  y: number
  /** Kept for the trail only (a jump, an old fix): drawn hollow and not joined. */
  isDoubtful: boolean
}

/** Older is thinner and paler, so that the direction of time is seen without colour. */
export function paintTrail(ctx: CanvasRenderingContext2D, marks: readonly TrailMark[], palette: Palette) {
  const honest = marks.filter((mark) => !mark.isDoubtful)
  ctx.lineCap = 'round'
  for (let i = 1; i < honest.length; i++) {
    const [from, to] = [honest[i - 1]!, honest[i]!]
    const age = i / honest.length
    ctx.globalAlpha = 0.35 + 0.65 * age
    ctx.lineWidth = 1.5 + 2 * age
    ctx.strokeStyle = palette.focus
    ctx.beginPath()
    ctx.moveTo(from.x, from.y)
    ctx.lineTo(to.x, to.y)
    ctx.stroke()
  }
  ctx.globalAlpha = 1
  for (const mark of marks) {
    ctx.beginPath()
    ctx.arc(mark.x, mark.y, mark.isDoubtful ? 3.5 : 2, 0, 2 * Math.PI)
    ctx.fillStyle = mark.isDoubtful ? palette.surface : palette.focus
    ctx.fill()
    if (!mark.isDoubtful) continue
    ctx.strokeStyle = palette.grey
    ctx.lineWidth = 1.5
    ctx.stroke()
  }
}

/** From the unit that is coming to where it is going. */
export function paintLeg(
  ctx: CanvasRenderingContext2D,
  from: { x: number; y: number },
  to: { x: number; y: number },
  palette: Palette,
) {
  ctx.beginPath()
  ctx.setLineDash([6, 5])
  ctx.moveTo(from.x, from.y)
  ctx.lineTo(to.x, to.y)
  ctx.strokeStyle = palette.onTask
  ctx.lineWidth = 2
  ctx.stroke()
  ctx.setLineDash([])
}

/** A place that has been pointed at. */
export function paintCross(ctx: CanvasRenderingContext2D, x: number, y: number, palette: Palette) {
  for (const [colour, width] of [
    [palette.surface, 6],
    [palette.focus, 2.5],
  ] as const) {
    ctx.beginPath()
    ctx.moveTo(x - 11, y)
    ctx.lineTo(x + 11, y)
    ctx.moveTo(x, y - 11)
    ctx.lineTo(x, y + 11)
    ctx.strokeStyle = colour
    ctx.lineWidth = width
    ctx.stroke()
  }
}
