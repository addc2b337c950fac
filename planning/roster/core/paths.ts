import type { Automaton, Step } from './automaton.ts'
import type { Completion } from './completion.ts'
import { type Ground, newWeekend, priceAt, refuseIfTooMany, stepsAt } from './ground.ts'
import { OFF, type Roster } from './model.ts'

/**
 * The cheapest ways over the ground, by dynamic programming over the days. A state is a mode, the counters, the weekends worked
 * and the units of time worked; the values over the units of each of the first three together (a row) lie side by side. States
 * that cannot end at or below the cutoff, by what the rest costs at least, are dropped on the way.
 */
export interface Paths {
  ground: Ground
  completion: Completion
  cutoff: number
  /** Rows of one day, and of one mode. */
  rows: number
  perMode: number
  weekendStates: number
  /** What the charges on what is left of the limits come to, for each state of counters and weekends. */
  allowanceOf: Float64Array
  scratch: Scratch
  used: number
  /** Rows reached after each number of days. */
  reached: number[][]
}

/** Memory that searches share, one after the other. Of each row (`day * rows + row`): the first and last units reached, and where the value of unit 0 would lie. */
export interface Scratch {
  low: Int32Array
  high: Int32Array
  at: Int32Array
  value: Float64Array
  completion: Float64Array
  /** Rows of the last search, to be forgotten before the next. */
  opened: number[]
}

export const makeScratch = (): Scratch => ({
  low: new Int32Array(0),
  high: new Int32Array(0),
  at: new Int32Array(0),
  value: new Float64Array(1 << 16),
  completion: new Float64Array(0),
  opened: [],
})

const UNREACHED = -1 << 30

/** Fills the tables with every state that can end at or below the cutoff: `endsOf` and `pathTo` read them until the scratch is used again. */
export function findPaths(ground: Ground, completion: Completion, scratch: Scratch, cutoff: number): Paths {
  const { automaton, calendar } = ground
  const weekendStates = automaton.maxWeekends < 0 ? 1 : automaton.maxWeekends + 1
  const perMode = automaton.counterStates * weekendStates
  const rows = automaton.modes * perMode
  makeRoom(scratch, rows * (calendar.days + 1))
  const paths: Paths = {
    ground,
    completion,
    // Sums of the same prices in another order may differ in their last digits.
    cutoff: Math.min(Number.MAX_VALUE, cutoff + 1e-9 * (1 + Math.abs(cutoff))),
    rows,
    perMode,
    weekendStates,
    allowanceOf: allowances(automaton, completion, weekendStates),
    scratch,
    used: 0,
    reached: Array.from({ length: calendar.days + 1 }, () => []),
  }
  scratch.value[openRow(paths, 0, automaton.rested * perMode)] = 0
  prune(paths, 0)
  for (let day = 0; day < calendar.days; day++) {
    for (const row of paths.reached[day] as number[]) goOn(paths, day, row)
    prune(paths, day + 1)
  }
  return paths
}

function makeRoom(scratch: Scratch, rows: number): void {
  for (const place of scratch.opened) scratch.at[place] = UNREACHED
  scratch.opened.length = 0
  if (scratch.at.length >= rows) return
  refuseIfTooMany(rows)
  scratch.low = new Int32Array(rows)
  scratch.high = new Int32Array(rows)
  scratch.at = new Int32Array(rows).fill(UNREACHED)
}

function allowances(automaton: Automaton, { charges }: Completion, weekendStates: number): Float64Array {
  return Float64Array.from({ length: automaton.counterStates * weekendStates }, (_, state) => {
    let [rest, sum] = [
      Math.floor(state / weekendStates),
      charges.weekend * (weekendStates - 1 - (state % weekendStates)),
    ]
    for (const [counter, limit] of automaton.limits.entries()) {
      sum += (limit - (rest % (limit + 1))) * (charges.counters[counter] as number)
      rest = Math.floor(rest / (limit + 1))
    }
    return sum
  })
}

/** Room for a row after `day` days, as wide as the units can be by then; answers where the value of unit 0 would lie. */
function openRow(paths: Paths, day: number, row: number): number {
  const { scratch, ground, rows } = paths
  const place = day * rows + row
  const known = scratch.at[place] as number
  if (known !== UNREACHED) return known
  const [low, high] = [ground.low[day] as number, ground.high[day] as number]
  const width = Math.max(0, high - low + 1)
  if (paths.used + width > scratch.value.length) {
    refuseIfTooMany(scratch.value.length * 2 + width)
    const larger = new Float64Array(scratch.value.length * 2 + width)
    larger.set(scratch.value)
    scratch.value = larger
  }
  const start = paths.used - low
  scratch.value.fill(Number.POSITIVE_INFINITY, paths.used, paths.used + width)
  scratch.at[place] = start
  scratch.opened.push(place)
  paths.used += width
  paths.reached[day]?.push(row)
  return start
}

/** Drops what cannot end at or below the cutoff, and rows with nothing left. */
function prune(paths: Paths, day: number): void {
  const { scratch, completion, rows, perMode, ground } = paths
  const { value } = scratch
  const [low, high] = [ground.low[day] as number, ground.high[day] as number]
  // From the highest states down, so that each is measured against lower ones that still stand.
  const reached = (paths.reached[day] as number[]).sort((a, b) => b - a)
  let kept = 0
  for (const row of reached) {
    drop(paths, day, row)
    const place = day * rows + row
    const start = scratch.at[place] as number
    const rest = (day * ground.automaton.modes + Math.floor(row / perMode)) * completion.width
    const limit = paths.cutoff + (paths.allowanceOf[row % perMode] as number)
    let [first, last] = [-1, -1]
    for (let units = low; units <= high; units++) {
      if ((value[start + units] as number) + (completion.value[rest + units] as number) <= limit) {
        if (first < 0) first = units
        last = units
      } else value[start + units] = Number.POSITIVE_INFINITY
    }
    if (first < 0) {
      scratch.at[place] = UNREACHED
      continue
    }
    scratch.low[place] = first
    scratch.high[place] = last
    reached[kept++] = row
  }
  reached.length = kept
}

/** Drops what costs no less than the same with a weekend or a counted shift fewer. */
function drop({ scratch, ground, rows, perMode, weekendStates }: Paths, day: number, row: number): void {
  const { counterStep, counterOf, limits } = ground.automaton
  const state = row % perMode
  if (state % weekendStates > 0) dropAgainst(scratch, ground, day, [day * rows + row, day * rows + row - 1])
  for (let to = 0; to < counterOf.length; to++) {
    const counter = counterOf[to] as number
    if (counter < 0) continue
    const stride = (counterStep[to] as number) * weekendStates
    if (Math.floor(state / stride) % ((limits[counter] as number) + 1) > 0)
      dropAgainst(scratch, ground, day, [day * rows + row, day * rows + row - stride])
  }
}

function dropAgainst(
  { at, value }: Scratch,
  { low, high }: Ground,
  day: number,
  [place, lower]: [number, number],
): void {
  const [here, there] = [at[place] as number, at[lower] as number]
  if (there === UNREACHED) return
  for (let units = low[day] as number; units <= (high[day] as number); units++)
    if ((value[there + units] as number) <= (value[here + units] as number))
      value[here + units] = Number.POSITIVE_INFINITY
}

/** From one row after `day` days to those after the next. */
function goOn(paths: Paths, day: number, row: number): void {
  const { ground, perMode } = paths
  const mode = Math.floor(row / perMode)
  for (const step of stepsAt(ground.automaton, day, mode)) {
    const price = priceAt(ground, day, step.to)
    if (price === Number.POSITIVE_INFINITY) continue
    const into = rowAfter(paths, day, row, step)
    if (into >= 0) move(paths, day, row, into, { units: step.units, price })
  }
}

/** The row that a step leads to, or −1 where it breaks a limit. */
function rowAfter({ ground, perMode, weekendStates }: Paths, day: number, row: number, step: Step): number {
  const [mode, state] = [Math.floor(row / perMode), row % perMode]
  if (step.to === OFF) return step.mode * perMode + state
  const weekend = newWeekend(ground, day, mode)
  if ((state % weekendStates) + weekend >= weekendStates) return -1
  const { counterOf, counterStep, limits } = ground.automaton
  const counter = counterOf[step.to] as number
  if (counter < 0) return step.mode * perMode + state + weekend
  const stride = (counterStep[step.to] as number) * weekendStates
  const limit = limits[counter] as number
  if (Math.floor(state / stride) % (limit + 1) === limit) return -1
  return step.mode * perMode + state + stride + weekend
}

function move(
  paths: Paths,
  day: number,
  row: number,
  into: number,
  { units, price }: { units: number; price: number },
): void {
  const target = openRow(paths, day + 1, into) + units
  const { scratch, rows, ground } = paths
  const { value } = scratch
  const place = day * rows + row
  const origin = scratch.at[place] as number
  const first = Math.max(scratch.low[place] as number, (ground.low[day + 1] as number) - units)
  const last = Math.min(scratch.high[place] as number, (ground.high[day + 1] as number) - units)
  for (let unit = first; unit <= last; unit++) {
    const reached = (value[origin + unit] as number) + price
    if (reached < (value[target + unit] as number)) value[target + unit] = reached
  }
}

export interface End {
  row: number
  units: number
  value: number
}

/** The cheapest end at or below the cutoff for each number of units, cheapest first. */
export function endsOf({ ground, rows, scratch, reached, cutoff }: Paths): End[] {
  const { days } = ground.calendar
  const ends = new Map<number, End>()
  for (const row of reached[days] as number[]) {
    const place = days * rows + row
    for (let units = scratch.low[place] as number; units <= (scratch.high[place] as number); units++) {
      const value = scratch.value[(scratch.at[place] as number) + units] as number
      // A limit that is not used up has left room above the cutoff.
      if (value > cutoff) continue
      if (value < (ends.get(units)?.value ?? Number.POSITIVE_INFINITY)) ends.set(units, { row, units, value })
    }
  }
  return [...ends.values()].sort((a, b) => a.value - b.value || a.units - b.units)
}

/** Walks back from an end to the first day: which shift each day had. */
export function pathTo(paths: Paths, end: End): Roster {
  const { calendar, classShift, automaton } = paths.ground
  const path = new Int16Array(calendar.days).fill(OFF)
  let here = end
  for (let day = calendar.days - 1; day >= 0; day--) {
    const { before, to } = cameFrom(paths, day, here)
    if (to !== OFF) path[day] = classShift[day * automaton.classes.length + to] as number
    here = before
  }
  return path
}

function cameFrom(paths: Paths, day: number, here: End): { before: End; to: number } {
  const { scratch, rows, perMode, ground } = paths
  const mode = Math.floor(here.row / perMode)
  for (const row of paths.reached[day] as number[])
    for (const step of stepsAt(ground.automaton, day, Math.floor(row / perMode))) {
      if (step.mode !== mode || rowAfter(paths, day, row, step) !== here.row) continue
      const units = here.units - step.units
      const place = day * rows + row
      if (units < (scratch.low[place] as number) || units > (scratch.high[place] as number)) continue
      const value = scratch.value[(scratch.at[place] as number) + units] as number
      if (value + priceAt(ground, day, step.to) === here.value) return { before: { row, units, value }, to: step.to }
    }
  throw new Error('a state of the roster paths came from nowhere')
}
