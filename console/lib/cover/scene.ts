import type { DatumShift } from '#console/lib/map/datum.ts'
import type { Palette } from '#console/lib/map/palette.ts'
import { isInView, toX, toY, type View } from '#console/lib/map/view.ts'

/** A community as the cover shows it. */
export interface CoveredPlace {
  wx: number
  wy: number
  isInside: boolean
  /** 0–1: how large it is beside the largest. */
  size: number
}

/** Somebody who could stand elsewhere. */
export interface MoveOnMap {
  from: { wx: number; wy: number }
  to: { wx: number; wy: number }
  isChosen: boolean
}

/** Communities inside and outside of reach, told apart by shape and colour, and the moves that are proposed. */
export class CoverScene {
  places: readonly CoveredPlace[] = []
  moves: readonly MoveOnMap[] = []

  paint(ctx: CanvasRenderingContext2D, view: View, palette: Palette, shift: DatumShift): void {
    const at = ({ wx, wy }: { wx: number; wy: number }) => {
      const [sx, sy] = shift.shift(wx, wy)
      return { x: toX(view, sx), y: toY(view, sy) }
    }
    const least = view.zoom < 11 ? 1.6 : view.zoom < 13 ? 2.6 : 4
    for (const isInside of [true, false]) {
      ctx.beginPath()
      for (const place of this.places) {
        if (place.isInside !== isInside) continue
        const { x, y } = at(place)
        if (!isInView(view, x, y, 12)) continue
        if (isInside) dot(ctx, x, y, least + 3 * place.size)
        else diamond(ctx, x, y, least + 1.4 + 4 * place.size)
      }
      paintAll(ctx, isInside, palette)
    }
    for (const { from, to, isChosen } of this.moves) arrow(ctx, at(from), at(to), isChosen, palette)
  }
}

function dot(ctx: CanvasRenderingContext2D, x: number, y: number, r: number) {
  ctx.moveTo(x + r, y)
  ctx.arc(x, y, r, 0, 2 * Math.PI)
}

function diamond(ctx: CanvasRenderingContext2D, x: number, y: number, r: number) {
  ctx.moveTo(x, y - r)
  ctx.lineTo(x + r, y)
  ctx.lineTo(x, y + r)
  ctx.lineTo(x - r, y)
  ctx.closePath()
}

/** Inside: full and quiet. Outside: hollow and bright. */
function paintAll(ctx: CanvasRenderingContext2D, isInside: boolean, palette: Palette) {
  if (isInside) {
    ctx.globalAlpha = 0.55
    ctx.fillStyle = palette.available
    ctx.fill()
    ctx.globalAlpha = 1
    return
  }
  ctx.fillStyle = palette.raised
  ctx.globalAlpha = 0.75
  ctx.fill()
  ctx.globalAlpha = 1
  ctx.lineWidth = 1.6
  ctx.strokeStyle = palette.cautionText
  ctx.stroke()
}

const HEAD_PX = 9

interface Point {
  x: number
  y: number
}

function arrow(ctx: CanvasRenderingContext2D, from: Point, to: Point, isChosen: boolean, palette: Palette) {
  const angle = Math.atan2(to.y - from.y, to.x - from.x)
  ctx.strokeStyle = palette.focus
  ctx.lineWidth = isChosen ? 3.5 : 2
  ctx.setLineDash([7, 5])
  ctx.beginPath()
  ctx.moveTo(from.x, from.y)
  ctx.lineTo(to.x, to.y)
  ctx.stroke()
  ctx.setLineDash([])
  ctx.beginPath()
  ctx.moveTo(to.x, to.y)
  for (const side of [-0.45, 0.45])
    ctx.lineTo(to.x - HEAD_PX * Math.cos(angle + side), to.y - HEAD_PX * Math.sin(angle + side))
  ctx.closePath()
  ctx.fillStyle = palette.focus
  ctx.fill()
}
