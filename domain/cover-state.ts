import type { Asked, CoverTotals, CoverUnit } from './cover.ts'
import type { ReceivedFix } from './fix.ts'
import { freshnessOf } from './freshness.ts'
import type { Instant } from './instant.ts'
import type { Unit } from './units.ts'

/** The cover as a console is told it: whole every time, so that one that was missed is made good by the next. */
export interface CoverState {
  at: Instant
  asked: Asked
  /** Of the list of communities the bits are of: whoever has another list paints nothing. */
  placesKey: string
  covered: CoverTotals
  all: CoverTotals
  /** Free units on duty whose position is fresh: they alone count. */
  counted: number
  /** Free units on duty that nobody has heard of lately: they may cover, and it is not claimed. */
  unseen: number
  /** A bit for each community in the order of their ids (`isInsideAt`). */
  inside: string
}

/** CV5: how a unit counts: where it was last heard of while that is fresh; unseen when it is free and was not; null = not free. */
export function standsAt(unit: Unit, fix: ReceivedFix | null, now: Instant): CoverUnit | 'unseen' | null {
  if (unit.duty !== 'onDuty') return null
  if (!fix || freshnessOf(fix, unit.duty, now) !== 'fresh') return 'unseen'
  const { id, kind, mode, skills } = unit
  return { id, kind, mode, skills, lng: fix.lng, lat: fix.lat, isFree: true }
}

/** The order the bits are in. */
export const inOrder = <T extends { id: string }>(places: Iterable<T>): T[] =>
  [...places].sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)))

/** FNV-1a over the ids, with how many they are. */
export function placesKeyOf(places: readonly { id: string }[]): string {
  let hash = 0x811c9dc5
  for (const { id } of places)
    for (let i = 0; i <= id.length; i++) hash = Math.imul(hash ^ (i < id.length ? id.charCodeAt(i) : 0), 0x01000193)
  return `${places.length}-${(hash >>> 0).toString(36)}`
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Six communities a digit, the first in the lowest bit. */
export function packInside(count: number, isInside: (place: number) => boolean): string {
  let text = ''
  for (let from = 0; from < count; from += 6) {
    let six = 0
    for (let bit = 0; bit < 6 && from + bit < count; bit++) if (isInside(from + bit)) six |= 1 << bit
    text += DIGITS[six]
  }
  return text
}

export const isInsideAt = (inside: string, place: number): boolean =>
  ((DIGITS.indexOf(inside[Math.floor(place / 6)] ?? 'A') >> (place % 6)) & 1) === 1
