import { isValidCell, latLngToCell } from 'h3-js'
import { DAY_MS, HOUR_MS, type Instant } from './instant.ts'

/** How the map is cut: hexagons of H3 at a resolution, or squares of so many degrees. */
export type Grid = { kind: 'h3'; resolution: number } | { kind: 'deg'; step: number }

/** From a quarter of a city (250 km² a cell) to a house (0.015 km²). */
export const H3_RESOLUTIONS = [5, 6, 7, 8, 9, 10] as const
/** A hundred metres: finer squares hold one house. */
const LEAST_STEP = 0.001
const STEP = /^deg:(\d{1,2}(?:\.\d{1,6})?)$/
const HEX = /^h3:(\d{1,2})$/

/** `h3:8` or `deg:0.01`; null = neither. */
export function gridOf(text: string): Grid | null {
  const resolution = Number(HEX.exec(text)?.[1] ?? Number.NaN)
  if (H3_RESOLUTIONS.some((each) => each === resolution)) return { kind: 'h3', resolution }
  const step = Number(STEP.exec(text)?.[1] ?? 0)
  return step >= LEAST_STEP ? { kind: 'deg', step } : null
}

/** The hexagon of a point at a resolution. Not the parent of a finer one: hexagons do not lie wholly within their parents. */
export const h3CellAt = (lng: number, lat: number, resolution: number): bigint =>
  BigInt(`0x${latLngToCell(lat, lng, resolution)}`)

export const h3Key = (cell: bigint): string => cell.toString(16)

/** The key of a cell on an answer, and of a filter: an H3 index, or `floor(lat/step),floor(lng/step)`. */
export type CellKey = { kind: 'h3'; cell: bigint } | { kind: 'deg'; lat: number; lng: number }

const SQUARE = /^(-?\d{1,9}),(-?\d{1,9})$/

export function cellOf(grid: Grid, key: string): CellKey | null {
  if (grid.kind === 'h3') return isValidCell(key) ? { kind: 'h3', cell: BigInt(`0x${key}`) } : null
  const found = SQUARE.exec(key)
  return found ? { kind: 'deg', lat: Number(found[1]), lng: Number(found[2]) } : null
}

/** Hour of the local week, 0 = Monday 00:00 to 01:00, and the local day since 1970-01-01. */
export interface LocalSlot {
  day: number
  hourOfWeek: number
}

/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3

/** RT7: by the clock on the wall: an hour that autumn repeats is one slot with twice the time in it, one that spring skips stays empty. */
export function localSlot(at: Instant, offsetMs: number): LocalSlot {
  const local = at + offsetMs
  const day = Math.floor(local / DAY_MS)
  const weekday = (((day + FIRST_WEEKDAY) % 7) + 7) % 7
  return { day, hourOfWeek: weekday * 24 + Math.floor((local - day * DAY_MS) / HOUR_MS) }
}

/** YYYY-MM-DD of a local day. */
export const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)
