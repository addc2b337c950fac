import type { CommunityStatus } from '#domain/community-status.ts'
import { paintLabel, paintRing } from './paint-units.ts'
import type { Palette } from './palette.ts'

/** A community in trouble: its shape says the status, its figure the days it has gone uncovered. */
export interface CommunityMark {
  id: string
  x: number
  y: number
  status: CommunityStatus
  /** null = covered. */
  daysUncovered: number | null
  name: string
  isSelected: boolean
  /** One of several chosen together. */
  isChosen: boolean
}

export interface ProviderMark {
  id: string
  x: number
  y: number
  name: string
  /** How full it is, percent; null = not known. */
  loadPercent: number | null
  isSelected: boolean
}

export interface LinkMark {
  from: { x: number; y: number }
  to: { x: number; y: number }
  /** proposed: not yet agreed; serving: in force; changed: other than before. */
  kind: 'proposed' | 'serving' | 'changed'
  isSelected: boolean
}

const LABELS_FROM_ZOOM = 13
/** A name is about so long, and a line so high: names that would cross are left out, the later one. */
const NAME_PX = 150
const LINE_PX = 14
/** Nearer than this the quiet map shows what the others do. */
const LOUD_FROM_ZOOM = 12
const PROVIDER_RADIUS_PX = 8

export const communityRadius = (zoom: number): number => (zoom < 11 ? 7 : 9)
export const providerRadius = PROVIDER_RADIUS_PX

const SHAPES: Record<CommunityStatus, 'diamond' | 'triangle' | 'square' | 'half'> = {
  managed: 'square',
  self_managed: 'square',
  at_risk: 'triangle',
  unmanaged: 'diamond',
  selecting: 'diamond',
  emergency: 'square',
  handing_over: 'half',
}

/** Shape and colour together, so that neither the colour-blind nor the hurried mistake one for another. */
export function paintCommunity(ctx: CanvasRenderingContext2D, mark: CommunityMark, zoom: number, palette: Palette) {
  const r = communityRadius(zoom)
  const { x, y, status } = mark
  const isUncovered = mark.daysUncovered !== null
  const colour = isUncovered ? palette.danger : status === 'at_risk' ? palette.caution : palette.available
  ctx.lineWidth = 2
  ctx.strokeStyle = isUncovered ? palette.raised : colour
  ctx.fillStyle = isUncovered || status === 'emergency' ? colour : palette.raised
  ctx.beginPath()
  outline(ctx, SHAPES[status], x, y, r + (isUncovered ? 2 : 0))
  ctx.fill()
  ctx.stroke()
  if (SHAPES[status] === 'half') {
    ctx.fillStyle = colour
    ctx.fillRect(x - r + 1, y - r + 1, r - 1, 2 * r - 2)
  }
  if (isUncovered || status === 'at_risk') paintFigure(ctx, mark, palette)
  if (mark.isSelected) paintRing(ctx, x, y, r + 6, palette.focus, 2.5)
  else if (mark.isChosen) paintRing(ctx, x, y, r + 5, palette.ink, 2)
}

/** On a map that shows other things first: a dot of the same shape and colour, from near the whole mark. */
export function paintQuietCommunity(
  ctx: CanvasRenderingContext2D,
  mark: CommunityMark,
  zoom: number,
  palette: Palette,
) {
  if (zoom >= LOUD_FROM_ZOOM) return paintCommunity(ctx, mark, zoom, palette)
  ctx.beginPath()
  outline(ctx, SHAPES[mark.status], mark.x, mark.y, 3)
  ctx.fillStyle =
    mark.daysUncovered !== null ? palette.danger : mark.status === 'at_risk' ? palette.caution : palette.available
  ctx.fill()
}

interface Named {
  x: number
  y: number
  name: string
  isSelected: boolean
}

/** The selected one's name always, the others' where they cross none. */
export function paintMarkNames(ctx: CanvasRenderingContext2D, marks: readonly Named[], zoom: number, palette: Palette) {
  const written: Named[] = []
  for (const mark of [...marks].sort((a, b) => Number(b.isSelected) - Number(a.isSelected))) {
    if (zoom < LABELS_FROM_ZOOM && !mark.isSelected) continue
    const isCrossed = written.some((each) => Math.abs(each.x - mark.x) < NAME_PX && Math.abs(each.y - mark.y) < LINE_PX)
    if (isCrossed) continue
    paintLabel(ctx, mark.name, mark.x + communityRadius(zoom) + 7, mark.y, palette, mark.isSelected)
    written.push(mark)
  }
}

function outline(ctx: CanvasRenderingContext2D, shape: string, x: number, y: number, r: number) {
  if (shape === 'diamond') {
    ctx.moveTo(x, y - r - 2)
    ctx.lineTo(x + r + 2, y)
    ctx.lineTo(x, y + r + 2)
    ctx.lineTo(x - r - 2, y)
    ctx.closePath()
  } else if (shape === 'triangle') {
    ctx.moveTo(x, y - r - 1)
    ctx.lineTo(x + r + 1, y + r - 1)
    ctx.lineTo(x - r - 1, y + r - 1)
    ctx.closePath()
  } else ctx.rect(x - r + 1, y - r + 1, 2 * r - 2, 2 * r - 2)
}

function paintFigure(ctx: CanvasRenderingContext2D, mark: CommunityMark, palette: Palette) {
  const text = mark.daysUncovered === null ? '!' : String(Math.min(mark.daysUncovered, 999))
  ctx.font = `700 ${text.length > 2 ? 8 : 10}px ${palette.font}`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = mark.daysUncovered === null ? palette.cautionText : '#fff'
  ctx.fillText(text, mark.x, mark.y + (mark.daysUncovered === null ? 2 : 0.5))
}

/** A house with its load as a ring around it. */
export function paintProvider(ctx: CanvasRenderingContext2D, mark: ProviderMark, palette: Palette) {
  const { x, y, loadPercent } = mark
  const r = PROVIDER_RADIUS_PX
  ctx.beginPath()
  ctx.arc(x, y, r + 1, 0, 2 * Math.PI)
  ctx.fillStyle = palette.raised
  ctx.fill()
  ctx.lineWidth = 3
  ctx.strokeStyle = palette.line
  ctx.stroke()
  if (loadPercent !== null && loadPercent > 0) {
    ctx.beginPath()
    ctx.arc(x, y, r + 1, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * Math.min(1, loadPercent / 100))
    ctx.strokeStyle = loadPercent >= 90 ? palette.danger : palette.onTask
    ctx.stroke()
  }
  ctx.beginPath()
  ctx.moveTo(x - 4.5, y)
  ctx.lineTo(x, y - 4.5)
  ctx.lineTo(x + 4.5, y)
  ctx.lineTo(x + 3, y)
  ctx.lineTo(x + 3, y + 4)
  ctx.lineTo(x - 3, y + 4)
  ctx.lineTo(x - 3, y)
  ctx.closePath()
  ctx.fillStyle = palette.ink
  ctx.fill()
  if (mark.isSelected) paintRing(ctx, x, y, r + 6, palette.focus, 2.5)
}

/** Broken while it is only proposed. */
export function paintLinks(ctx: CanvasRenderingContext2D, links: readonly LinkMark[], palette: Palette) {
  for (const { from, to, kind, isSelected } of links) {
    ctx.beginPath()
    ctx.moveTo(from.x, from.y)
    ctx.lineTo(to.x, to.y)
    ctx.setLineDash(kind === 'serving' ? [] : [5, 4])
    ctx.lineWidth = isSelected ? 3 : 1.25
    ctx.strokeStyle = isSelected ? palette.focus : kind === 'changed' ? palette.caution : palette.ink3
    ctx.stroke()
  }
  ctx.setLineDash([])
}
