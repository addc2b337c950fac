import { seededRandom } from '#domain/random.ts'
import type { SolveStatus } from '#planning/anytime.ts'
import { type AssignmentModel, isWhole } from '#planning/assignment/core/model.ts'
import { safeBound } from '#planning/mip/bound.ts'
import { Allowance } from './allowance.ts'
import type { ManyAnswer, ManyProgress, ManyRun, ManyStart } from './answer.ts'
import { ascend, freePrices, type Proved } from './ascent.ts'
import { dearest, leastLeftOut, placeAs, placeByPrices, shed } from './begin.ts'
import { EXACT_PAIRS, solveExactly } from './exact.ts'
import { firstPairs, linearBound } from './linear.ts'
import { Neighbourhoods } from './neighbourhood.ts'
import { type Pairs, pairsOf } from './pairs.ts'
import { type Prices, type Question, Relaxed } from './prices.ts'
import { Search } from './search.ts'
import { Standing } from './standing.ts'

/** Rounds of prices: from nothing, and from prices of almost the same model. */
const ASCENT_ROUNDS = 300
const WARM_ROUNDS = 60
/** A plan to begin from is mended rather than left: overloads weigh so many times what capacity is worth. */
const STAY = 4
/** Of the seconds left, what branch and cut may use of them: if it is not enough the search has the rest. */
const EXACT_SHARE = 0.5
/** Places a job is tried at. */
const CANDIDATES = 24
/** Rounds of search without a better plan after which a small programme is asked: it takes as long as hundreds of them. */
const IDLE_ROUNDS = 1_000
/** Rounds of search in which covering everybody is tried before it is asked whether that is possible at all. */
const FIRST_TRY = 150
/** Rounds at one number of uncovered before one more is left out. */
const PATIENCE = 1_500
/** Rounds between two feasible plans shed from an overloaded one, while nothing better is there. */
const SHED_EVERY = 50
/** A gap above this is worth a linear programme. */
const LOOSE_GAP = 0.005
/** Where costs are not whole, a plan this near its bound is the best: bounds are lowered by the rounding of their sums. */
const SAME = 1e-6
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
  readonly #allowance: Allowance
  readonly #mayLeave: boolean
  #search: Search
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
    this.#allowance = new Allowance(run)
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
    this.#search.bringTo(this.#uncoveredBound)
  }

  /** Both steps by branch and cut where the problem is small enough; false = it is not, or time ran out on it. */
  async exactly(): Promise<boolean> {
    if (this.#pairs.agent.length > (this.#run.exactPairs ?? EXACT_PAIRS)) return false
    if (!(await this.#ask({ kind: 'uncovered' }))) return false
    if (this.#uncoveredBound > 0 && !this.#mayLeave) return true
    return this.#ask({ kind: 'cost', mostUncovered: this.#uncoveredBound })
  }

  /** Whatever branch and cut finds and proves is taken; true = it came to its end. */
  async #ask(question: Question): Promise<boolean> {
    const isCost = question.kind === 'cost'
    const { answer, agentOf } = await solveExactly(this.#pairs, question, {
      ...this.#programmeLimits(),
      seconds: this.#allowance.secondsLeft() * EXACT_SHARE,
      isWhole: !isCost || this.#isWhole,
    })
    if (agentOf) this.#note(shed(placeAs(this.#pairs, agentOf)), isCost ? 'cost' : 'cover')
    if (!isCost) this.#noteCover(answer.bound)
    else if (answer.bound > this.#boundAt(question.mostUncovered))
      this.#costBound = { bound: answer.bound, uncovered: question.mostUncovered }
    return answer.status === 'optimal'
  }

  #programmeLimits() {
    const allowance = this.#allowance
    const [seconds, seed] = [allowance.secondsLeft(), this.#run.seed + allowance.steps]
    return { seconds, seed, isWhole: this.#isWhole, isStopped: () => allowance.isOver() }
  }

  /** Step one: as few uncovered as the bound allows, and one more whenever that is not found. */
  async cover(): Promise<void> {
    const isUnasked = this.#mayLeave && this.#coverPrices === null
    if (isUnasked && this.#uncoveredBound > 0) await this.#askHowMany()
    if (this.#tryFor(this.#uncoveredBound === 0 ? FIRST_TRY : PATIENCE) || this.#allowance.isOver()) return
    if (isUnasked && this.#coverPrices === null) await this.#askHowMany()
    while (!this.#tryFor(PATIENCE) && !this.#allowance.isOver()) {
      if (!this.#mayLeave) continue
      this.#search.leaveOne()
    }
  }

  /** Step two: the number stays, the cost falls. */
  async lower(): Promise<void> {
    const best = this.#best
    if (best && best.uncovered !== this.#costBound.uncovered) this.#raise(ASCENT_ROUNDS, best.uncovered)
    if (best && this.#gap() > LOOSE_GAP) await this.#askLinear({ kind: 'cost', mostUncovered: best.uncovered })
    const near = new Neighbourhoods(this.#pairs, seededRandom(this.#run.seed, 'assignment-neighbourhoods'))
    let from = { plan: this.#best, steps: this.#allowance.steps }
    while (!this.#allowance.isOver() && !this.#isProved()) {
      if (this.#round('cost')) this.#search.relax()
      if (this.#best !== from.plan) from = { plan: this.#best, steps: this.#allowance.steps }
      if (this.#allowance.steps - from.steps < IDLE_ROUNDS) continue
      await this.#decideAnew(near)
      from = { plan: this.#best, steps: this.#allowance.steps }
    }
    this.#tell(this.#best ? 'cost' : 'cover', null)
  }

  /** A small programme over some agents of the best plan; the search goes on from what it finds. */
  async #decideAnew(near: Neighbourhoods): Promise<void> {
    if (!this.#best) return
    this.#allowance.steps += 1
    const found = await near.better(this.#best.agentOf, this.#search.standing.candidates, this.#programmeLimits())
    if (found && this.#note(shed(placeAs(this.#pairs, found)), 'cost')) this.#search.goTo(found)
  }

  answer(): ManyAnswer {
    const { agentOf = null, uncovered = this.#pairs.jobs, cost = 0 } = this.#best ?? {}
    return {
      status: this.#status(),
      agentOf,
      uncovered,
      cost,
      uncoveredBound: this.#uncoveredBound,
      costBound: Math.min(this.#boundAt(uncovered), agentOf ? cost : Number.POSITIVE_INFINITY),
      prices: { cost: this.#prices, cover: this.#coverPrices },
      steps: this.#allowance.steps,
    }
  }

  #status(): SolveStatus {
    if (this.#best) return this.#isProved() ? 'optimal' : 'feasible'
    return !this.#mayLeave && this.#uncoveredBound > 0 ? 'infeasible' : 'unknown'
  }

  /** The linear programme says how many must stay uncovered; the search begins anew at that number, from prices made for it. */
  async #askHowMany(): Promise<void> {
    const from = { bound: 0, prices: this.#coverPrices ?? { ...this.#prices, nobody: 0 } }
    const proved = await linearBound(this.#pairs, { kind: 'uncovered' }, from, {
      ...this.#linearLimits(),
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
    const proved = await linearBound(this.#pairs, question, from, {
      ...this.#linearLimits(),
      isEnough: (bound) => this.#best !== null && this.#best.cost - bound <= 0.001 * Math.abs(this.#best.cost),
    })
    this.#keep(proved, question.mostUncovered)
    this.#tell('bound', null)
  }

  #linearLimits() {
    this.#isIn ??= firstPairs(this.#pairs, this.#prices)
    return { isIn: this.#isIn, secondsLeft: () => this.#allowance.secondsLeft() }
  }

  #raise(rounds: number, uncovered = this.#uncoveredBound): void {
    const question: Question = { kind: 'cost', mostUncovered: uncovered }
    const first = new Relaxed(this.#pairs, question).at(this.#prices)
    const target = this.#best?.cost ?? Math.max(2 * Math.abs(first), 1)
    const proved = ascend(this.#pairs, question, this.#prices, {
      rounds,
      target,
      isStopped: () => this.#allowance.isOver(),
    })
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
    const search = new Search(standing, seededRandom(this.#run.seed, 'assignment-many'), () => this.#allowance.isOver())
    const relaxed = new Relaxed(this.#pairs, { kind: 'cost', mostUncovered: 0 })
    relaxed.at(this.#prices)
    standing.look(relaxed.priced, CANDIDATES)
    search.weigh(this.#prices, factor)
    return search
  }

  /** So many rounds, until one is feasible. */
  #tryFor(rounds: number): boolean {
    for (let n = 0; n < rounds && !this.#allowance.isOver(); n++) {
      if (this.#round('cover')) return true
      if (n % SHED_EVERY === 0 && this.#mayLeave) this.#note(shed(this.#search.standing), 'cover')
    }
    return false
  }

  #round(phase: 'cover' | 'cost'): boolean {
    this.#allowance.steps += 1
    if (!this.#search.round()) return false
    this.#note(this.#search.standing, phase)
    return true
  }

  /** Keeps it if it is the best so far. */
  #note(standing: Standing, phase: 'cover' | 'cost'): boolean {
    const uncovered = standing.uncovered.length
    if (uncovered > 0 && !this.#mayLeave) return false
    const cost = standing.cost()
    const best = this.#best
    if (best && (uncovered > best.uncovered || (uncovered === best.uncovered && cost >= best.cost))) return false
    const agentOf = Int32Array.from({ length: this.#pairs.jobs }, (_, job) => standing.agentOf(job))
    this.#best = { agentOf, uncovered, cost }
    this.#tell(phase, agentOf)
    return true
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
    if (best === null || best.uncovered !== this.#uncoveredBound) return false
    return best.cost - this.#boundAt(best.uncovered) <= (this.#isWhole ? 0 : SAME + SAME * best.cost)
  }

  #tell(phase: ManyProgress['phase'], agentOf: Int32Array | null): void {
    const best = this.#best
    this.#run.onProgress?.({
      seconds: this.#allowance.secondsUsed(),
      steps: this.#allowance.steps,
      phase,
      uncovered: best?.uncovered ?? null,
      cost: best?.cost ?? null,
      agentOf,
      uncoveredBound: this.#uncoveredBound,
      costBound: best ? this.#boundAt(best.uncovered) : Math.max(0, this.#costBound.bound),
    })
  }
}
