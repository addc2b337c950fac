import type { CommunityStatus } from '#domain/community-status.ts'
import { DatumShift } from './datum.ts'
import { Hits } from './hits.ts'
import {
  type CommunityMark,
  communityRadius,
  type LinkMark,
  type ProviderMark,
  paintCommunity,
  paintLinks,
  paintMarkNames,
  paintProvider,
  paintQuietCommunity,
  providerRadius,
} from './paint-communities.ts'
import { paintCommunities, paintDistricts, type Written } from './paint-names.ts'
import type { Palette } from './palette.ts'
import type { NameOnMap } from './scene.ts'
import { isInView, toX, toY, type View } from './view.ts'

/** Closer than this a district is larger than the map. */
const NAMES_BELOW_ZOOM = 13
const COMMUNITIES_FROM_ZOOM = 12
const MARGIN_PX = 40
/** More communities than this are dots until one is near. */
const DOTS_FROM = 800
/** From here on a quiet map shows providers and lines too. */
const NEAR_ZOOM = 12

interface Placed {
  id: string
  wx: number
  wy: number
  name: string
  isSelected: boolean
}

export interface CommunityOnMap extends Placed {
  status: CommunityStatus
  daysUncovered: number | null
  isChosen: boolean
}

export interface ProviderOnMap extends Placed {
  loadPercent: number | null
}

export interface LinkOnMap {
  communityId: string
  providerId: string
  kind: LinkMark['kind']
}

/** A community on its way to another provider, under somebody's pointer. */
export interface Dragged {
  communityId: string
  x: number
  y: number
}

/** Communities in trouble, their providers, and who is to serve whom. Plain values; the component fills them in. */
export class EmergencyScene {
  palette: Palette | null = null
  communities: readonly CommunityOnMap[] = []
  providers: readonly ProviderOnMap[] = []
  links: readonly LinkOnMap[] = []
  names: readonly NameOnMap[] = []
  /** Every community of the city, faint. */
  background: readonly NameOnMap[] = []
  dragged: Dragged | null = null
  /** Another map's layer: from far it shows dots only. */
  isQuiet = false
  readonly hits = new Hits()
  #shift = new DatumShift('WGS84')

  setDatum(datum: DatumShift['datum']): void {
    if (datum !== this.#shift.datum) this.#shift = new DatumShift(datum)
  }

  paint(ctx: CanvasRenderingContext2D, view: View): void {
    const { palette } = this
    this.hits.clear()
    if (!palette) return
    if (view.zoom >= COMMUNITIES_FROM_ZOOM)
      paintCommunities(ctx, this.#written(view, this.background), view.zoom, palette)
    this.paintMarks(ctx, view, palette, this.hits)
    if (view.zoom < NAMES_BELOW_ZOOM) paintDistricts(ctx, this.#written(view, this.names), this.hits, palette)
  }

  /** Links, providers and communities alone, for a map that shows other things besides. */
  paintMarks(ctx: CanvasRenderingContext2D, view: View, palette: Palette, hits: Hits): void {
    const communities = new Map(this.communities.map((each) => [each.id, this.#communityMark(view, each)]))
    const isFar = this.isQuiet && view.zoom < NEAR_ZOOM
    const providers = new Map((isFar ? [] : this.providers).map((each) => [each.id, this.#providerMark(view, each)]))
    paintLinks(ctx, this.#linkMarks(view, communities, providers), palette)
    if (this.dragged) paintLinks(ctx, draggedLink(this.dragged, communities), palette)
    const isSeen = ({ x, y }: { x: number; y: number }) => isInView(view, x, y, MARGIN_PX)
    const seenProviders = [...providers.values()].filter(isSeen)
    for (const mark of seenProviders) {
      paintProvider(ctx, mark, palette)
      hits.add(mark.x, mark.y, providerRadius, { kind: 'provider', id: mark.id })
    }
    // What is selected lies on top of what is only near it.
    const seen = [...communities.values()].filter(isSeen).sort((a, b) => Number(a.isSelected) - Number(b.isSelected))
    // Thousands of whole marks hide each other and are slow to draw: from far they are dots, and the selected one is whole.
    const isDotted = this.isQuiet || seen.length > DOTS_FROM
    for (const mark of seen) {
      const paintOne = isDotted && !mark.isSelected && !mark.isChosen ? paintQuietCommunity : paintCommunity
      paintOne(ctx, mark, view.zoom, palette)
      hits.add(mark.x, mark.y, isFar ? 2 : communityRadius(view.zoom), { kind: 'community', id: mark.id })
    }
    paintMarkNames(ctx, [...seen, ...seenProviders], view.zoom, palette)
  }

  #place(view: View, wx: number, wy: number): { x: number; y: number } {
    const [sx, sy] = this.#shift.shift(wx, wy)
    return { x: toX(view, sx), y: toY(view, sy) }
  }

  #written(view: View, names: readonly NameOnMap[]): Written[] {
    return names
      .map(({ wx, wy, text }) => ({ ...this.#place(view, wx, wy), text }))
      .filter(({ x, y }) => isInView(view, x, y, MARGIN_PX))
  }

  #communityMark(view: View, on: CommunityOnMap): CommunityMark {
    return { ...on, ...this.#place(view, on.wx, on.wy) }
  }

  #providerMark(view: View, on: ProviderOnMap): ProviderMark {
    return { ...on, ...this.#place(view, on.wx, on.wy) }
  }

  #linkMarks(
    view: View,
    communities: ReadonlyMap<string, CommunityMark>,
    providers: ReadonlyMap<string, ProviderMark>,
  ): LinkMark[] {
    const marks: LinkMark[] = []
    for (const { communityId, providerId, kind } of this.links) {
      const [from, to] = [communities.get(communityId), providers.get(providerId)]
      if (!from || !to || !(isInView(view, from.x, from.y, MARGIN_PX) || isInView(view, to.x, to.y, MARGIN_PX)))
        continue
      marks.push({ from, to, kind, isSelected: from.isSelected || to.isSelected })
    }
    return marks.sort((a, b) => Number(a.isSelected) - Number(b.isSelected))
  }
}

function draggedLink({ communityId, x, y }: Dragged, communities: ReadonlyMap<string, CommunityMark>): LinkMark[] {
  const from = communities.get(communityId)
  return from ? [{ from, to: { x, y }, kind: 'proposed', isSelected: true }] : []
}
