import type { Automaton, Step } from './automaton.ts'
import { OFF } from './model.ts'

/** What a day's choices cost one person: the price of each cell (`day * shifts + shift`) and of each day off. Infinity = may not. */
export interface Prices {
  cells: Float64Array
  off: Float64Array
}

/** The calendar a path runs over. */
export interface Calendar {
  days: number
  shifts: number
  weekendOf: readonly number[]
}

/** Thrown where a person's states would take more memory than there should be: the problem must be solved in another way. */
export class TooManyWays extends Error {}

/** Half a gigabyte of values. */
const MOST_STATES = 1 << 26

export function refuseIfTooMany(states: number): void {
  if (states > MOST_STATES) throw new TooManyWays(`${states} states of one person are too many to be looked at`)
}

/** One person's machine over the days with the prices of a moment: what paths are looked for on. */
export interface Ground {
  automaton: Automaton
  calendar: Calendar
  off: Float64Array
  /** The cheapest shift of each class on each day, and its price: `day * classes + class`. */
  classShift: Int16Array
  classPrice: Float64Array
  /** Units that may have been worked after each number of days so that the hours can still be kept. */
  low: Int32Array
  high: Int32Array
}

export function makeGround(automaton: Automaton, calendar: Calendar, prices: Prices): Ground {
  const { days, shifts } = calendar
  const { classes, dayUnits, minUnits, maxUnits } = automaton
  const classShift = new Int16Array(days * classes.length)
  const classPrice = new Float64Array(days * classes.length).fill(Number.POSITIVE_INFINITY)
  for (let day = 0; day < days; day++)
    for (let index = 0; index < classes.length; index++) {
      const place = day * classes.length + index
      for (const shift of classes[index] as number[]) {
        const price = prices.cells[day * shifts + shift] as number
        if (price >= (classPrice[place] as number)) continue
        classPrice[place] = price
        classShift[place] = shift
      }
    }
  const low = Int32Array.from({ length: days + 1 }, (_, day) => Math.max(0, minUnits - (days - day) * dayUnits))
  const high = Int32Array.from({ length: days + 1 }, (_, day) => Math.min(maxUnits, day * dayUnits))
  return { automaton, calendar, off: prices.off, classShift, classPrice, low, high }
}

/** What can be done on `day` in `mode`. */
export const stepsAt = ({ edgeSteps, steps, runOf }: Automaton, day: number, mode: number): Step[] =>
  (runOf[mode] === day ? edgeSteps[mode] : steps[mode]) as Step[]

export const priceAt = ({ off, classPrice, automaton }: Ground, day: number, to: number): number =>
  (to === OFF ? off[day] : classPrice[day * automaton.classes.length + to]) as number

/** 1 where work on this day begins a weekend that is not counted yet. */
export function newWeekend({ automaton, calendar }: Ground, day: number, mode: number): number {
  const weekend = calendar.weekendOf[day] as number
  if (automaton.maxWeekends < 0 || weekend < 0) return 0
  return (automaton.runOf[mode] as number) > 0 && calendar.weekendOf[day - 1] === weekend ? 0 : 1
}
