import { type Random, seededRandom } from '#domain/random.ts'
import type { Run } from '#planning/anytime.ts'
import type { MipAnswer, MipOptions } from '#planning/mip/mip.ts'
import { type CapacityPrices, capacityPrices } from './capacity-prices.ts'
import { forcedRises } from './forcing.ts'
import { dearestPlan, type Gap, safe, stepOf } from './gap.ts'
import { canPack, JobPriceAscent } from './job-prices.ts'
import { relax, rounded } from './linear.ts'
import type { AssignmentAnswer } from './model.ts'
import { anyPlan, reassign, relatedAgents } from './neighbourhood.ts'
import { Oscillation, type Plan } from './oscillation.ts'
import { candidatesOf, type Reduced, reducedBy } from './reduced.ts'

/** Agents each job may go to in a chain. */
const CANDIDATES = 15
/** Jobs the chains look at in one of the first steps, and later when what is easy has been found. */
const FIRST_WORK = 3_000_000
const FIRST_STEPS = 4
const CHAIN_WORK = 12_000_000
const WORK_PER_PAIR = 6_000
/** Rounds of the jobs' prices in one step: as many as chains take, or many where they are cheap. */
const PRICE_ROUNDS = 60
const PRICE_WORK = 600_000
/** A neighbourhood that needs more nodes than this is too large; one that is closed within them grows. */
const NODES = 40
const FIRST_AGENTS = 4
/** Pairs a job, in a programme over all agents. */
const FIRST_PAIRS = 3
/** A programme over the whole core is tried again and again, with three times the nodes each time. */
const PROOF_NODES = 100
/** Over the square of the pairs still open: nodes that are worth spending at once where few are, as they may end it. */
const CLOSING_NODES = 1e8
/** Pairs beyond which such a programme takes longer to begin than the chains to do better. */
const MOST_PAIRS = 2_500
/** Steps without any plan before it is asked whether there is one: a small problem is asked soon. */
const PATIENCE = { small: 4, large: 40 }
const SMALL = 5_000

/**
 * The classic problem: prices of the capacities lead ejection chains to good plans, prices of the jobs prove a bound and leave only the
 * pairs that a better plan could use, small programmes over some agents search among these, and one over all of them ends it.
 */
export async function solveOneResource(gap: Gap, run: Run): Promise<AssignmentAnswer> {
  const solving = new Solving(gap, run)
  await solving.begin()
  while (!solving.isDone()) await solving.step()
  return solving.answer()
}

class Solving {
  readonly #gap: Gap
  readonly #run: Run
  readonly #random: Random
  readonly #begun: number
  #prices: CapacityPrices
  #reduced: Reduced
  #chains: Oscillation
  #ascent: JobPriceAscent | null = null
  #rises: Float64Array | null = null
  #best: Plan | null = null
  #bound = Number.NEGATIVE_INFINITY
  #isInfeasible = false
  #steps = 0
  #agents = FIRST_AGENTS
  #pairs: number
  #kernelNodes = PROOF_NODES
  /** Steps to wait for before the next programme over all agents. */
  #kernelAt = 0
  #kernelWait = 1

  constructor(gap: Gap, run: Run) {
    this.#gap = gap
    this.#run = run
    this.#begun = run.now()
    this.#pairs = FIRST_PAIRS * gap.jobs
    this.#random = seededRandom(run.seed, 'assignment')
    this.#prices = capacityPrices(gap, null)
    this.#reduced = reducedBy(gap, this.#prices, CANDIDATES)
    this.#chains = new Oscillation(gap, this.#reduced, this.#random)
  }

  async begin(): Promise<void> {
    this.#raise(this.#prices.bound)
    if (this.#isInfeasible) return
    const relaxed = await relax(this.#gap, this.#prices, () => (this.#isOver() ? 0 : this.#secondsLeft()))
    if (relaxed && relaxed.prices.bound > this.#prices.bound) this.#prices = relaxed.prices
    this.#raise(this.#prices.bound)
    this.#reduced = reducedBy(this.#gap, this.#prices, CANDIDATES)
    this.#chains = new Oscillation(this.#gap, this.#reduced, this.#random)
    this.#chains.load(relaxed ? rounded(this.#gap, relaxed, this.#prices) : this.#prices.at)
    if (canPack(this.#gap)) this.#ascent = new JobPriceAscent(this.#gap, this.#prices.least)
  }

  async step(): Promise<void> {
    this.#steps++
    this.#chains.run(this.#chainWork(), () => this.#isOver())
    if (this.#chains.best) this.#improve(this.#chains.best)
    this.#tell('chains')
    if (this.isDone()) return
    if (!this.#best) {
      if (this.#steps >= this.#patience()) await this.#findAny()
      return
    }
    this.#raisePrices(this.#best)
    this.#tell('bound')
    const areReady = this.#rises !== null || this.#ascent === null
    if (!this.isDone()) await this.#tryAgents(this.#best)
    if (areReady && !this.isDone() && this.#steps >= this.#kernelAt) await this.#tryKernel(this.#best)
  }

  isDone(): boolean {
    const { steps = Number.POSITIVE_INFINITY } = this.#run.limits
    return this.#isInfeasible || this.#isProved() || this.#steps >= steps || this.#isOver()
  }

  answer(): AssignmentAnswer {
    const best = this.#best
    const status = best ? (this.#isProved() ? 'optimal' : 'feasible') : this.#isInfeasible ? 'infeasible' : 'unknown'
    return {
      status,
      agentOf: best?.agentOf ?? null,
      uncovered: 0,
      cost: best?.cost ?? Number.NaN,
      uncoveredBound: 0,
      costBound: best ? Math.min(best.cost, this.#bound) : this.#bound,
      steps: this.#steps,
    }
  }

  #isOver(): boolean {
    return this.#secondsLeft() <= 0 || this.#run.isStopped?.() === true
  }

  #secondsLeft(): number {
    return this.#run.limits.seconds - (this.#run.now() - this.#begun) / 1000
  }

  #isProved(): boolean {
    return this.#best !== null && this.#bound > this.#best.cost - stepOf(this.#gap)
  }

  /** A bound above every conceivable cost proves that there is no plan. */
  #raise(bound: number): void {
    this.#bound = Math.max(this.#bound, safe(this.#gap, bound))
    if (this.#bound > dearestPlan(this.#gap)) this.#isInfeasible = true
  }

  #improve(plan: Plan): void {
    if (plan.cost < (this.#best?.cost ?? Number.POSITIVE_INFINITY)) this.#best = plan
  }

  #isPlan(agentOf: Int32Array): boolean {
    const room = this.#gap.capacity.slice()
    for (let job = 0; job < this.#gap.jobs; job++) {
      const agent = agentOf[job] ?? -1
      const pair = agent * this.#gap.jobs + job
      if (!(agent >= 0 && Number.isFinite(this.#gap.cost[pair]))) return false
      room[agent] = (room[agent] as number) - (this.#gap.use[pair] as number)
    }
    return room.every((left) => left >= 0)
  }

  #raisePrices({ cost }: Plan): void {
    const ascent = this.#ascent
    if (!ascent || ascent.isDone) return
    const rounds = Math.max(PRICE_ROUNDS, PRICE_WORK / this.#gap.cost.length)
    for (let round = 0; round < rounds && !ascent.isDone && !this.#isOver(); round++) ascent.round(cost)
    this.#raise(ascent.best.bound)
    if (!ascent.isDone || this.#isOver()) return
    this.#rises = forcedRises(this.#gap, ascent.best.price)
    this.#redirect()
  }

  /** The jobs' prices often know better where a job may go than those of the capacities: the chains follow them from now on. */
  #redirect(): void {
    const lifts = this.#lifts(Number.POSITIVE_INFINITY)
    this.#reduced = { ...this.#reduced, candidates: candidatesOf(this.#gap, lifts, CANDIDATES) }
    const { best, state } = this.#chains
    this.#chains = new Oscillation(this.#gap, this.#reduced, this.#random)
    this.#chains.load(best?.agentOf ?? state.plan())
    this.#chains.best = best
  }

  /** A problem of some dozen pairs needs no millions. */
  #chainWork(): number {
    return Math.min(this.#steps <= FIRST_STEPS ? FIRST_WORK : CHAIN_WORK, WORK_PER_PAIR * this.#gap.cost.length)
  }

  #patience(): number {
    return this.#gap.cost.length <= SMALL ? PATIENCE.small : PATIENCE.large
  }

  /** How far each pair lifts the bound, as far as the plan's cost allows; Infinity where no better plan could use it. */
  #lifts(cost: number): Float64Array {
    const most = cost - stepOf(this.#gap) + 1e-6 + 1e-11 * Math.abs(cost)
    const [base, packed] = [this.#prices.bound, this.#ascent?.best.bound ?? 0]
    return this.#reduced.cost.map((reduced, pair) => {
      const lift = Math.max(base + reduced, this.#rises ? packed + (this.#rises[pair] as number) : base)
      return lift > most ? Number.POSITIVE_INFINITY : lift
    })
  }

  /** The jobs of some agents, and all pairs among them that a better plan could use. */
  async #tryAgents(plan: Plan): Promise<void> {
    const core = Uint8Array.from(this.#lifts(plan.cost), (lift) => (lift < Number.POSITIVE_INFINITY ? 1 : 0))
    const count = Math.min(this.#agents, this.#gap.agents)
    const chosen = relatedAgents(this.#gap, core, plan, count, this.#random)
    const { answer, plan: found } = await reassign(this.#gap, core, plan, chosen, this.#limited(NODES))
    this.#take(found)
    const isClosed = answer.status === 'optimal' || answer.status === 'infeasible'
    this.#agents = isClosed
      ? Math.min(this.#gap.agents, Math.ceil(this.#agents * 1.25))
      : Math.max(2, Math.floor(this.#agents * 0.8))
    if (count === this.#gap.agents) this.#prove(plan, answer, found)
    this.#tell('agents')
  }

  /** All agents, and the pairs that lift the bound least; once these are all that a better plan could use, the end of it. */
  async #tryKernel(plan: Plan): Promise<void> {
    const lifts = this.#lifts(plan.cost)
    const sorted = lifts.toSorted()
    const size = sorted.indexOf(Number.POSITIVE_INFINITY)
    const whole = size < 0 ? sorted.length : size
    const count = Math.min(this.#pairs, whole)
    if (count > MOST_PAIRS) return
    const isWhole = count === whole
    const limit = sorted[count - 1] as number
    const core = Uint8Array.from(lifts, (lift) => (lift <= limit ? 1 : 0))
    const agents = Array.from({ length: this.#gap.agents }, (_, agent) => agent)
    const open = Math.max(1, whole - this.#gap.jobs)
    const nodes = isWhole ? Math.max(this.#kernelNodes, Math.ceil(CLOSING_NODES / open ** 2)) : PROOF_NODES
    const { answer, plan: found } = await reassign(this.#gap, core, plan, agents, this.#limited(nodes))
    this.#take(found)
    const isClosed = answer.status === 'optimal' || answer.status === 'infeasible'
    if (isWhole) this.#prove(plan, answer, found)
    if (isClosed) this.#pairs = Math.ceil(this.#pairs * 1.5)
    else if (isWhole) this.#kernelNodes *= 3
    else if (!found) this.#pairs = Math.max(Math.ceil(this.#gap.jobs * 1.2), Math.floor(this.#pairs * 0.8))
    if (!isClosed && !found) this.#kernelAt = this.#steps + ++this.#kernelWait
    this.#tell('kernel')
  }

  /** Outside the core there is nothing below the plan, so what is proved there holds everywhere. */
  #prove(plan: Plan, answer: MipAnswer, found: Plan | null): void {
    if (answer.status === 'optimal' && found) this.#raise(found.cost)
    else this.#raise(Math.min(plan.cost, answer.bound))
  }

  #take(plan: Plan | null): void {
    if (!plan || !this.#isPlan(plan.agentOf)) return
    this.#improve(plan)
    this.#chains.load(plan.agentOf)
  }

  #limited(nodes: number): MipOptions {
    const { isStopped } = this.#run
    return { seconds: this.#secondsLeft(), nodes, seed: this.#steps, ...(isStopped && { isStopped }) }
  }

  async #findAny(): Promise<void> {
    const nodes = PROOF_NODES * 2 ** (this.#steps - this.#patience())
    const { answer, plan } = await anyPlan(this.#gap, this.#limited(nodes))
    if (answer.status === 'infeasible') this.#isInfeasible = true
    else this.#raise(answer.bound)
    this.#take(plan)
    this.#tell('any plan')
  }

  #tell(phase: string): void {
    const objective = this.#best?.cost ?? null
    const bound = Math.min(this.#bound, objective ?? Number.POSITIVE_INFINITY)
    const seconds = this.#run.limits.seconds - this.#secondsLeft()
    this.#run.onProgress?.({ seconds, steps: this.#steps, objective, bound, phase })
  }
}
