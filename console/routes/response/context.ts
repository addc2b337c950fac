import type { View } from '#console/lib/response/question.ts'
import type { Calendar } from '#domain/calendar.ts'

/** What every part of the page that asks for itself is given. */
export interface Context {
  view: View
  calendar: Calendar
  timeZone: string
  /** +1 whenever today's figures may have moved. */
  turn: number
}

/** Points of a unit's way, for the map. */
export type TrailPoints = { lng: number; lat: number; isDoubtful: boolean }[]
