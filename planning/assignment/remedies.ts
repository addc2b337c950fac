import type { PlanProblem } from '#domain/plan.ts'
import type { Remedy, UncoveredExplanation } from '#domain/plan-explanation.ts'
import { type Bar, LIFTABLE_BARS, type LiftableBar } from '#domain/plan-weights.ts'
import { RESOURCES, type Resource } from '#domain/services.ts'
import { leftOf } from './capacity.ts'
import { barsOf } from './eligibility.ts'
import { barAt, NOBODY, pairingsOf } from './grid.ts'
import { hasRoom, lackOf, type PlanLedger, pointsOf } from './ledger.ts'

/** Nobody reads the tenth way out. */
const MOST_REMEDIES = 5

/** PX4, PX5: for each community without a provider, in the problem's order: why, and what would help. */
export function uncoveredOf(ledger: PlanLedger): UncoveredExplanation[] {
  const { grid, providerOf } = ledger
  const barsBetween = barsIn(grid.problem)
  return grid.problem.communities.flatMap(({ id }, c) => {
    if (providerOf[c] !== NOBODY) return []
    const remedies = remediesOf(ledger, c, (p) => barsBetween(c, p))
    return [{ communityId: id, ...reasonOf(ledger, c), remedies }]
  })
}

function reasonOf(ledger: PlanLedger, c: number): Pick<UncoveredExplanation, 'reason' | 'barred' | 'short'> {
  const barred: Partial<Record<Bar, number>> = {}
  const short: Partial<Record<Resource, number>> = {}
  let reason: UncoveredExplanation['reason'] = 'noneEligible'
  for (let p = 0; p < ledger.grid.providers; p++) {
    const bar = barAt(ledger.grid, c, p)
    if (bar !== null) {
      barred[bar] = (barred[bar] ?? 0) + 1
      continue
    }
    if (hasRoom(ledger, c, p)) reason = 'hasRoom'
    else if (reason === 'noneEligible') reason = 'noCapacity'
    for (const [r, resource] of RESOURCES.entries())
      if (lackOf(ledger, c, p, r) > 0) short[resource] = (short[resource] ?? 0) + 1
  }
  return { reason, barred, short }
}

/** Equally dear ones by what the pair would cost. */
function remediesOf(ledger: PlanLedger, c: number, barsWith: (p: number) => Bar[]): Remedy[] {
  return ledger.grid.problem.providers
    .flatMap((_, p) => {
      const remedy = remedyAt(ledger, c, p, barsWith(p))
      return remedy ? [{ remedy, pair: pointsOf(ledger.grid, c, p) }] : []
    })
    .sort((one, other) => one.remedy.points - other.remedy.points || one.pair - other.pair)
    .slice(0, MOST_REMEDIES)
    .map(({ remedy }) => remedy)
}

/** What makes this provider fit: bars a person may lift, and more of what it lacks (which is what being too small for it means). */
function remedyAt(ledger: PlanLedger, c: number, p: number, bars: readonly Bar[]): Remedy | null {
  const { problem, weights } = ledger.grid
  const lifted = bars.filter(isLiftable)
  if (bars.some((bar) => bar !== 'tooLarge' && !isLiftable(bar))) return null
  const more = RESOURCES.flatMap((resource, r) => {
    const amount = lackOf(ledger, c, p, r)
    return amount > 0 ? [{ resource, amount }] : []
  })
  const { perUnit, perBar } = weights.remedy
  const units = more.reduce((sum, { resource, amount }) => sum + perUnit[resource] * amount, 0)
  const points = Math.round(lifted.reduce((sum, bar) => sum + perBar[bar], units))
  return { providerId: problem.providers[p]?.id ?? '', more, lifted, points }
}

const isLiftable = (bar: Bar): bar is LiftableBar => (LIFTABLE_BARS as readonly Bar[]).includes(bar)

/** All bars of a pair, where the grid keeps only the first. */
function barsIn(problem: PlanProblem): (c: number, p: number) => Bar[] {
  const pairingOf = pairingsOf(
    problem,
    problem.providers.map((provider) => leftOf(problem, provider)),
  )
  return (c, p) => {
    const [community, provider] = [problem.communities[c], problem.providers[p]]
    return community && provider ? barsOf(pairingOf(community, provider, p)) : []
  }
}
