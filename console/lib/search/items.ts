import { named, words } from '#console/lib/words.ts'
import type { Community, District, LngLat, Neighbourhood, Subdistrict } from '#domain/places.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Unit } from '#domain/units.ts'

export const ITEM_KINDS = ['action', 'ticket', 'unit', 'community', 'neighbourhood', 'subdistrict', 'district'] as const

/** One thing that can be found by typing. */
export interface SearchItem {
  kind: (typeof ITEM_KINDS)[number]
  id: string
  text: string
  /** Said beside it, not searched in. */
  note: string
  place: LngLat | null
}

interface PlaceBook {
  districts: ReadonlyMap<string, District>
  subdistricts: ReadonlyMap<string, Subdistrict>
  neighbourhoods: ReadonlyMap<string, Neighbourhood>
  communities: ReadonlyMap<string, Community>
  areaName(place: { districtCode: string | null; subdistrictCode: string | null }): string
}

export const unitItems = (units: Iterable<Unit>): SearchItem[] =>
  Array.from(units, (unit) => ({
    kind: 'unit',
    id: unit.id,
    text: unit.callsign,
    note: words.unitKind(unit.kind),
    place: null,
  }))

export const ticketItems = (tickets: Iterable<Ticket>): SearchItem[] =>
  Array.from(tickets, (ticket) => ({
    kind: 'ticket',
    id: ticket.id,
    text: `#${ticket.number} ${words.category(ticket.category)} ${ticket.address}`,
    note: words.status(ticket.status),
    place: [ticket.lng, ticket.lat],
  }))

export const communityItems = (book: PlaceBook): SearchItem[] =>
  Array.from(book.communities.values(), (community) => ({
    kind: 'community',
    id: community.id,
    text: community.name,
    note: book.areaName(community),
    place: [community.lng, community.lat],
  }))

/** Only districts and communities have a point of their own; the rest stand where their communities are. */
export function placeItems(book: PlaceBook): SearchItem[] {
  const somewhere = new Map<string, LngLat>()
  for (const { lng, lat, subdistrictCode, neighbourhoodCode } of book.communities.values()) {
    somewhere.set(subdistrictCode, [lng, lat])
    somewhere.set(neighbourhoodCode, [lng, lat])
  }
  const items: SearchItem[] = []
  for (const { code, name, centre } of book.districts.values())
    items.push({ kind: 'district', id: code, text: named(name), note: code, place: centre })
  for (const { code, name, districtCode } of book.subdistricts.values()) {
    const note = book.areaName({ districtCode, subdistrictCode: null })
    items.push({ kind: 'subdistrict', id: code, text: name, note, place: somewhere.get(code) ?? null })
  }
  for (const { code, name, subdistrictCode } of book.neighbourhoods.values()) {
    const districtCode = book.subdistricts.get(subdistrictCode)?.districtCode ?? null
    const note = book.areaName({ districtCode, subdistrictCode })
    items.push({ kind: 'neighbourhood', id: code, text: name, note, place: somewhere.get(code) ?? null })
  }
  return items
}
