import { feed } from '#console/lib/feed/feed.svelte.ts'
import type { CommunityOnMap, LinkOnMap, ProviderOnMap } from '#console/lib/map/emergency-scene.ts'
import { places } from '#console/lib/places.svelte.ts'
import type { CommunityCase } from '#domain/community.ts'
import { IN_THE_MAKING, SERVING } from '#domain/engagement.ts'
import type { Instant } from '#domain/instant.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'
import { daysUncovered } from './trouble.ts'

/** A community in trouble where it lies; null while the places are not read yet. */
export function communityOnMap(
  each: CommunityCase,
  now: Instant,
  marked: { isSelected: boolean; isChosen: boolean },
): CommunityOnMap | null {
  const place = places.communities.get(each.communityId)
  if (!place) return null
  return {
    id: each.communityId,
    wx: worldX(place.lng),
    wy: worldY(place.lat),
    name: place.name,
    status: each.status,
    daysUncovered: daysUncovered(each, now),
    ...marked,
  }
}

export const providerOnMap = (
  entry: Pick<PoolEntry, 'firmId' | 'lng' | 'lat'>,
  loadPercent: number | null,
  isSelected: boolean,
): ProviderOnMap => ({
  id: entry.firmId,
  wx: worldX(entry.lng),
  wy: worldY(entry.lat),
  name: feed.firms.get(entry.firmId)?.name ?? '',
  loadPercent,
  isSelected,
})

/** Who serves whom, and who is to: as the engagements say. Read inside an effect. */
export function engagementLinks(): LinkOnMap[] {
  const links: LinkOnMap[] = []
  for (const { communityId, firmId, status } of feed.engagements.values()) {
    const kind = SERVING.includes(status) ? 'serving' : IN_THE_MAKING.includes(status) ? 'proposed' : null
    if (kind) links.push({ communityId, providerId: firmId, kind })
  }
  return links
}
