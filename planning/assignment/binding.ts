import type { Binding } from '#domain/plan-explanation.ts'
import { RESOURCES } from '#domain/services.ts'
import { barAt, isEligible, NOBODY, type PlanGrid } from './grid.ts'
import { addedBy, addedTo, hasRoom, lackOf, type PlanLedger, pointsOf } from './ledger.ts'

/**
 * PX2: why a provider that would cost this community alone less was not chosen: of those that may take it the cheapest,
 * and only where none of them is cheaper one that may not. Null = it has the best, or a better one is free and the plan not the best.
 */
export function bindingOf(ledger: PlanLedger, c: number): Binding | null {
  const { grid, providerOf } = ledger
  const p = providerOf[c] as number
  const q = cheapest(grid, c, p, (other) => isEligible(grid, c, other))
  if (q !== NOBODY) return hasRoom(ledger, c, q) ? wholePlan(ledger, c, q) : capacity(ledger, c, q)
  if (cheapest(grid, c, p, (other) => barAt(grid, c, other) === 'lockedElsewhere') !== NOBODY) return { kind: 'lock' }
  const barred = cheapest(grid, c, p, () => true)
  const bar = barred === NOBODY ? null : barAt(grid, c, barred)
  return bar && { kind: 'barred', providerId: idOf(grid, barred), bar }
}

/** Of those that cost the community less than its own, the one that costs it least. */
function cheapest(grid: PlanGrid, c: number, own: number, counts: (p: number) => boolean): number {
  let [best, least] = [NOBODY, pointsOf(grid, c, own)]
  for (let p = 0; p < grid.providers; p++) {
    const points = pointsOf(grid, c, p)
    if (points < least && counts(p)) [best, least] = [p, points]
  }
  return best
}

/** The resource told is the one of whose need the greatest part is missing. */
function capacity(ledger: PlanLedger, c: number, q: number): Binding {
  const needs = ledger.grid.needs[c] as Float64Array
  const part = (r: number) => lackOf(ledger, c, q, r) / Math.max(1, needs[r] as number)
  const worst = RESOURCES.map((_, r) => r).reduce((most, r) => (part(r) > part(most) ? r : most))
  return {
    kind: 'capacity',
    providerId: idOf(ledger.grid, q),
    resource: RESOURCES[worst] as (typeof RESOURCES)[number],
    missing: lackOf(ledger, c, q, worst),
  }
}

/** What it saves the community, the whole plan pays again: in the term that grows most. */
function wholePlan(ledger: PlanLedger, c: number, q: number): Binding | null {
  const { grid, providerOf } = ledger
  const p = providerOf[c] as number
  const [here, there] = [addedBy(ledger, c, p), addedTo(ledger, c, q)]
  const grown = { balance: there.balance - here.balance, opening: there.opening - here.opening }
  if (pointsOf(grid, c, q) - pointsOf(grid, c, p) + grown.balance + grown.opening < 0) return null
  const term = grown.opening > grown.balance ? 'opening' : 'balance'
  return { kind: 'wholePlan', providerId: idOf(grid, q), term, points: grown[term] }
}

const idOf = ({ problem }: PlanGrid, p: number) => problem.providers[p]?.id ?? ''
