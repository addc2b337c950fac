import { OFF, type Person, type Shift } from './model.ts'

/** One thing that can be done on a day: a day off (`to` = OFF) or a shift of class `to`; it leads to another mode and takes units of time. */
export interface Step {
  to: number
  mode: number
  units: number
}

/**
 * What a person may do from one day to the next, as a small machine. A mode is either "off for n days" (the last of them means
 * "rested": long enough to work again) or "in a run of n days, the last of them a shift of class c". Shifts that no rule can
 * tell apart form a class, so that a day has few choices however many shifts there are. Whoever begins is rested: days off that
 * touch the edge of the horizon are no rest cut short.
 */
export interface Automaton {
  /** Shifts of each class. */
  classes: number[][]
  minUnits: number
  maxUnits: number
  /** The most units a single day takes. */
  dayUnits: number
  modes: number
  rested: number
  /** Days worked in a row in each mode, 0 where off. */
  runOf: Int32Array
  /** What can be done in each mode, and what in a run that began on the first day: it may end however short it is. */
  steps: Step[][]
  edgeSteps: Step[][]
  /** Weekends worked are counted up to this; −1 = no need to count. */
  maxWeekends: number
  /** Shifts whose number is limited so that a path must count them, each a class of its own, and the most of each. */
  counted: number[]
  limits: number[]
  /** States of the counters together; how far a shift of each class moves them, and which counter it moves (−1 none). */
  counterStates: number
  counterStep: Int32Array
  counterOf: Int32Array
}

export interface Frame {
  days: number
  shifts: readonly Shift[]
  /** In the horizon. */
  weekends: number
}

/** `open` = shifts the person may work at all; `counted` = those of them whose limit must be watched on the way. */
export function makeAutomaton(
  person: Person,
  { days, shifts, weekends }: Frame,
  open: readonly number[],
  counted: readonly number[],
): Automaton {
  const classes = classesOf(shifts, open, counted)
  const unit = open.reduce((divisor, shift) => gcd(divisor, (shifts[shift] as Shift).minutes), 0) || 1
  const unitsOf = classes.map(([shift]) => (shifts[shift as number] as Shift).minutes / unit)
  const limits = counted.map((shift) => person.maxOf[shift] as number)
  const strides = limits.map((_, at) => statesOf(limits.slice(0, at)))
  const counterOf = Int32Array.from(classes, (members) => counted.indexOf(members[0] as number))
  const dayUnits = Math.max(0, ...unitsOf)
  return {
    classes,
    minUnits: Math.max(0, Math.ceil(person.minMinutes / unit)),
    maxUnits: Math.min(Math.floor(person.maxMinutes / unit), days * dayUnits),
    dayUnits,
    ...modesOf(person, classes, unitsOf, shifts),
    maxWeekends: person.maxWeekends >= weekends ? -1 : person.maxWeekends,
    counted: [...counted],
    limits,
    counterStates: statesOf(limits),
    counterStep: counterOf.map((counter) => (counter < 0 ? 0 : (strides[counter] as number))),
    counterOf,
  }
}

const statesOf = (limits: readonly number[]): number => limits.reduce((product, limit) => product * (limit + 1), 1)

function modesOf(person: Person, classes: readonly number[][], unitsOf: readonly number[], shifts: readonly Shift[]) {
  const rested = Math.max(1, person.minOff) - 1
  const { minRun, maxRun } = person
  const workMode = (to: number, run: number) => rested + 1 + to * maxRun + run - 1
  const work = (to: number, run: number): Step => ({ to, mode: workMode(to, run), units: unitsOf[to] as number })
  const off = (mode: number): Step => ({ to: OFF, mode, units: 0 })
  const all = classes.map((_, to) => to)
  const [runOf, steps, edgeSteps]: [number[], Step[][], Step[][]] = [[], [], []]
  for (let mode = 0; mode <= rested; mode++) {
    runOf.push(0)
    const begun = mode === rested && maxRun > 0 ? all.map((to) => work(to, 1)) : []
    steps.push([off(Math.min(mode + 1, rested)), ...begun])
    edgeSteps.push(steps[mode] as Step[])
  }
  for (const members of classes) {
    const { notNext } = shifts[members[0] as number] as Shift
    const next = all.filter((to) => !notNext.includes(classes[to]?.[0] as number))
    for (let run = 1; run <= maxRun; run++) {
      runOf.push(run)
      const on = run < maxRun ? next.map((to) => work(to, run + 1)) : []
      steps.push(run >= minRun ? [off(0), ...on] : on)
      edgeSteps.push([off(0), ...on])
    }
  }
  return { rested, modes: runOf.length, runOf: Int32Array.from(runOf), steps, edgeSteps }
}

/** Two shifts are of a class where they last as long, lead to the same and follow the same. */
function classesOf(shifts: readonly Shift[], open: readonly number[], counted: readonly number[]): number[][] {
  const classes = new Map<string, number[]>()
  for (const shift of open) {
    const { minutes, notNext } = shifts[shift] as Shift
    const after = open.filter((next) => notNext.includes(next))
    const before = open.filter((last) => (shifts[last] as Shift).notNext.includes(shift))
    const key = [minutes, after, before, counted.includes(shift) ? shift : ''].join(';')
    classes.set(key, [...(classes.get(key) ?? []), shift])
  }
  return [...classes.values()]
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
