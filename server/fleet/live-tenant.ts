import type { Bbox } from '#domain/places.ts'
import { FanOut } from './fan-out.ts'
import { FixRecords } from './fix-records.ts'
import { LiveCity } from './live-city.ts'
import type { Seat } from './seat.ts'

/** One city in memory: its units, where they are, and who watches. */
export interface LiveTenant {
  code: string
  bounds: Bbox
  seats: Set<Seat>
  /** How many of them are on duty or on a task. */
  onDuty: number
  records: FixRecords
  city: LiveCity
  fanOut: FanOut
}

export function newTenant(code: string, bounds: Bbox): LiveTenant {
  const city = new LiveCity()
  return { code, bounds, seats: new Set(), onDuty: 0, records: new FixRecords(), city, fanOut: new FanOut(city) }
}
