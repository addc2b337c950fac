import { type Random, seededRandom } from '#domain/random.ts'
import type { Run } from '#planning/anytime.ts'
import { type CapacityPrices, capacityPrices } from './capacity-prices.ts'
import { forcedRises } from './forcing.ts'
import { type Gap, safe, stepOf } from './gap.ts'
import { canPack, JobPriceAscent } from './job-prices.ts'
import { relax } from './linear.ts'
import type { AssignmentAnswer, AssignmentStart } from './model.ts'
import { anyPlan, type Core, costOf, reassign, relatedAgents } from './neighbourhood.ts'
import { Oscillation, type Plan } from './oscillation.ts'
import { type Reduced, reducedBy } from './reduced.ts'

/** Agents each job may go to in a chain. */
const CANDIDATES = 15
/** Jobs the chains look at in one step. */
const CHAIN_WORK = 3_000_000
/** Rounds of the jobs' prices in one step. */
const PRICE_ROUNDS = 60
/** A neighbourhood that needs more nodes than this is too large; one that is closed within them grows. */
const NODES = 40
const FIRST_AGENTS = 4
/** Whole cores up to this size are tried to the end, with more nodes each time. */
const PROVABLE_PAIRS = 3_000
const PROOF_NODES = 300
/** Steps without any plan before it is asked whether there is one. */
const PATIENCE = 4

/**
 * The classic problem: prices of the capacities lead ejection chains to good plans, prices of the jobs prove a bound and leave only the
 * pairs that a better plan could use, small programmes over some agents search among these, and one over all of them ends it.
 */
export async function solveOneResource(gap: Gap, run: Run, start?: AssignmentStart): Promise<AssignmentAnswer> {
  const solving = new Solving(gap, run)
  await solving.begin(start)
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
  #proofNodes = PROOF_NODES
  #proofAt = 0

  constructor(gap: Gap, run: Run) {
    this.#gap = gap
    this.#run = run
    this.#begun = run.now()
    this.#random = seededRandom(run.seed, 'assignment')
    this.#prices = capacityPrices(gap, null)
    this.#reduced = reducedBy(gap, this.#prices, CANDIDATES)
    this.#chains = new Oscillation(gap, this.#reduced, this.#random)
  }

  async begin(start?: AssignmentStart): Promise<void> {
    this.#raise(this.#prices.bound)
    if (this.#isInfeasible) return
    const relaxed = await relax(this.#gap, this.#prices, () => this.#isOver())
    if (relaxed && relaxed.prices.bound > this.#prices.bound) this.#prices = relaxed.prices
    this.#raise(this.#prices.bound)
    this.#reduced = reducedBy(this.#gap, this.#prices, CANDIDATES)
    this.#chains = new Oscillation(this.#gap, this.#reduced, this.#random)
    this.#chains.load(relaxed ? rounded(this.#gap, relaxed, this.#prices) : this.#prices.at)
    if (start && this.#isPlan(start.agentOf))
      this.#improve({ agentOf: start.agentOf, cost: costOf(this.#gap, start.agentOf) })
    if (canPack(this.#gap)) this.#ascent = new JobPriceAscent(this.#gap, this.#prices.least)
  }

  async step(): Promise<void> {
    this.#steps++
    this.#chains.run(CHAIN_WORK, () => this.#isOver())
    if (this.#chains.best) this.#improve(this.#chains.best)
    this.#tell('chains')
    if (this.isDone()) return
    if (!this.#best) {
      if (this.#steps >= PATIENCE) await this.#findAny()
      return
    }
    this.#raisePrices(this.#best)
    this.#tell('bound')
    if (!this.isDone()) await this.#tryNeighbourhood(this.#best)
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
      prices: { capacity: this.#prices.price, cover: 0 },
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
    for (let round = 0; round < PRICE_ROUNDS && !ascent.isDone && !this.#isOver(); round++) ascent.round(cost)
    this.#raise(ascent.best.bound)
    if (ascent.isDone && !this.#isOver()) this.#rises = forcedRises(this.#gap, ascent.best.price)
  }

  /** The pairs that a better plan could use, by both bounds. */
  #core(cost: number): { core: Core; size: number } {
    const most = cost - stepOf(this.#gap) + 1e-6
    const [base, price] = [this.#prices.bound, this.#ascent?.best.bound ?? 0]
    const core = new Uint8Array(this.#gap.cost.length)
    let size = 0
    for (let pair = 0; pair < core.length; pair++) {
      if (base + (this.#reduced.cost[pair] as number) > most) continue
      if (this.#rises && price + (this.#rises[pair] as number) > most) continue
      core[pair] = 1
      size++
    }
    return { core, size }
  }

  async #tryNeighbourhood(plan: Plan): Promise<void> {
    const { core, size } = this.#core(plan.cost)
    const { agents } = this.#gap
    const isReady = this.#rises !== null || this.#ascent === null
    const isProof = isReady && size <= PROVABLE_PAIRS && this.#steps >= this.#proofAt
    const count = isProof ? agents : Math.min(this.#agents, agents)
    const chosen = relatedAgents(this.#gap, core, plan, count, this.#random)
    const tried = await reassign(this.#gap, core, plan, chosen, {
      seconds: this.#secondsLeft(),
      nodes: isProof ? this.#proofNodes : NODES,
      seed: this.#steps,
      ...(this.#run.isStopped && { isStopped: this.#run.isStopped }),
    })
    if (tried.plan && this.#isPlan(tried.plan.agentOf)) {
      this.#improve(tried.plan)
      this.#chains.load(tried.plan.agentOf)
    }
    const isClosed = tried.answer.status === 'optimal' || tried.answer.status === 'infeasible'
    // Outside the core there is nothing below the plan, so what holds there holds everywhere.
    if (count === agents)
      this.#raise(isClosed ? (tried.plan?.cost ?? plan.cost) : Math.min(plan.cost, tried.answer.bound))
    if (!isProof)
      this.#agents = isClosed
        ? Math.min(agents, Math.ceil(this.#agents * 1.25))
        : Math.max(2, Math.floor(this.#agents * 0.8))
    else if (!isClosed) {
      this.#proofNodes *= 3
      this.#proofAt = this.#steps * 2
    }
    this.#tell(isProof ? 'proof' : 'neighbourhood')
  }

  async #findAny(): Promise<void> {
    const nodes = PROOF_NODES * 2 ** (this.#steps - PATIENCE)
    const { answer, plan } = await anyPlan(this.#gap, { seconds: this.#secondsLeft(), nodes, seed: this.#steps })
    if (answer.status === 'infeasible') this.#isInfeasible = true
    else this.#raise(answer.bound)
    if (plan && this.#isPlan(plan.agentOf)) {
      this.#improve(plan)
      this.#chains.load(plan.agentOf)
    }
    this.#tell('any plan')
  }

  #tell(phase: string): void {
    const objective = this.#best?.cost ?? null
    const bound = Math.min(this.#bound, objective ?? Number.POSITIVE_INFINITY)
    const seconds = this.#run.limits.seconds - this.#secondsLeft()
    this.#run.onProgress?.({ seconds, steps: this.#steps, objective, bound, phase })
  }
}

/** Every job where it costs most. */
function dearestPlan({ agents, jobs, cost }: Gap): number {
  let sum = 0
  for (let job = 0; job < jobs; job++) {
    let most = Number.NEGATIVE_INFINITY
    for (let agent = 0; agent < agents; agent++) {
      const own = cost[agent * jobs + job] as number
      if (own > most && own < Number.POSITIVE_INFINITY) most = own
    }
    sum += most
  }
  return sum
}

/** Each job where its largest share is. */
function rounded(
  gap: Gap,
  { pairs, shares }: { pairs: Int32Array; shares: Float64Array },
  { at }: CapacityPrices,
): Int32Array {
  const agentOf = at.slice()
  const largest = new Float64Array(gap.jobs)
  for (const [n, pair] of pairs.entries()) {
    const job = pair % gap.jobs
    if ((shares[n] as number) <= (largest[job] as number)) continue
    largest[job] = shares[n] as number
    agentOf[job] = Math.floor(pair / gap.jobs)
  }
  return agentOf
}
