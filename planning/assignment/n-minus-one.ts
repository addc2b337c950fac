import type { PlanPlace, PlanProblem } from '#domain/plan.ts'
import type { ProviderRemoved } from '#domain/plan-explanation.ts'
import type { Run } from '#planning/anytime.ts'
import { type PlanStart, solvePlan } from './solve.ts'

interface Removing extends Omit<Run, 'onProgress'> {
  /** Share of the providers done, and what is known so far. */
  onProgress?(share: number, removed: ProviderRemoved[]): void
}

/**
 * PX9: each provider that serves somebody taken away in turn, those that serve most first, and the plan solved again from where
 * it stands. The seconds are shared out among those to come. After a stop or the end of the time only those are told that were
 * looked at, which are those that matter most; how good each answer is its own bounds say.
 */
export async function removeEach(problem: PlanProblem, start: PlanStart, run: Removing): Promise<ProviderRemoved[]> {
  const served = servedBy(start.places)
  const removed: ProviderRemoved[] = []
  const begun = run.now()
  for (const [done, [providerId, own]] of served.entries()) {
    if (run.isStopped?.()) break
    const rest = run.limits.seconds - (run.now() - begun) / 1_000
    if (rest <= 0) break
    const limits = { ...run.limits, seconds: rest / (served.length - done) }
    const one = await removeOne(problem, start, { ...run, limits }, { providerId, own })
    // Cut short in the middle it would tell of communities left bare that only nobody has looked at yet.
    if (run.isStopped?.()) break
    removed.push(one)
    run.onProgress?.((done + 1) / served.length, [...removed])
  }
  return removed
}

/** The communities of each provider, longest list first. */
function servedBy(places: readonly PlanPlace[]): [providerId: string, communityIds: string[]][] {
  const served = new Map<string, string[]>()
  for (const { communityId, providerId } of places)
    if (providerId !== null) served.set(providerId, [...(served.get(providerId) ?? []), communityId])
  return [...served].sort(([, one], [, other]) => other.length - one.length)
}

async function removeOne(
  problem: PlanProblem,
  start: PlanStart,
  { now, seed, limits, isStopped }: Removing,
  { providerId, own }: { providerId: string; own: readonly string[] },
): Promise<ProviderRemoved> {
  const places = start.places.map((place) => (place.providerId === providerId ? { ...place, providerId: null } : place))
  const run = { now, seed, limits, ...(isStopped && { isStopped }) }
  const solved = await solvePlan(without(problem, providerId), run, { ...start, places })
  if (!solved.ok)
    throw new Error(`The plan without ${providerId} breaks its own constraints: ${solved.faults[0]?.code}`)
  const before = new Map(start.places.map((place) => [place.communityId, place.providerId]))
  const { uncovered, uncoveredBound, cost, costBound } = solved.result
  const providerOf = new Map(solved.result.places.map((place) => [place.communityId, place.providerId]))
  return {
    providerId,
    left: own.filter((id) => (providerOf.get(id) ?? null) === null),
    uncovered,
    uncoveredBound,
    moved: [...providerOf].filter(([id, after]) => after !== null && after !== before.get(id)).length,
    cost,
    costBound,
  }
}

/** It stays in the list, out of the pool: providers keep their numbers, and the running plan's prices still hold. */
const without = (problem: PlanProblem, providerId: string): PlanProblem => ({
  ...problem,
  providers: problem.providers.map((one) => (one.id === providerId ? { ...one, isInPool: false } : one)),
  locks: problem.locks.filter((lock) => lock.providerId !== providerId),
})
