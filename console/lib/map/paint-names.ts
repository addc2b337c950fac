import type { Hits } from './hits.ts'
import type { Palette } from './palette.ts'

export interface Written {
  x: number
  y: number
  text: string
}

/** Half of what a name of four signs takes, and a line. */
const ROOM_PX = 26
const LINE_PX = 15

/** A community's name is longer, and written beside its point. */
const NAMED_FROM_ZOOM = 15
const NAME_PX = 130

const isCrossed = (written: readonly Written[], { x, y }: Written, roomPx: number) =>
  written.some((each) => Math.abs(each.x - x) < roomPx && Math.abs(each.y - y) < LINE_PX)

/** A name half under a cluster, or across another, reads as neither: it is left out. */
export function paintDistricts(ctx: CanvasRenderingContext2D, names: readonly Written[], hits: Hits, palette: Palette) {
  ctx.font = `500 12px ${palette.font}`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = palette.ink3
  const written: Written[] = []
  for (const name of names) {
    if (isCrossed(written, name, 2 * ROOM_PX) || hits.isNear(name.x, name.y, ROOM_PX)) continue
    ctx.fillText(name.text, name.x, name.y)
    written.push(name)
  }
}

/** Points where people live, named from near: without tiles they are what one finds one's way by. */
export function paintCommunities(
  ctx: CanvasRenderingContext2D,
  names: readonly Written[],
  zoom: number,
  palette: Palette,
) {
  ctx.fillStyle = palette.line
  for (const { x, y } of names) ctx.fillRect(x - 1.5, y - 1.5, 3, 3)
  if (zoom < NAMED_FROM_ZOOM) return
  ctx.font = `400 11px ${palette.font}`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = palette.ink3
  const written: Written[] = []
  for (const name of names) {
    if (isCrossed(written, name, NAME_PX)) continue
    ctx.fillText(name.text, name.x + 5, name.y)
    written.push(name)
  }
}
