import { RESOURCES } from '#domain/services.ts'
import { balanceOf } from './evaluate.ts'
import { NOBODY, type PlanGrid } from './grid.ts'

/** A plan with its sums kept: who is where, and how full every provider is. */
export interface PlanLedger {
  grid: PlanGrid
  providerOf: Int32Array
  /** By provider. */
  members: number[][]
  /** By provider, what is still free of each of RESOURCES. */
  room: Float64Array[]
  /** By provider, thousandths. */
  load: Float64Array
}

/** The sums of a plan. */
export function ledgerOf(grid: PlanGrid, providerOf: Int32Array): PlanLedger {
  const members: number[][] = Array.from({ length: grid.providers }, () => [])
  const room = grid.left.map((amounts) => amounts.slice())
  const load = grid.baseLoad.slice()
  for (const [c, p] of providerOf.entries()) {
    if (p === NOBODY) continue
    members[p]?.push(c)
    load[p] = (load[p] as number) + shareOf(grid, c, p)
    for (const [r, need] of needsOf(grid, c).entries()) (room[p] as Float64Array)[r] = (room[p]?.[r] ?? 0) - need
  }
  return { grid, providerOf, members, room, load }
}

export const needsOf = ({ needs }: PlanGrid, c: number): Float64Array => needs[c] as Float64Array
export const shareOf = ({ share, providers }: PlanGrid, c: number, p: number): number =>
  share[c * providers + p] as number
export const pointsOf = ({ points, providers }: PlanGrid, c: number, p: number): number =>
  points[c * providers + p] as number

/** How much of a resource the community lacks at the provider as things are, when so much more were free; zero or below = it fits. */
export const lackOf = ({ grid, room }: PlanLedger, c: number, p: number, r: number): number =>
  (needsOf(grid, c)[r] as number) - (room[p]?.[r] as number)

/** Whether the community fits at the provider, once `leaving` (one of its own) has made room. */
export function hasRoom(ledger: PlanLedger, c: number, p: number, leaving: number = NOBODY): boolean {
  for (let r = 0; r < RESOURCES.length; r++) {
    const freed = leaving === NOBODY ? 0 : (needsOf(ledger.grid, leaving)[r] as number)
    if (lackOf(ledger, c, p, r) > freed) return false
  }
  return true
}

/** What the provider's load costs more when it changes by so many thousandths. */
export function balanceChange({ grid, load }: PlanLedger, p: number, thousandths: number): number {
  const own = load[p] as number
  return balanceOf(grid, p, own + thousandths) - balanceOf(grid, p, own)
}

/** What the community adds to the costs that lie in its provider's whole load. */
export function addedBy(
  { grid, load, members }: PlanLedger,
  c: number,
  p: number,
): { balance: number; opening: number } {
  const own = load[p] as number
  return {
    balance: balanceOf(grid, p, own) - balanceOf(grid, p, own - shareOf(grid, c, p)),
    opening: members[p]?.length === 1 ? (grid.opening[p] as number) : 0,
  }
}

/** What it would add to another's. */
export function addedTo(ledger: PlanLedger, c: number, q: number): { balance: number; opening: number } {
  return {
    balance: balanceChange(ledger, q, shareOf(ledger.grid, c, q)),
    opening: ledger.members[q]?.length === 0 ? (ledger.grid.opening[q] as number) : 0,
  }
}
