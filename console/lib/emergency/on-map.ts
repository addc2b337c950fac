import { feed } from '#console/lib/feed/feed.svelte.ts'
import type { CommunityOnMap, LinkOnMap, ProviderOnMap } from '#console/lib/map/emergency-scene.ts'
import { places } from '#console/lib/places.svelte.ts'
import { session } from '#console/lib/session.svelte.ts'
import { may } from '#domain/access.ts'
import type { CommunityCase } from '#domain/community.ts'
import { committedBy } from '#domain/engageable.ts'
import { COMMITTED, IN_THE_MAKING, SERVING } from '#domain/engagement.ts'
import type { Instant } from '#domain/instant.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { RESOURCES } from '#domain/services.ts'
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

/**
 * Each provider's fullest resource, percent, by the engagements that bind it. Empty for who sees only some of a firm's
 * engagements: a part of the load would look like all of it.
 */
export function providerLoads(): Map<string, number> {
  const { me } = session
  if (!me || !may(me.grants, 'engagement.read', { tenant: me.tenant })) return new Map()
  const bound = [...feed.engagements.values()].filter(({ status }) => COMMITTED.includes(status))
  const byFirm = Map.groupBy(bound, ({ firmId }) => firmId)
  return new Map(
    [...feed.pool.values()].map(({ firmId, capacity }) => {
      const used = committedBy(byFirm.get(firmId) ?? [])
      return [firmId, Math.max(...RESOURCES.map((each) => percentOf(used[each], capacity[each])))]
    }),
  )
}

const percentOf = (part: number, whole: number): number => (whole > 0 ? (100 * part) / whole : part > 0 ? 100 : 0)
