import type { PlanFault, PlanPair } from '#domain/plan.ts'
import { RESOURCES } from '#domain/services.ts'
import { barAt, NOBODY, type PlanGrid } from './grid.ts'

/** PS1: every lock can be kept, alone and together; whatever cannot is named, all of it at once. */
export function faultsOf(grid: PlanGrid): PlanFault[] {
  return [...unknownPairs(grid), ...barredLocks(grid), ...overfullLocks(grid)]
}

function unknownPairs({ problem, communityAt, providerAt }: PlanGrid): PlanFault[] {
  const isUnknown = ({ communityId, providerId }: PlanPair) =>
    !communityAt.has(communityId) || !providerAt.has(providerId)
  const unknown = problem.locks.filter(isUnknown).map((lock) => ({ code: 'unknownPair' as const, ...lock }))
  const providerOf = new Map<string, string>()
  const twice: PlanFault[] = []
  for (const lock of problem.locks) {
    const before = providerOf.get(lock.communityId) ?? lock.providerId
    if (before !== lock.providerId) twice.push({ code: 'lockedTwice', ...lock })
    providerOf.set(lock.communityId, lock.providerId)
  }
  return [...unknown, ...twice]
}

function barredLocks(grid: PlanGrid): PlanFault[] {
  const { problem } = grid
  return problem.communities.flatMap(({ id }, c) => {
    const p = grid.lockedTo[c] ?? NOBODY
    const bar = p === NOBODY ? null : barAt(grid, c, p)
    return bar === null
      ? []
      : [{ code: 'lockBarred' as const, communityId: id, providerId: problem.providers[p]?.id ?? '', bar }]
  })
}

function overfullLocks(grid: PlanGrid): PlanFault[] {
  const need = grid.left.map(() => new Float64Array(RESOURCES.length))
  for (const [c, p] of grid.lockedTo.entries()) {
    for (const [r, amount] of (grid.needs[c] ?? []).entries()) {
      if (p !== NOBODY) (need[p] as Float64Array)[r] = (need[p]?.[r] ?? 0) + amount
    }
  }
  return grid.problem.providers.flatMap(({ id }, p) =>
    RESOURCES.flatMap((resource, r) => {
      const missing = (need[p]?.[r] ?? 0) - (grid.left[p]?.[r] ?? 0)
      return missing > 0 ? [{ code: 'locksExceed' as const, providerId: id, resource, missing }] : []
    }),
  )
}
