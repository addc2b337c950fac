import type { Choices } from './choices.ts'
import { type Generated, type Generation, generate } from './generation.ts'
import type { Column, MasterAnswer } from './master.ts'
import { OFF } from './model.ts'
import { worthOfCells } from './part.ts'

/** One thing on one day that a mixture of paths favours. */
interface Leaning {
  person: number
  day: number
  shift: number
  share: number
}

/** Person-days decided at once, as a share of all. */
const BATCH = 0.04
/** How the batches grow while they cost little. */
const GROWTH = 1.3
const ROUNDS = 8

export interface DiveGoal {
  /** Plans that cost this or more are of no use. */
  cutoff: number
  /** What a batch of decisions may cost before a smaller one is tried. */
  rise: number
  /** Shown each mixture that is gone on from. */
  seen?(answer: MasterAnswer): void
}

/**
 * From a mixture of paths to one path each: what the mixture leans to most is decided, batch by batch, and columns are generated
 * anew under what is decided. A batch that costs too much is cut down; one single decision is weighed against its opposite.
 */
export function dive(on: Generation, root: Generated, goal: DiveGoal): Column[] | null {
  const { master, pace } = on
  const { people, problem } = master.part
  const most = Math.max(1, Math.ceil(BATCH * people.length * problem.days))
  let [here, choices, size] = [root, on.choices, most]
  while (!pace.isOver) {
    const whole = wholeColumns(on, here)
    if (whole) return whole
    goal.seen?.(here.answer)
    const leanings = leaningsOf(on, here, choices)
    const next = tryBatch(on, choices, here, leanings.slice(0, size))
    if (next && next.here.answer.objective <= here.answer.objective + goal.rise) {
      ;[here, choices] = [next.here, next.choices]
      size = Math.min(most, Math.ceil(size * GROWTH))
    } else if (size > 1) size = Math.floor(size / 2)
    else {
      const other = tryOpposite(on, choices, here, leanings[0] as Leaning)
      const better = pickCheaper(next, other)
      if (!better) return null
      ;[here, choices] = [better.here, better.choices]
    }
    if (here.answer.objective >= goal.cutoff) return null
  }
  return null
}

interface Tried {
  here: Generated
  choices: Choices
}

const pickCheaper = (a: Tried | null, b: Tried | null): Tried | null => {
  if (!a || !b) return a ?? b
  return a.here.answer.objective <= b.here.answer.objective ? a : b
}

/** Everybody's one path, once no mixture is left. */
function wholeColumns({ master }: Generation, { answer }: Generated): Column[] | null {
  const whole = answer.used.filter(({ share }) => share > CLEAR)
  return whole.length === master.part.people.length ? whole.map(({ column }) => column) : null
}

const CLEAR = 1 - 1e-6

/** Of every person-day that is not clear what most of its mixture does, the clearest first. */
function leaningsOf({ master }: Generation, { answer }: Generated, choices: Choices): Leaning[] {
  const { people, problem } = master.part
  const { days, shifts } = problem
  const rowOf = new Map(people.map((person, row) => [person, row]))
  const shares = new Float64Array(people.length * days * (shifts + 1))
  for (const { column, share } of answer.used) {
    const { person, path } = column
    const row = rowOf.get(person) as number
    for (let day = 0; day < days; day++) {
      const at = (row * days + day) * (shifts + 1) + (path[day] as number) - OFF
      shares[at] = (shares[at] as number) + share
    }
  }
  const leanings: Leaning[] = []
  for (const [row, person] of people.entries())
    for (let day = 0; day < days; day++) {
      if (!choices.isFree(person, day)) continue
      const own = shares.subarray((row * days + day) * (shifts + 1), (row * days + day + 1) * (shifts + 1))
      let best = 0
      for (let choice = 1; choice <= shifts; choice++)
        if ((own[choice] as number) > (own[best] as number)) best = choice
      if ((own[best] as number) < CLEAR) leanings.push({ person, day, shift: best + OFF, share: own[best] as number })
    }
  return leanings.sort((a, b) => b.share - a.share || a.person - b.person || a.day - b.day)
}

function tryBatch(on: Generation, choices: Choices, here: Generated, batch: readonly Leaning[]): Tried | null {
  const next = choices.copy()
  for (const person of new Set(batch.map((leaning) => leaning.person))) {
    const own = batch.filter((leaning) => leaning.person === person)
    for (const { day, shift } of own) next.fix(person, day, shift)
    if (hasPath({ ...on, choices: next }, here, person)) continue
    // Together these leave no lawful path: the clearest of them alone may.
    const { day, shift } = own[0] as Leaning
    next.take(person, choices)
    next.fix(person, day, shift)
    if (!hasPath({ ...on, choices: next }, here, person)) return null
  }
  return goOn(on, next, here)
}

function tryOpposite(on: Generation, choices: Choices, here: Generated, { person, day, shift }: Leaning): Tried | null {
  const next = choices.copy()
  next.close(person, day, shift)
  return hasPath({ ...on, choices: next }, here, person) ? goOn(on, next, here) : null
}

/** Some lawful path fits the choices; one that is found is a column from then on. */
function hasPath({ master, finder, choices }: Generation, { worth }: Generated, person: number): boolean {
  if (master.columns.some((column) => column.person === person && choices.fits(column))) return true
  const { problem } = master.part
  const [found] = finder.cheapest(person, choices.prices(problem, person, worthOfCells(problem, worth)))
  if (!found) return false
  master.add([{ person, path: found.path }])
  return true
}

function goOn(on: Generation, choices: Choices, { worth }: Generated): Tried | null {
  on.master.allow(choices)
  const here = generate({ ...on, choices }, { rounds: ROUNDS, within: 0.5 }, worth)
  return here && { here, choices }
}
