import type { Automaton, Step } from './automaton.ts'
import { type Ground, newWeekend, priceAt, refuseIfTooMany, stepsAt } from './ground.ts'
import { OFF } from './model.ts'

/** What a weekend and a counted shift are charged so that the limits on them, which a completion does not see, are felt. */
export interface Charges {
  weekend: number
  /** Of each counter. */
  counters: Float64Array
}

export const noCharges = ({ limits }: Automaton): Charges => ({ weekend: 0, counters: new Float64Array(limits.length) })

/**
 * What the rest of the horizon costs at least, charges included, from each mode and number of units on:
 * `value[(day * modes + mode) * width + units]`, Infinity where no lawful rest is left. Weekends and counted shifts are not
 * limited; less the charges on all that is left of the limits it is never too much (Lagrange).
 */
export interface Completion {
  value: Float64Array
  width: number
  charges: Charges
  /** What the charges on whole limits come to: the cheapest path costs at least its completion less this. */
  allowance: number
}

/** `memory` is used where it is large enough, and returned in the completion. */
export function completionOf(ground: Ground, charges: Charges, memory: Float64Array): Completion {
  const { automaton, calendar } = ground
  const { modes, maxUnits, minUnits, limits, maxWeekends } = automaton
  const width = maxUnits + 1
  const size = (calendar.days + 1) * modes * width
  refuseIfTooMany(size)
  const value = memory.length >= size ? memory : new Float64Array(size)
  value.fill(Number.POSITIVE_INFINITY, 0, size)
  for (let mode = 0; mode < modes; mode++) {
    const at = (calendar.days * modes + mode) * width
    value.fill(0, Math.min(at + minUnits, at + width), at + width)
  }
  let allowance = charges.weekend * Math.max(0, maxWeekends)
  for (const [counter, limit] of limits.entries()) allowance += limit * (charges.counters[counter] as number)
  const completion = { value, width, charges, allowance }
  for (let day = calendar.days - 1; day >= 0; day--) completeDay(ground, completion, day)
  return completion
}

/** The values after `day` days from those after one more. */
function completeDay(ground: Ground, completion: Completion, day: number): void {
  const { automaton, low, high } = ground
  const { value, width } = completion
  const first = low[day] as number
  for (let mode = 0; mode < automaton.modes; mode++) {
    const here = (day * automaton.modes + mode) * width
    for (const step of stepsAt(automaton, day, mode)) {
      const price = chargedPrice(ground, completion.charges, { day, mode, step })
      if (price === Number.POSITIVE_INFINITY) continue
      const there = ((day + 1) * automaton.modes + step.mode) * width + step.units
      const last = Math.min(high[day] as number, automaton.maxUnits - step.units)
      for (let units = first; units <= last; units++) {
        const rest = (value[there + units] as number) + price
        if (rest < (value[here + units] as number)) value[here + units] = rest
      }
    }
  }
}

function chargedPrice(
  ground: Ground,
  charges: Charges,
  { day, mode, step }: { day: number; mode: number; step: Step },
): number {
  const price = priceAt(ground, day, step.to)
  if (step.to === OFF) return price
  const counter = ground.automaton.counterOf[step.to] as number
  const counted = counter < 0 ? 0 : (charges.counters[counter] as number)
  return price + counted + newWeekend(ground, day, mode) * charges.weekend
}

/** The cheapest whole path that heeds no limit on weekends and counted shifts. */
export interface Relaxed {
  /** No path costs less. */
  bound: number
  /** Used beyond the limits; negative where some is left. */
  weekends: number
  counters: Int32Array
}

export function relaxedPath(ground: Ground, completion: Completion): Relaxed {
  const { automaton, calendar } = ground
  const { value, width, charges, allowance } = completion
  let [mode, units, weekends] = [automaton.rested, 0, -Math.max(0, automaton.maxWeekends)]
  const counters = Int32Array.from(automaton.limits, (limit) => -limit)
  const bound = (value[mode * width] as number) - allowance
  for (let day = 0; day < calendar.days && bound < Number.POSITIVE_INFINITY; day++) {
    const steps = stepsAt(automaton, day, mode)
    const rests = steps.map((step) => {
      const total = units + step.units
      if (total > automaton.maxUnits) return Number.POSITIVE_INFINITY
      const rest = value[((day + 1) * automaton.modes + step.mode) * width + total] as number
      return rest + chargedPrice(ground, charges, { day, mode, step })
    })
    const step = steps[rests.indexOf(Math.min(...rests))] as Step
    if (step.to !== OFF) {
      weekends += newWeekend(ground, day, mode)
      const counter = automaton.counterOf[step.to] as number
      if (counter >= 0) counters[counter] = (counters[counter] as number) + 1
    }
    mode = step.mode
    units += step.units
  }
  return { bound, weekends, counters }
}

/** Charges moved towards where they are felt most (Polyak's step): `target` is what some path is known to cost. */
export function tuned({ charges }: Completion, relaxed: Relaxed, target: number): Charges {
  const { bound, weekends, counters } = relaxed
  // A charge of nothing on a limit that is not used up is as it should be.
  const pull = (charge: number, excess: number) => (charge > 0 || excess > 0 ? excess : 0)
  const pulls = counters.map((excess, counter) => pull(charges.counters[counter] as number, excess))
  const weekendPull = pull(charges.weekend, weekends)
  const square = pulls.reduce((sum, each) => sum + each * each, weekendPull * weekendPull)
  if (square === 0) return charges
  const length = Math.max(0, target - bound) / square
  return {
    weekend: Math.max(0, charges.weekend + length * weekendPull),
    counters: charges.counters.map((charge, counter) => Math.max(0, charge + length * (pulls[counter] as number))),
  }
}
