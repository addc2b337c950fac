import type { Skill, TravelMode, UnitKind } from './units.ts'

/** covering: as much as possible within the promise; median: soonest on the whole; capacitated: the same, with what one post can take. */
export const STATION_OBJECTIVES = ['covering', 'median', 'capacitated'] as const
export type StationObjective = (typeof STATION_OBJECTIVES)[number]

export const STATION_DEMANDS = ['reports', 'households'] as const
export type StationDemand = (typeof STATION_DEMANDS)[number]

export interface StationsAsked {
  /** Empty: the whole city. */
  districts: string[]
  skill: Skill | null
  /** Who is to stand there. */
  unitKind: UnitKind
  mode: TravelMode
  /** New ones, beside those that are kept. */
  posts: number
  objective: StationObjective
  demand: StationDemand
  /** Days of history that the demand is read from. */
  days: number
  withinMin: number
  /** Where such units have their posts today is kept. */
  keepsStanding: boolean
  /** What one post can take, as a multiple of an even share; only asked of `capacitated`. */
  slack: number
}

export interface StationPost {
  communityId: string
  lng: number
  lat: number
  isStanding: boolean
  /** Demand within the promise of it. */
  reaches: number
  /** Of that, what no other post reaches: what would be lost without it. */
  alone: number
  /** Demand that is nearest to it, or given to it. */
  served: number
  /** By how much the mean time to arrival would grow without it. */
  delaySeconds: number
}

/** One point of the curve: so many posts in all cover so much, and no choice of them covers more than the bound. */
export interface CurvePoint {
  posts: number
  covered: number
  bound: number
}

export interface StationsAnswer {
  /** Communities looked at, and the demand of all: reports a day, or households. */
  places: number
  demand: number
  /** Days of history that were found, and reports in them. */
  days: number
  reports: number
  posts: StationPost[]
  covered: number
  /** By those that stand today alone. */
  coveredStanding: number
  meanSeconds: number
  /** Of the objective: demand covered at most, or mean seconds at least. */
  bound: number
  gap: number
  isProved: boolean
  /** Ids of the communities that stay outside. */
  outside: string[]
  curve: CurvePoint[]
}

/** No more pairs of site and community than this in a median: the rest is a question for fewer districts. */
export const MOST_PAIRS = 1_500_000
