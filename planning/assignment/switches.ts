import type { Switch } from '#domain/plan-explanation.ts'
import { isEligible, NOBODY } from './grid.ts'
import { addedBy, addedTo, balanceChange, hasRoom, type PlanLedger, pointsOf, shareOf } from './ledger.ts'

/** By community, the two cheapest other providers that have room as things are: at 2c and 2c + 1, NOBODY where there is none. */
interface TwoBest {
  providers: Int32Array
  points: Float64Array
}

/** PX3: by community, the cheapest switch of its provider with its exact change of the whole plan's cost; null = none, or it has nobody. */
export function switchesOf(ledger: PlanLedger): (Switch | null)[] {
  const best = twoBestOf(ledger)
  return Array.from(ledger.providerOf, (p, c) => {
    if (p === NOBODY) return null
    const q = best.providers[2 * c] as number
    if (q === NOBODY) return cheapestEjection(ledger, best, c)
    return { providerId: idOf(ledger, q), points: best.points[2 * c] as number, moves: [] }
  })
}

function twoBestOf(ledger: PlanLedger): TwoBest {
  const { grid, providerOf } = ledger
  const best: TwoBest = {
    providers: new Int32Array(2 * grid.communities).fill(NOBODY),
    points: new Float64Array(2 * grid.communities).fill(Number.POSITIVE_INFINITY),
  }
  for (let c = 0; c < grid.communities; c++) {
    const p = providerOf[c] as number
    if (p === NOBODY) continue
    const saved = leavingSaves(ledger, c)
    for (let q = 0; q < grid.providers; q++) {
      if (q !== p && isEligible(grid, c, q) && hasRoom(ledger, c, q))
        note(best, c, q, joiningCosts(ledger, c, q) - saved)
    }
  }
  return best
}

function note({ providers, points }: TwoBest, c: number, q: number, cost: number): void {
  const [first, second] = [2 * c, 2 * c + 1]
  if (cost < (points[first] as number)) {
    providers[second] = providers[first] as number
    points[second] = points[first] as number
    providers[first] = q
    points[first] = cost
  } else if (cost < (points[second] as number)) {
    providers[second] = q
    points[second] = cost
  }
}

function leavingSaves(ledger: PlanLedger, c: number): number {
  const p = ledger.providerOf[c] as number
  const { balance, opening } = addedBy(ledger, c, p)
  return pointsOf(ledger.grid, c, p) + balance + opening
}

function joiningCosts(ledger: PlanLedger, c: number, q: number): number {
  const { balance, opening } = addedTo(ledger, c, q)
  return pointsOf(ledger.grid, c, q) + balance + opening
}

interface Ejection {
  /** Goes to `q` in place of `d`, which goes to `e`. */
  q: number
  d: number
  e: number
  points: number
}

/** Nobody has room: one community of the target makes it by moving to its best place, the one left free included. */
function cheapestEjection(ledger: PlanLedger, best: TwoBest, c: number): Switch | null {
  const { grid, providerOf, members } = ledger
  let cheapest: Ejection | null = null
  for (let q = 0; q < grid.providers; q++) {
    if (q === providerOf[c] || !isEligible(grid, c, q)) continue
    for (const d of members[q] ?? []) {
      const found = hasRoom(ledger, c, q, d) ? ejection(ledger, best, { c, q, d }) : null
      if (found && found.points < (cheapest?.points ?? Number.POSITIVE_INFINITY)) cheapest = found
    }
  }
  if (!cheapest) return null
  const { q, d, e, points } = cheapest
  const moved = {
    communityId: grid.problem.communities[d]?.id ?? '',
    from: idOf(ledger, q),
    providerId: idOf(ledger, e),
  }
  return { providerId: idOf(ledger, q), points, moves: [moved] }
}

/** The cheaper of two: the ejected community takes the place left free, or its best place elsewhere. */
function ejection(ledger: PlanLedger, best: TwoBest, at: { c: number; q: number; d: number }): Ejection | null {
  const { grid, providerOf } = ledger
  const { c, q, d } = at
  const p = providerOf[c] as number
  const exchanged =
    pointsOf(grid, c, q) - pointsOf(grid, d, q) + balanceChange(ledger, q, shareOf(grid, c, q) - shareOf(grid, d, q))
  const first = best.providers[2 * d] as number
  const e = first === p ? (best.providers[2 * d + 1] as number) : first
  const elsewhere =
    e === NOBODY ? Number.POSITIVE_INFINITY : exchanged + joiningCosts(ledger, d, e) - leavingSaves(ledger, c)
  const fits = isEligible(grid, d, p) && hasRoom(ledger, d, p, c)
  const swapped = fits
    ? exchanged +
      pointsOf(grid, d, p) -
      pointsOf(grid, c, p) +
      balanceChange(ledger, p, shareOf(grid, d, p) - shareOf(grid, c, p))
    : Number.POSITIVE_INFINITY
  if (Math.min(elsewhere, swapped) === Number.POSITIVE_INFINITY) return null
  return swapped < elsewhere ? { q, d, e: p, points: swapped } : { q, d, e, points: elsewhere }
}

const idOf = ({ grid }: PlanLedger, p: number) => grid.problem.providers[p]?.id ?? ''
