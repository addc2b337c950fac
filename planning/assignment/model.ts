import { RESOURCES } from '#domain/services.ts'
import { type AssignmentModel, NOBODY, type Resource } from '#planning/assignment/core/model.ts'
import { isEligible, type PlanGrid } from './grid.ts'
import { slopeOf, startOf } from './provider-terms.ts'

/** What is left to decide: communities that no lock has placed and that somebody may take, with what the locks leave of each provider. */
export interface FreePart {
  model: AssignmentModel
  /** The community of each job. */
  communityOf: number[]
  /** What the locked part costs whatever else is decided. */
  lockedCost: number
  /** Communities for which nobody is eligible: uncovered in every plan. */
  hopeless: number
}

/** The model the optimiser solves, and what is decided before it begins. The plan's cost is the model's plus `lockedCost`. */
export function freePartOf(grid: PlanGrid): FreePart {
  const left = grid.left.map((amounts) => amounts.slice())
  const load = grid.baseLoad.slice()
  const opening = grid.opening.slice()
  const communityOf: number[] = []
  let lockedCost = 0
  let hopeless = 0
  for (let c = 0; c < grid.communities; c++) {
    const p = grid.lockedTo[c] as number
    if (p === NOBODY) {
      if (hasAnybody(grid, c)) communityOf.push(c)
      else hopeless += 1
      continue
    }
    const pair = c * grid.providers + p
    lockedCost += (grid.points[pair] as number) + (opening[p] as number)
    opening[p] = 0
    load[p] = (load[p] as number) + (grid.share[pair] as number)
    for (const [r, need] of (grid.needs[c] as Float64Array).entries())
      (left[p] as Float64Array)[r] = (left[p]?.[r] ?? 0) - need
  }
  const pieces = piecesOf(grid, communityOf, load)
  const model: AssignmentModel = {
    agents: grid.providers,
    jobs: communityOf.length,
    cost: byAgent(grid, communityOf, (c, p) =>
      isEligible(grid, c, p) ? (grid.points[c * grid.providers + p] as number) : Number.POSITIVE_INFINITY,
    ),
    resources: [...tradesOf(grid, communityOf, left), ...pieces.resources],
    fixedCost: opening,
    mayStayUncovered: true,
  }
  return { model, communityOf, lockedCost: lockedCost + pieces.lockedCost, hopeless }
}

const hasAnybody = (grid: PlanGrid, c: number) =>
  Array.from({ length: grid.providers }, (_, p) => p).some((p) => isEligible(grid, c, p))

function byAgent(
  grid: PlanGrid,
  communityOf: readonly number[],
  pointsOf: (c: number, p: number) => number,
): Float64Array {
  const jobs = communityOf.length
  const values = new Float64Array(grid.providers * jobs)
  for (let p = 0; p < grid.providers; p++)
    for (let j = 0; j < jobs; j++) values[p * jobs + j] = pointsOf(communityOf[j] as number, p)
  return values
}

/** Resources nobody in the plan needs are nobody's limit. */
function tradesOf(grid: PlanGrid, communityOf: readonly number[], left: readonly Float64Array[]): Resource[] {
  return RESOURCES.flatMap((_, r) => {
    if (!communityOf.some((c) => (grid.needs[c]?.[r] ?? 0) > 0)) return []
    return [
      {
        use: byAgent(grid, communityOf, (c) => grid.needs[c]?.[r] ?? 0),
        capacity: Float64Array.from(left, (amounts) => amounts[r] as number),
      },
    ]
  })
}

/** Each piece of the balance curve as a soft resource (provider-terms.ts); what the locks exceed is paid in any case, what was exceeded before is not this plan's. */
function piecesOf(
  grid: PlanGrid,
  communityOf: readonly number[],
  load: Float64Array,
): { resources: Resource[]; lockedCost: number } {
  const use = byAgent(grid, communityOf, (c, p) => grid.share[c * grid.providers + p] as number)
  let lockedCost = 0
  const resources = grid.weights.balance.map((piece) => {
    const over = load.map((own) => overAt(piece, own))
    lockedCost += slopeOf(piece) * sumOf(over.map((own, p) => own - overAt(piece, grid.baseLoad[p] as number)))
    const capacity = load.map((own) => Math.max(0, startOf(piece) - own))
    return { use, capacity, overPrice: new Float64Array(grid.providers).fill(slopeOf(piece)) }
  })
  return { resources, lockedCost }
}

const overAt = (piece: Parameters<typeof startOf>[0], load: number) => Math.max(0, load - startOf(piece))
const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)
