import { type Random, seededRandom, wholeBetween } from '#domain/random.ts'
import { type AssignmentModel, judge, NOBODY } from '#planning/assignment/core/model.ts'

/** A small problem drawn from a seed: half of them classic, the others with everything the model has. */
export function smallProblem(seed: number): AssignmentModel {
  const random = seededRandom(seed, 'small problem')
  const isClassic = seed % 2 === 0
  const [agents, jobs] = [wholeBetween(random, 2, 3), wholeBetween(random, 2, 5)]
  const table = (low: number, high: number) =>
    Float64Array.from({ length: agents * jobs }, () => wholeBetween(random, low, high))
  const cost = table(1, 30)
  for (let pair = 0; pair < cost.length; pair++) if (random() < 0.12) cost[pair] = Number.POSITIVE_INFINITY
  const resources = Array.from({ length: isClassic ? 1 : wholeBetween(random, 1, 3) }, (_, n) => {
    const use = table(1, 12)
    const capacity = capacityOf(random, { agents, jobs }, use)
    const overPrice = Float64Array.from({ length: agents }, () => wholeBetween(random, 0, 4))
    return { use, capacity, ...(n === 2 && { overPrice }) }
  })
  const fixed = () => (isClassic || random() < 0.5 ? 0 : wholeBetween(random, 1, 20))
  const fixedCost = Float64Array.from({ length: agents }, fixed)
  return { agents, jobs, cost, resources, fixedCost, mayStayUncovered: !isClassic && random() < 0.7 }
}

/** From far too little to plenty. */
function capacityOf(random: Random, { agents, jobs }: { agents: number; jobs: number }, use: Float64Array) {
  const mean = use.reduce((sum, own) => sum + own, 0) / use.length
  const share = 0.4 + random()
  return Float64Array.from({ length: agents }, () => Math.round(((mean * jobs) / agents) * share * (0.5 + random())))
}

/** The best of all plans there are: fewest uncovered, then least cost; null where none is allowed. */
export function bestByTryingAll(model: AssignmentModel): { uncovered: number; cost: number } | null {
  const plan = new Int32Array(model.jobs).fill(NOBODY)
  let best: { uncovered: number; cost: number } | null = null
  for (;;) {
    const judged = judge(model, plan)
    if (
      judged.ok &&
      (!best || judged.uncovered < best.uncovered || (judged.uncovered === best.uncovered && judged.cost < best.cost))
    )
      best = { uncovered: judged.uncovered, cost: judged.cost }
    let job = 0
    while (job < model.jobs && plan[job] === model.agents - 1) plan[job++] = NOBODY
    if (job === model.jobs) return best
    plan[job] = (plan[job] as number) + 1
  }
}
