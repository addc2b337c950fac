import { NO_PAIR, type Standing } from './standing.ts'

/** A step that is better than nothing by less is none: sums of floats. */
const LEAST_GAIN = 1e-6

/** The best step found for a job so far: where it goes (NO_PAIR = to nobody), and the job that leaves for it with where that goes. */
interface Step {
  change: number
  pair: number
  other: number
  otherPair: number
}

const NO_JOB = -1

/** Makes the best step of one job, if any is better than staying: another agent, a swap, or another job's place. Answers the agents touched. */
export function improve(standing: Standing, job: number): number[] | null {
  const step = standing.pairOf[job] === NO_PAIR ? bestEntry(standing, job) : bestStep(standing, job)
  if (step.change >= -LEAST_GAIN) return null
  const touched = [standing.agentOf(job)]
  if (standing.pairOf[job] !== NO_PAIR) standing.drop(job)
  if (step.other !== NO_JOB) {
    touched.push(standing.agentOf(step.other))
    if (standing.pairOf[step.other] !== NO_PAIR) standing.drop(step.other)
    if (step.otherPair !== NO_PAIR) standing.take(step.otherPair, step.other)
  }
  if (step.pair !== NO_PAIR) standing.take(step.pair, job)
  touched.push(standing.agentOf(job))
  return touched.filter((agent) => agent !== NO_PAIR)
}

function bestStep(standing: Standing, job: number): Step {
  const { pairs, pairOf } = standing
  const { cost, agent, at, agents } = pairs
  const own = pairOf[job] as number
  const from = agent[own] as number
  const leaving = standing.change(from, NO_PAIR, own) - (cost[own] as number)
  const best: Step = { change: 0, pair: NO_PAIR, other: NO_JOB, otherPair: NO_PAIR }
  const candidates = standing.candidates[job] as Int32Array
  for (let c = 0; c < candidates.length; c++) {
    const pair = candidates[c] as number
    const to = agent[pair] as number
    if (to === from) continue
    const shift = leaving + standing.change(to, pair, NO_PAIR) + (cost[pair] as number)
    if (shift < best.change) note(best, shift, pair, NO_JOB, NO_PAIR)
    const there = standing.jobsOf[to] as number[]
    for (let n = 0; n < there.length; n++) {
      const other = there[n] as number
      const back = at[other * agents + from] as number
      if (back < 0) continue
      const theirs = pairOf[other] as number
      const swap =
        standing.change(to, pair, theirs) +
        standing.change(from, back, own) +
        (cost[pair] as number) +
        (cost[back] as number) -
        (cost[theirs] as number) -
        (cost[own] as number)
      if (swap < best.change) note(best, swap, pair, other, back)
    }
  }
  for (const other of standing.uncovered) {
    const back = at[other * agents + from] as number
    if (back < 0) continue
    const exchange = standing.change(from, back, own) + (cost[back] as number) - (cost[own] as number)
    if (exchange < best.change) note(best, exchange, NO_PAIR, other, back)
  }
  return best
}

/** A job with nobody takes the place of one that then is left: how many are uncovered never changes here. */
function bestEntry(standing: Standing, job: number): Step {
  const { cost, agent, start } = standing.pairs
  const best: Step = { change: 0, pair: NO_PAIR, other: NO_JOB, otherPair: NO_PAIR }
  for (let pair = start[job] as number; pair < (start[job + 1] as number); pair++) {
    const to = agent[pair] as number
    for (const other of standing.jobsOf[to] as number[]) {
      const theirs = standing.pairOf[other] as number
      const change = standing.change(to, pair, theirs) + (cost[pair] as number) - (cost[theirs] as number)
      if (change < best.change) note(best, change, pair, other, NO_PAIR)
    }
  }
  return best
}

function note(best: Step, change: number, pair: number, other: number, otherPair: number): void {
  best.change = change
  best.pair = pair
  best.other = other
  best.otherPair = otherPair
}
