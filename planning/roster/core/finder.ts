import { type Automaton, makeAutomaton } from './automaton.ts'
import {
  type Charges,
  type Completion,
  completionOf,
  noCharges,
  type Relaxed,
  relaxedPath,
  tuned,
} from './completion.ts'
import { type Calendar, type Ground, makeGround, type Prices } from './ground.ts'
import { OFF, type Roster } from './model.ts'
import { endsOf, findPaths, makeScratch, pathTo } from './paths.ts'
import { type Problem, personOf } from './problem.ts'

export interface Found {
  path: Roster
  /** By the prices it was looked for with. */
  value: number
}

interface Walker {
  open: number[]
  automaton: Automaton
  charges: Charges
}

/** Times that charges are tried again within one search, while that still narrows it. */
const ROUNDS = 3

/** Finds the cheapest lawful paths of single persons. What it learns of limits and charges makes the next search faster, never other. */
export class Finder {
  readonly #problem: Problem
  readonly #calendar: Calendar
  readonly #frame
  readonly #walkers: Walker[]
  readonly #scratch = makeScratch()

  constructor(problem: Problem) {
    this.#problem = problem
    const { model, days, shifts } = problem
    this.#calendar = { days, shifts, weekendOf: model.weekendOf }
    this.#frame = {
      days,
      shifts: model.shifts,
      weekends: new Set(model.weekendOf.filter((weekend) => weekend >= 0)).size,
    }
    this.#walkers = model.people.map((person) => {
      const open = model.shifts.map((_, shift) => shift).filter((shift) => (person.maxOf[shift] as number) > 0)
      const automaton = makeAutomaton(person, this.#frame, open, [])
      return { open, automaton, charges: noCharges(automaton) }
    })
  }

  /**
   * The cheapest lawful path by these prices and, up to `many`, the cheapest that work other hours. Nothing where none costs
   * `cutoff` or less.
   */
  cheapest(person: number, prices: Prices, cutoff = Number.POSITIVE_INFINITY, many = 1): Found[] {
    const walker = this.#walkers[person] as Walker
    for (;;) {
      const ground = makeGround(walker.automaton, this.#calendar, prices)
      const { completion, relaxed } = this.#narrow(walker, ground, cutoff)
      if (relaxed.bound === Number.POSITIVE_INFINITY) return []
      const paths = findPaths(ground, completion, this.#scratch, cutoff)
      const ends = endsOf(paths)
      const [best] = ends
      if (!best) return []
      walker.charges = tuned(completion, relaxed, best.value)
      const found = ends.slice(0, many).map((end) => ({ path: pathTo(paths, end), value: end.value }))
      const broken = this.#brokenLimit(person, (found[0] as Found).path)
      if (broken >= 0) {
        this.#count(walker, person, broken)
        continue
      }
      this.#forget(walker, person, relaxed)
      return found.filter(({ path }) => this.#brokenLimit(person, path) < 0)
    }
  }

  /** Completions with charges under which fewer states can end at or below the cutoff. */
  #narrow(walker: Walker, ground: Ground, cutoff: number): { completion: Completion; relaxed: Relaxed } {
    const at = (charges: Charges) => {
      const completion = completionOf(ground, charges, this.#scratch.completion)
      this.#scratch.completion = completion.value
      return { completion, relaxed: relaxedPath(ground, completion) }
    }
    let best = at(walker.charges)
    for (let round = 0; round < ROUNDS && cutoff < Number.POSITIVE_INFINITY; round++) {
      const charges = tuned(best.completion, best.relaxed, cutoff)
      if (cutoff - best.relaxed.bound < 1 || charges === best.completion.charges) return best
      const next = at(charges)
      if (next.relaxed.bound <= best.relaxed.bound) return at(best.completion.charges)
      best = next
    }
    return best
  }

  /** A shift of which the path has more than the person may work, or −1. */
  #brokenLimit(person: number, path: Roster): number {
    const counts = new Int32Array(this.#problem.shifts)
    for (const shift of path) if (shift !== OFF) counts[shift] = (counts[shift] as number) + 1
    return counts.findIndex((count, shift) => count > (personOf(this.#problem, person).maxOf[shift] as number))
  }

  /** A limit that does not bind is not worth its states: it is counted again when it is broken again. */
  #forget(walker: Walker, person: number, relaxed: Relaxed): void {
    const { counted } = walker.automaton
    const isSlack = (counter: number) =>
      walker.charges.counters[counter] === 0 && (relaxed.counters[counter] as number) < 0
    const kept = counted.filter((_, counter) => !isSlack(counter))
    if (kept.length === counted.length) return
    const counters = walker.charges.counters.filter((_, counter) => !isSlack(counter))
    walker.automaton = makeAutomaton(personOf(this.#problem, person), this.#frame, walker.open, kept)
    walker.charges = { weekend: walker.charges.weekend, counters }
  }

  /** Most limits never bind, so a shift is counted only once its limit has been broken. */
  #count(walker: Walker, person: number, shift: number): void {
    const counted = [...walker.automaton.counted, shift]
    const counters = Float64Array.of(...walker.charges.counters, 0)
    walker.automaton = makeAutomaton(personOf(this.#problem, person), this.#frame, walker.open, counted)
    walker.charges = { weekend: walker.charges.weekend, counters }
  }
}
