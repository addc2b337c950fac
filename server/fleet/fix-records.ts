import { FIX_SOURCES, type ReceivedFix } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'

/**
 * Numbers of one unit: in the first eight what every next fix is asked and judged by, in the second the rest of its latest
 * fix (NaN = unknown). Sixteen of them are two lines of a processor's cache: what makes twenty thousand a second cheap is to
 * touch little memory for each.
 */
const [SINCE, AT, RECEIVED_AT, LNG, LAT, ACCURACY, SOURCE, REMEMBERED_AT] = [0, 1, 2, 3, 4, 5, 6, 7]
const [SPEED, HEADING, ALTITUDE, BATTERY, FRESH_UNTIL] = [8, 9, 10, 11, 12]
const FIELDS = 16

/**
 * The latest fix of every unit as plain numbers, one record after another. Tens of thousands of objects that are replaced a
 * few times a second cost more to keep and to collect than to judge; here a fix is ten numbers written in place.
 */
export class FixRecords {
  #numbers = new Float64Array(1_024 * FIELDS)
  #count = 0

  /** A place for one more unit. */
  add(): number {
    if ((this.#count + 1) * FIELDS > this.#numbers.length) {
      const grown = new Float64Array(this.#numbers.length * 2)
      grown.set(this.#numbers)
      this.#numbers = grown
    }
    this.clear(this.#count)
    return this.#count++
  }

  clear(slot: number): void {
    this.#numbers[slot * FIELDS + AT] = Number.NaN
    this.#numbers[slot * FIELDS + FRESH_UNTIL] = Number.NaN
    this.#numbers[slot * FIELDS + REMEMBERED_AT] = Number.NEGATIVE_INFINITY
  }

  /** Fixes from before this moment were taken off duty or before consent. */
  since(slot: number): Instant {
    return this.#numbers[slot * FIELDS + SINCE] as number
  }

  setSince(slot: number, since: Instant): void {
    this.#numbers[slot * FIELDS + SINCE] = since
  }

  /** Device time of the fix remembered last. */
  rememberedAt(slot: number): Instant {
    return this.#numbers[slot * FIELDS + REMEMBERED_AT] as number
  }

  setRememberedAt(slot: number, at: Instant): void {
    this.#numbers[slot * FIELDS + REMEMBERED_AT] = at
  }

  setFreshUntil(slot: number, until: Instant): void {
    this.#numbers[slot * FIELDS + FRESH_UNTIL] = until
  }

  /** How many units have a fix that is still fresh. */
  countFresh(now: Instant): number {
    let fresh = 0
    for (let n = FRESH_UNTIL; n < this.#count * FIELDS; n += FIELDS) if ((this.#numbers[n] as number) >= now) fresh++
    return fresh
  }

  write(slot: number, fix: ReceivedFix): void {
    const numbers = this.#numbers
    const start = slot * FIELDS
    numbers[start + AT] = fix.at
    numbers[start + RECEIVED_AT] = fix.receivedAt
    numbers[start + LNG] = fix.lng
    numbers[start + LAT] = fix.lat
    numbers[start + ACCURACY] = fix.accuracyM ?? Number.NaN
    numbers[start + SPEED] = fix.speedMps ?? Number.NaN
    numbers[start + HEADING] = fix.headingDeg ?? Number.NaN
    numbers[start + ALTITUDE] = fix.altitudeM ?? Number.NaN
    numbers[start + BATTERY] = fix.batteryPct ?? Number.NaN
    numbers[start + SOURCE] = FIX_SOURCES.indexOf(fix.source)
  }

  read(slot: number): ReceivedFix | null {
    const fix = blankFix()
    return this.readInto(slot, fix) ? fix : null
  }

  /** Into an object that is used again and again; false = the unit has no fix. */
  readInto(slot: number, fix: ReceivedFix): boolean {
    const numbers = this.#numbers
    const start = slot * FIELDS
    const at = numbers[start + AT] as number
    if (Number.isNaN(at)) return false
    fix.at = at
    fix.lng = numbers[start + LNG] as number
    fix.lat = numbers[start + LAT] as number
    fix.accuracyM = known(numbers[start + ACCURACY] as number)
    fix.speedMps = known(numbers[start + SPEED] as number)
    fix.headingDeg = known(numbers[start + HEADING] as number)
    fix.altitudeM = known(numbers[start + ALTITUDE] as number)
    fix.batteryPct = known(numbers[start + BATTERY] as number)
    fix.source = FIX_SOURCES[numbers[start + SOURCE] as number] ?? 'device'
    fix.receivedAt = numbers[start + RECEIVED_AT] as number
    return true
  }
}

export const blankFix = (): ReceivedFix => ({
  at: 0.5,
  lng: 0.5,
  lat: 0.5,
  accuracyM: null,
  speedMps: null,
  headingDeg: null,
  altitudeM: null,
  batteryPct: null,
  source: 'device',
  receivedAt: 0.5,
})

const known = (number: number) => (Number.isNaN(number) ? null : number)
