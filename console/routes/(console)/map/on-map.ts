import { desk } from '#console/lib/desk.svelte.ts'
import { communityOnMap, engagementLinks, providerLoads, providerOnMap } from '#console/lib/emergency/on-map.ts'
import { feed } from '#console/lib/feed/feed.svelte.ts'
import type { EmergencyScene } from '#console/lib/map/emergency-scene.ts'
import type { NameOnMap, TicketOnMap, UnitOnMap } from '#console/lib/map/scene.ts'
import { places } from '#console/lib/places.svelte.ts'
import { serverTime } from '#console/lib/server-time.svelte.ts'
import { named } from '#console/lib/words.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { LngLat } from '#domain/places.ts'
import { ENDED } from '#domain/ticket-states.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'

/** Every unit by its index, with what decides its shape. Read inside an effect: it follows feed and selection. */
export function unitsOnMap(): Map<number, UnitOnMap> {
  const tasks = feed.tasks()
  const { reachable } = feed
  const alarming = new Set(feed.openAlarms.map((alarm) => alarm.unitId))
  const onMap = new Map<number, UnitOnMap>()
  for (const unit of feed.units.values()) {
    onMap.set(unit.index, {
      unit,
      isOnTask: tasks.has(unit.id),
      isReachable: reachable.has(unit.id),
      isSelected: unit.id === desk.unitId,
      isAlarming: alarming.has(unit.id),
    })
  }
  return onMap
}

export function ticketsOnMap(): TicketOnMap[] {
  const alarming = new Set(feed.openAlarms.map((alarm) => alarm.ticketId))
  const onMap: TicketOnMap[] = []
  for (const ticket of feed.tickets.values()) {
    const isSelected = ticket.id === desk.ticketId
    if (ENDED.includes(ticket.status) && !isSelected) continue
    onMap.push({ ticket, isSelected, isAlarming: alarming.has(ticket.id) })
  }
  return onMap
}

/** A place in world steps. */
export const stepsOf = ([lng, lat]: LngLat) => ({ wx: worldX(lng), wy: worldY(lat) })

export const districtNames = (): NameOnMap[] =>
  Array.from(places.districts.values(), ({ name, centre }) => ({ ...stepsOf(centre), text: named(name) }))

/** Communities in trouble, who serves them and who is to; nothing while the layer is off. By the minute: it counts days. */
export function emergencyOnMap(isShown: boolean): Pick<EmergencyScene, 'communities' | 'providers' | 'links'> {
  if (!isShown || feed.cases.size === 0) return { communities: [], providers: [], links: [] }
  const now = Math.floor(serverTime.now / MINUTE_MS) * MINUTE_MS
  const links = engagementLinks()
  const loads = providerLoads()
  const serving = new Set(links.map(({ providerId }) => providerId))
  return {
    communities: [...feed.cases.values()].flatMap(
      (each) => communityOnMap(each, now, { isSelected: false, isChosen: false }) ?? [],
    ),
    providers: [...feed.pool.values()]
      .filter(({ firmId }) => serving.has(firmId))
      .map((entry) => providerOnMap(entry, loads.get(entry.firmId) ?? null, false)),
    links,
  }
}

/** What an offline map has instead of streets. */
export const communityNames = (): NameOnMap[] =>
  Array.from(places.communities.values(), ({ name, lng, lat }) => ({ ...stepsOf([lng, lat]), text: name }))
