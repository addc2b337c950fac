import { seededRandom } from '#domain/random.ts'
import type { SolveStatus } from '#planning/anytime.ts'
import { type AssignmentModel, isWhole } from '#planning/assignment/core/model.ts'
import { safeBound } from '#planning/mip/bound.ts'
import type { ManyAnswer, ManyProgress, ManyRun, ManyStart } from './answer.ts'
import { ascend, freePrices, type Proved } from './ascent.ts'
import { dearest, leastLeftOut, placeAs, placeByPrices, shed } from './begin.ts'
import { EXACT_PAIRS, solveExactly } from './exact.ts'
import { firstPairs, linearBound } from './linear.ts'
import { type Pairs, pairsOf } from './pairs.ts'
import { type Prices, type Question, Relaxed } from './prices.ts'
import { Search } from './search.ts'
import { Standing } from './standing.ts'

/** Rounds of prices: from nothing, and from prices of almost the same model. */
const ASCENT_ROUNDS = 300
const WARM_ROUNDS = 60
/** A plan to begin from is mended rather than left: overloads weigh so many times what capacity is worth. */
const STAY = 4
/** Places a job is tried at. */
const CANDIDATES = 24
/** Rounds of search in which covering everybody is tried before it is asked whether that is possible at all. */
const FIRST_TRY = 150
/** Rounds at one number of uncovered before one more is left out. */
const PATIENCE = 1_500
/** Rounds between two feasible plans shed from an overloaded one, while nothing better is there. */
const SHED_EVERY = 50
/** A gap above this is worth a linear programme. */
const LOOSE_GAP = 0.005
/** First prices are made for more uncovered than must be: at the very number they creep. */
const EASIER = 1.15

/** The fewest uncovered with its bound, then the least cost at that number with its bound; one that runs out of time has the best so far of both. */
export async function solveMany(model: AssignmentModel, run: ManyRun, start?: ManyStart): Promise<ManyAnswer> {
  const solving = new Solving(model, run, start)
  if (!(await solving.exactly())) {
    await solving.cover()
    await solving.lower()
  }
  return solving.answer()
}

class Solving {
  readonly #run: ManyRun
  readonly #pairs: Pairs
  readonly #isWhole: boolean
  readonly #begun: number
  readonly #mayLeave: boolean
  #search: Search
  #steps = 0
  #best: { agentOf: Int32Array; uncovered: number; cost: number } | null = null
  #prices: Prices
  #coverPrices: Prices | null = null
  #isIn: Uint8Array | null = null
  #uncoveredBound = 0
  /** Holds for the number of uncovered it was asked with, and for fewer. */
  #costBound: { bound: number; uncovered: number }

  constructor(model: AssignmentModel, run: ManyRun, start?: ManyStart) {
    this.#run = run
    this.#pairs = pairsOf(model)
    this.#isWhole = isWhole(model)
    this.#mayLeave = model.mayStayUncovered
    this.#begun = run.now()
    this.#coverPrices = start?.prices?.cover ?? null
    if (this.#coverPrices) this.#noteCover(new Relaxed(this.#pairs, { kind: 'uncovered' }).at(this.#coverPrices))
    this.#prices = start?.prices?.cost ?? { ...freePrices(this.#pairs), nobody: dearest(this.#pairs) }
    this.#costBound = { bound: Number.NEGATIVE_INFINITY, uncovered: 0 }
    this.#noteCover(leastLeftOut(this.#pairs))
    // Whatever becomes of the time, there is a plan from here on.
    if (this.#mayLeave)
      this.#note(shed(start ? placeAs(this.#pairs, start.agentOf) : new Standing(this.#pairs)), 'cover')
    const begin = Math.ceil(this.#uncoveredBound * (start?.prices ? 1 : EASIER))
    this.#costBound = { bound: Number.NEGATIVE_INFINITY, uncovered: begin }
    this.#raise(start?.prices ? WARM_ROUNDS : ASCENT_ROUNDS, begin)
    this.#search = start
      ? this.#begin(placeAs(this.#pairs, start.agentOf), STAY)
      : this.#begin(placeByPrices(this.#pairs, this.#prices, this.#uncoveredBound))
    if (this.#mayLeave) this.#note(shed(this.#search.standing), 'cover')
    this.#bringTo(this.#uncoveredBound)
  }

  /** Both steps by branch and cut where the problem is small enough; false = it is not, or time ran out on it. */
  async exactly(): Promise<boolean> {
    if (this.#pairs.agent.length > EXACT_PAIRS) return false
    const isStopped = () => this.#isOver()
    const limits = { seconds: this.#run.limits.seconds, isWhole: this.#isWhole, isStopped }
    const fewest = await solveExactly(this.#pairs, { kind: 'uncovered' }, limits)
    if (fewest.answer.status !== 'optimal' || fewest.answer.objective === null) return false
    this.#noteCover(fewest.answer.objective)
    if (this.#uncoveredBound > 0 && !this.#mayLeave) return true
    const question: Question = { kind: 'cost', mostUncovered: this.#uncoveredBound }
    const { answer, agentOf } = await solveExactly(this.#pairs, question, limits)
    if (answer.status !== 'optimal' || agentOf === null) return false
    this.#costBound = { bound: answer.bound, uncovered: this.#uncoveredBound }
    this.#note(placeAs(this.#pairs, agentOf), 'cost')
    return true
  }

  /** Step one: as few uncovered as the bound allows, and one more whenever that is not found. */
  async cover(): Promise<void> {
    const isUnasked = this.#mayLeave && this.#coverPrices === null
    if (isUnasked && this.#uncoveredBound > 0) await this.#askHowMany()
    if (this.#tryFor(this.#uncoveredBound === 0 ? FIRST_TRY : PATIENCE) || this.#isOver()) return
    if (isUnasked && this.#coverPrices === null) await this.#askHowMany()
    while (!this.#tryFor(PATIENCE) && !this.#isOver()) {
      if (!this.#mayLeave) continue
      this.#search.leaveOne()
    }
  }

  /** Step two: the number stays, the cost falls. */
  async lower(): Promise<void> {
    const best = this.#best
    if (best && best.uncovered !== this.#costBound.uncovered) this.#raise(ASCENT_ROUNDS, best.uncovered)
    if (best && this.#gap() > LOOSE_GAP) await this.#askLinear({ kind: 'cost', mostUncovered: best.uncovered })
    while (!this.#isOver() && !this.#isProved()) {
      if (this.#round('cost')) this.#search.relax()
    }
    this.#tell(this.#best ? 'cost' : 'cover', null)
  }

  answer(): ManyAnswer {
    const { agentOf = null, uncovered = this.#pairs.jobs, cost = 0 } = this.#best ?? {}
    const isImpossible = !this.#mayLeave && this.#uncoveredBound > 0
    const status: SolveStatus = agentOf
      ? this.#isProved()
        ? 'optimal'
        : 'feasible'
      : isImpossible
        ? 'infeasible'
        : 'unknown'
    const costBound = Math.min(this.#boundAt(uncovered), agentOf ? cost : Number.POSITIVE_INFINITY)
    const prices = { cost: this.#prices, cover: this.#coverPrices }
    return {
      status,
      agentOf,
      uncovered,
      cost,
      uncoveredBound: this.#uncoveredBound,
      costBound,
      prices,
      steps: this.#steps,
    }
  }

  /** The linear programme says how many must stay uncovered; the search begins anew at that number, from prices made for it. */
  async #askHowMany(): Promise<void> {
    const from = { bound: 0, prices: this.#coverPrices ?? { ...this.#prices, nobody: 0 } }
    this.#isIn ??= firstPairs(this.#pairs, this.#prices)
    const proved = await linearBound(this.#pairs, { kind: 'uncovered' }, from, {
      isIn: this.#isIn,
      isStopped: () => this.#isOver(),
      isEnough: () => false,
    })
    this.#coverPrices = proved.prices
    this.#noteCover(proved.bound)
    if (this.#uncoveredBound === 0) return
    this.#costBound = { bound: Number.NEGATIVE_INFINITY, uncovered: this.#uncoveredBound }
    await this.#askLinear({ kind: 'cost', mostUncovered: this.#uncoveredBound })
    this.#search = this.#begin(placeByPrices(this.#pairs, this.#prices, this.#uncoveredBound))
  }

  async #askLinear(question: Question & { kind: 'cost' }): Promise<void> {
    const from = { bound: new Relaxed(this.#pairs, question).at(this.#prices), prices: this.#prices }
    this.#isIn ??= firstPairs(this.#pairs, this.#prices)
    const proved = await linearBound(this.#pairs, question, from, {
      isIn: this.#isIn,
      isStopped: () => this.#isOver(),
      isEnough: (bound) => this.#best !== null && this.#best.cost - bound <= 0.001 * Math.abs(this.#best.cost),
    })
    this.#keep(proved, question.mostUncovered)
    this.#tell('bound', null)
  }

  #raise(rounds: number, uncovered = this.#uncoveredBound): void {
    const question: Question = { kind: 'cost', mostUncovered: uncovered }
    const first = new Relaxed(this.#pairs, question).at(this.#prices)
    const target = this.#best?.cost ?? Math.max(2 * Math.abs(first), 1)
    const proved = ascend(this.#pairs, question, this.#prices, { rounds, target, isStopped: () => this.#isOver() })
    this.#keep(proved, uncovered)
    this.#tell('bound', null)
  }

  #keep({ bound, prices }: Proved, uncovered: number): void {
    if (uncovered === this.#costBound.uncovered && bound < this.#costBound.bound) return
    this.#prices = prices
    this.#costBound = { bound, uncovered }
  }

  #noteCover(bound: number): void {
    this.#uncoveredBound = Math.max(this.#uncoveredBound, safeBound(bound, true), 0)
  }

  #begin(standing: Standing, factor = 1): Search {
    const search = new Search(standing, seededRandom(this.#run.seed, 'assignment-many'), () => this.#isOver())
    const relaxed = new Relaxed(this.#pairs, { kind: 'cost', mostUncovered: 0 })
    relaxed.at(this.#prices)
    standing.look(relaxed.priced, CANDIDATES)
    search.weigh(this.#prices, factor)
    return search
  }

  #bringTo(uncovered: number): void {
    const { standing } = this.#search
    while (standing.uncovered.length > uncovered && this.#search.coverOne());
    while (standing.uncovered.length < uncovered) this.#search.leaveOne()
  }

  /** So many rounds, until one is feasible. */
  #tryFor(rounds: number): boolean {
    for (let n = 0; n < rounds && !this.#isOver(); n++) {
      if (this.#round('cover')) return true
      if (n % SHED_EVERY === 0 && this.#mayLeave) this.#note(shed(this.#search.standing), 'cover')
    }
    return false
  }

  #round(phase: 'cover' | 'cost'): boolean {
    this.#steps += 1
    if (!this.#search.round()) return false
    this.#note(this.#search.standing, phase)
    return true
  }

  #note(standing: Standing, phase: 'cover' | 'cost'): void {
    const uncovered = standing.uncovered.length
    if (uncovered > 0 && !this.#mayLeave) return
    const cost = standing.cost()
    const best = this.#best
    if (best && (uncovered > best.uncovered || (uncovered === best.uncovered && cost >= best.cost))) return
    const agentOf = Int32Array.from({ length: this.#pairs.jobs }, (_, job) => standing.agentOf(job))
    this.#best = { agentOf, uncovered, cost }
    this.#tell(phase, agentOf)
  }

  /** A bound for plans with more uncovered than it was asked for is none. */
  #boundAt(uncovered: number): number {
    const bound =
      this.#costBound.uncovered >= uncovered
        ? this.#costBound.bound
        : new Relaxed(this.#pairs, { kind: 'cost', mostUncovered: uncovered }).at(this.#prices)
    return Math.max(0, safeBound(bound, this.#isWhole))
  }

  #gap(): number {
    const best = this.#best
    return best ? (best.cost - this.#boundAt(best.uncovered)) / Math.max(1, best.cost) : Number.POSITIVE_INFINITY
  }

  #isProved(): boolean {
    const best = this.#best
    return best !== null && best.uncovered === this.#uncoveredBound && best.cost <= this.#boundAt(best.uncovered)
  }

  #isOver(): boolean {
    const { limits, now, isStopped } = this.#run
    return (
      this.#steps >= (limits.steps ?? Number.POSITIVE_INFINITY) ||
      isStopped?.() === true ||
      now() - this.#begun >= limits.seconds * 1_000
    )
  }

  #tell(phase: ManyProgress['phase'], agentOf: Int32Array | null): void {
    const best = this.#best
    this.#run.onProgress?.({
      seconds: (this.#run.now() - this.#begun) / 1_000,
      steps: this.#steps,
      phase,
      uncovered: best?.uncovered ?? null,
      cost: best?.cost ?? null,
      agentOf,
      uncoveredBound: this.#uncoveredBound,
      costBound: best ? this.#boundAt(best.uncovered) : Math.max(0, this.#costBound.bound),
    })
  }
}
