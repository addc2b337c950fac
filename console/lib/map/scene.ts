import { CoverScene } from '#console/lib/cover/scene.ts'
import { type UnitFacts, unitState } from '#console/lib/fleet/unit-state.ts'
import { nextPromise } from '#console/lib/promise.ts'
import type { Instant } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import { PRIORITIES } from '#domain/ticket.ts'
import { UNASSIGNED } from '#domain/ticket-states.ts'
import type { Unit } from '#domain/units.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'
import type { SeenUnit } from '#wire/fleet-frame.ts'
import { CLUSTERS_BELOW_ZOOM, type ClusterInput, UnitClusters } from './clusters.ts'
import { DatumShift } from './datum.ts'
import { EmergencyScene } from './emergency-scene.ts'
import { Hits } from './hits.ts'
import { paintCommunities, paintDistricts, type Written } from './paint-names.ts'
import { PIN_RISE_PX, paintTicket, type TicketMark, ticketRadius } from './paint-tickets.ts'
import { paintCross, paintLeg, paintTrail, type TrailMark } from './paint-trail.ts'
import {
  clusterRadius,
  paintCluster,
  paintUnitNotes,
  paintUnits,
  Sprites,
  type UnitMark,
  unitRadius,
} from './paint-units.ts'
import type { Palette } from './palette.ts'
import { SPREAD_FROM_ZOOM, spread } from './spread.ts'
import { isInView, placeAt, toX, toY, type View } from './view.ts'

/** Farther out a nose is larger than the way it points along. */
const HEADINGS_FROM_ZOOM = 12

/** Closer than this a district is larger than the map. */
const NAMES_BELOW_ZOOM = 13
const COMMUNITIES_FROM_ZOOM = 13

export interface UnitOnMap extends UnitFacts {
  unit: Unit
  isSelected: boolean
  isAlarming: boolean
}

export interface TicketOnMap {
  ticket: Ticket
  isSelected: boolean
  isAlarming: boolean
}

export interface NameOnMap {
  wx: number
  wy: number
  text: string
}

export interface TrailOnMap {
  wx: number
  wy: number
  isDoubtful: boolean
}

/** Everything the canvas shows, as plain values; the map's component fills it in and asks for a painting. */
export class Scene {
  palette: Palette | null = null
  now: Instant = 0
  /** By unit index. */
  units: ReadonlyMap<number, UnitOnMap> = new Map()
  tickets: readonly TicketOnMap[] = []
  trail: readonly TrailOnMap[] = []
  /** The place chosen for a report that is being written. */
  point: { wx: number; wy: number } | null = null
  /** Districts, named while whole districts are in view. */
  names: readonly NameOnMap[] = []
  /** Drawn under everything else, while single ones can be told apart. */
  communities: readonly NameOnMap[] = []
  isClustered = true
  isBlinkOn = true
  showsUnits = true
  /** Where a unit was last seen; null = nowhere. */
  seen: (index: number) => SeenUnit | null = () => null
  /** Communities in trouble with their providers, while that layer is on. */
  readonly emergency = new EmergencyScene()
  /** Who is within five minutes, while that layer is on. */
  readonly cover = new CoverScene()
  readonly hits = new Hits()
  readonly clusters = new UnitClusters()
  #shift = new DatumShift('WGS84')
  #sprites = new Sprites()

  constructor() {
    this.emergency.isQuiet = true
  }

  setDatum(datum: DatumShift['datum']): void {
    if (datum !== this.#shift.datum) this.#shift = new DatumShift(datum)
    this.emergency.setDatum(datum)
  }

  paint(ctx: CanvasRenderingContext2D, view: View): void {
    const { palette } = this
    this.hits.clear()
    if (!palette) return
    if (view.zoom >= COMMUNITIES_FROM_ZOOM)
      paintCommunities(ctx, this.#placed(view, this.communities, 20), view.zoom, palette)
    this.cover.paint(ctx, view, palette, this.#shift)
    this.emergency.paintMarks(ctx, view, palette, this.hits)
    const units = this.showsUnits ? this.#paintUnits(ctx, view, palette) : []
    if (view.zoom < NAMES_BELOW_ZOOM) paintDistricts(ctx, this.#placed(view, this.names, 60), this.hits, palette)
    this.#paintTrail(ctx, view, palette)
    this.#paintTickets(ctx, view, palette, units)
    if (this.point) paintCross(ctx, ...this.#place(view, this.point.wx, this.point.wy), palette)
  }

  #place(view: View, wx: number, wy: number): [x: number, y: number] {
    const [sx, sy] = this.#shift.shift(wx, wy)
    return [toX(view, sx), toY(view, sy)]
  }

  #paintUnits(ctx: CanvasRenderingContext2D, view: View, palette: Palette): UnitMark[] {
    const isFar = this.isClustered && view.zoom < CLUSTERS_BELOW_ZOOM
    const lone = isFar ? this.#paintClusters(ctx, view, palette) : null
    const marks: UnitMark[] = []
    for (const [index, on] of this.units) {
      if (lone && !lone.has(index) && !on.isSelected && !on.isAlarming) continue
      const mark = this.#unitMark(view, index, on)
      if (mark) marks.push(mark)
    }
    if (view.zoom >= SPREAD_FROM_ZOOM) this.#paintLegs(ctx, spread(marks).legs, palette)
    paintUnits(ctx, marks, view.zoom, palette, this.#sprites)
    paintUnitNotes(ctx, marks, view.zoom, palette, this.isBlinkOn)
    for (const { x, y, index } of marks) this.hits.add(x, y, unitRadius(view.zoom), { kind: 'unit', index })
    return marks
  }

  #placed(view: View, names: readonly NameOnMap[], marginPx: number): Written[] {
    const placed: Written[] = []
    for (const { wx, wy, text } of names) {
      const [x, y] = this.#place(view, wx, wy)
      if (isInView(view, x, y, marginPx)) placed.push({ x, y, text })
    }
    return placed
  }

  #unitMark(view: View, index: number, on: UnitOnMap): UnitMark | null {
    const seen = this.seen(index)
    const state = unitState(on.unit, seen, on, this.now)
    if (state === 'offDuty') return null
    const isAtPost = state === 'ghost' || !seen
    const [wx, wy] = isAtPost ? [worldX(on.unit.postLng), worldY(on.unit.postLat)] : [seen.wx, seen.wy]
    const [x, y] = this.#place(view, wx, wy)
    if (!isInView(view, x, y, 24)) return null
    const { isOnTask, isSelected, isAlarming, unit } = on
    const headingDeg = isAtPost || state === 'stale' || view.zoom < HEADINGS_FROM_ZOOM ? null : seen.headingDeg
    return { index, x, y, state, isOnTask, headingDeg, isSelected, isAlarming, label: unit.callsign }
  }

  /** Draws what is gathered and answers who stands alone. */
  #paintClusters(ctx: CanvasRenderingContext2D, view: View, palette: Palette): Set<number> {
    const [west, north] = placeAt(view, -60, -60)
    const [east, south] = placeAt(view, view.width + 60, view.height + 60)
    const { clusters, lone } = this.clusters.around(
      () => this.#clusterInput(),
      [west, south, east, north],
      view.zoom,
      performance.now(),
    )
    for (const mark of clusters) {
      const [x, y] = this.#place(view, mark.wx, mark.wy)
      if (!isInView(view, x, y, 30)) continue
      paintCluster(ctx, mark, x, y, palette)
      const [lng, lat] = placeAt(view, x, y)
      this.hits.add(x, y, clusterRadius(mark.size), { kind: 'cluster', id: mark.id, lng, lat })
    }
    return lone
  }

  #clusterInput(): ClusterInput[] {
    const input: ClusterInput[] = []
    for (const [index, on] of this.units) {
      // What is selected or alarming is always seen by itself.
      if (on.isSelected || on.isAlarming) continue
      const seen = this.seen(index)
      const state = unitState(on.unit, seen, on, this.now)
      if (state === 'offDuty') continue
      const place = state === 'ghost' || !seen ? { wx: worldX(on.unit.postLng), wy: worldY(on.unit.postLat) } : seen
      input.push({ index, wx: place.wx, wy: place.wy, state })
    }
    return input
  }

  #paintLegs(ctx: CanvasRenderingContext2D, legs: readonly [UnitPoint, UnitPoint][], palette: Palette): void {
    ctx.beginPath()
    for (const [from, to] of legs) {
      ctx.moveTo(from.x, from.y)
      ctx.lineTo(to.x, to.y)
    }
    ctx.strokeStyle = palette.ink3
    ctx.lineWidth = 1
    ctx.stroke()
  }

  #paintTrail(ctx: CanvasRenderingContext2D, view: View, palette: Palette): void {
    const marks: TrailMark[] = this.trail.map(({ wx, wy, isDoubtful }) => {
      const [x, y] = this.#place(view, wx, wy)
      return { x, y, isDoubtful }
    })
    paintTrail(ctx, marks, palette)
  }

  #paintTickets(ctx: CanvasRenderingContext2D, view: View, palette: Palette, units: readonly UnitMark[]): void {
    const marks = this.tickets.map((on) => this.#ticketMark(view, on)).filter((mark) => mark !== null)
    const chosen = this.tickets.find((on) => on.isSelected)
    const coming =
      chosen?.ticket.unitId && units.find((mark) => this.units.get(mark.index)?.unit.id === chosen.ticket.unitId)
    const target = marks.find((mark) => mark.isSelected)
    if (coming && target) paintLeg(ctx, coming, target, palette)
    // The selected one last: on top.
    for (const mark of marks.sort((a, b) => Number(a.isSelected) - Number(b.isSelected))) {
      paintTicket(ctx, mark, view.zoom, palette, this.isBlinkOn)
      this.hits.add(mark.x, mark.y - PIN_RISE_PX, ticketRadius(view.zoom) + 1, { kind: 'ticket', id: mark.id })
    }
  }

  #ticketMark(view: View, { ticket, isSelected, isAlarming }: TicketOnMap): TicketMark | null {
    const [x, y] = this.#place(view, worldX(ticket.lng), worldY(ticket.lat))
    if (!isInView(view, x, y, 40)) return null
    return {
      id: ticket.id,
      number: ticket.number,
      x,
      y,
      gravity: PRIORITIES.indexOf(ticket.priority),
      promised: nextPromise(ticket, this.now),
      isUnassigned: UNASSIGNED.includes(ticket.status),
      isSelected,
      isAlarming,
    }
  }
}

interface UnitPoint {
  x: number
  y: number
}
