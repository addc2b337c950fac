import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlanPlace, PlanProblem } from '#domain/plan.ts'
import type { CommunityExplanation, Switch } from '#domain/plan-explanation.ts'
import { NOTHING, RESOURCES } from '#domain/services.ts'
import { evaluate, providersOf } from '#planning/assignment/evaluate.ts'
import { explainPlan } from '#planning/assignment/explain.ts'
import { gridOf, isEligible } from '#planning/assignment/grid.ts'
import { communityOf, placesOf, problemOf, providerOf, SIMPLE, smallProblems } from './small-plans.ts'

const FORBID = { communityId: 'a', providerId: 'p2' }

function about(problem: PlanProblem, places: PlanPlace[], id = 'a'): CommunityExplanation {
  const found = explainPlan(problem, places).covered.find(({ communityId }) => communityId === id)
  if (!found) throw new Error(`${id} is not covered`)
  return found
}

describe('what a community costs', () => {
  const weights = {
    ...SIMPLE,
    balance: [{ fromPercent: 50, perPercent: 100 }],
    opening: { perThousandYuan: 100 },
  }
  const provider = providerOf('p1', 10, { quality: 88, openingCost: 3_000 })
  const [a, b] = [communityOf('a', 4, { servedBy: 'gone' }), communityOf('b', 3)]

  test("[PX1] each term has its share, of balance and opening what the community adds to its provider's", () => {
    const alone = about(problemOf([a], [provider], { weights }), placesOf({ a: 'p1' }))
    expect(alone.terms).toMatchObject({ quality: 120, continuity: 100, balance: 0, opening: 300 })
    expect(alone.points).toBe(520)
    // 4 + 3 of 10 are 20 percent beyond the half; without either there is nothing beyond it.
    const together = explainPlan(problemOf([a, b], [provider], { weights }), placesOf({ a: 'p1', b: 'p1' }))
    expect(together.covered.map(({ terms }) => [terms.balance, terms.opening])).toEqual([
      [2_000, 0],
      [2_000, 0],
    ])
    expect(together.terms).toMatchObject({ quality: 240, continuity: 100, balance: 2_000, opening: 300 })
    expect(together.cost).toBe(2_640)
  })

  test('[PX6] a provider is as full as the plan, running engagements and reserves make it', () => {
    const busy = providerOf('p1', 20, { committed: { ...NOTHING, cleaners: 5 }, openingCost: 3_000 })
    const reserves = [{ providerId: 'p1', amounts: { ...NOTHING, cleaners: 2 } }]
    const { loads } = explainPlan(
      problemOf([a, b], [busy, providerOf('p2', 10)], { weights, reserves }),
      placesOf({ a: 'p1', b: null }),
    )
    expect(loads[0]).toEqual({
      providerId: 'p1',
      communities: 1,
      used: { ...NOTHING, cleaners: 11 },
      capacity: { ...NOTHING, cleaners: 20 },
      loadPercent: 55,
      balancePoints: 500,
      openingPoints: 300,
    })
    expect(loads).toHaveLength(2)
  })
})

describe('why a cheaper provider was not chosen', () => {
  const [dear, cheap] = [providerOf('p1', 10, { quality: 90 }), providerOf('p2', 5)]
  const [a, b] = [communityOf('a', 4), communityOf('b', 3)]

  test('[PX2] it lacks room: the resource and how much of it', () => {
    const problem = problemOf([a, b], [dear, cheap])
    expect(about(problem, placesOf({ a: 'p1', b: 'p2' })).binding).toEqual({
      kind: 'capacity',
      providerId: 'p2',
      resource: 'cleaners',
      missing: 2,
    })
  })

  test('[PX2] a rule keeps it out, or a lock', () => {
    const barred = problemOf([a], [dear, { ...cheap, isInPool: false }])
    expect(about(barred, placesOf({ a: 'p1' })).binding).toEqual({
      kind: 'barred',
      providerId: 'p2',
      bar: 'notInPool',
    })
    const locked = problemOf([a], [dear, cheap], { locks: [{ communityId: 'a', providerId: 'p1' }] })
    expect(about(locked, placesOf({ a: 'p1' }))).toMatchObject({
      binding: { kind: 'lock' },
      eligible: 1,
      nextBest: null,
    })
  })

  test('[PX2] the whole plan would pay more: in the term that grows', () => {
    const opening = problemOf(
      [a],
      [
        { ...dear, isServing: true },
        { ...cheap, openingCost: 5_000 },
      ],
      {
        weights: { ...SIMPLE, opening: { perThousandYuan: 100 } },
      },
    )
    expect(about(opening, placesOf({ a: 'p1' })).binding).toEqual({
      kind: 'wholePlan',
      providerId: 'p2',
      term: 'opening',
      points: 500,
    })
    const balance = problemOf([a], [dear, cheap], {
      weights: { ...SIMPLE, balance: [{ fromPercent: 50, perPercent: 10 }] },
    })
    expect(about(balance, placesOf({ a: 'p1' })).binding).toMatchObject({ term: 'balance', points: 300 })
  })

  test('[PX2] nothing binds one that has the cheapest, nor one for which a better plan is open', () => {
    const problem = problemOf([a], [dear, cheap])
    expect(about(problem, placesOf({ a: 'p2' })).binding).toBeNull()
    expect(about(problem, placesOf({ a: 'p1' }))).toMatchObject({ binding: null, nextBest: { points: -100 } })
  })
})

describe('the next best provider', () => {
  test('[PX3] it is the cheapest with room, balance and opening of both sides reckoned', () => {
    const problem = problemOf(
      [communityOf('a', 4)],
      [
        providerOf('p1', 10, { openingCost: 2_000 }),
        providerOf('p2', 10, { quality: 90, openingCost: 5_000 }),
        providerOf('p3', 5, { quality: 80, isServing: true }),
        providerOf('p4', 3),
      ],
      {
        weights: {
          ...SIMPLE,
          opening: { perThousandYuan: 100 },
          balance: [{ fromPercent: 50, perPercent: 10 }],
        },
      },
    )
    // p2: +100 quality, +500 − 200 opening; p3: +200 quality, −200 opening, +300 for 30 percent beyond the half.
    expect(about(problem, placesOf({ a: 'p1' })).nextBest).toEqual({ providerId: 'p3', points: 300, moves: [] })
  })

  const [a, b] = [communityOf('a', 4), communityOf('b', 3)]

  test('[PX3] where none has room, one community of the target moves to its best place', () => {
    const problem = problemOf(
      [a, b],
      [providerOf('p1', 4), providerOf('p2', 5, { quality: 95 }), providerOf('p3', 3, { quality: 60 })],
    )
    // a to p2: +50. b then takes the free p1 (−50), not p3 (+350).
    expect(about(problem, placesOf({ a: 'p1', b: 'p2' })).nextBest).toEqual({
      providerId: 'p2',
      points: 0,
      moves: [{ communityId: 'b', from: 'p2', providerId: 'p1' }],
    })
    const forbids = [{ communityId: 'b', providerId: 'p1' }]
    expect(about({ ...problem, forbids }, placesOf({ a: 'p1', b: 'p2' })).nextBest).toEqual({
      providerId: 'p2',
      points: 400,
      moves: [{ communityId: 'b', from: 'p2', providerId: 'p3' }],
    })
  })

  test('[PX3] a locked community is not moved for another: then there is none', () => {
    const locks = [{ communityId: 'b', providerId: 'p2' }]
    const problem = problemOf([a, b], [providerOf('p1', 4), providerOf('p2', 5)], { locks })
    expect(about(problem, placesOf({ a: 'p1', b: 'p2' })).nextBest).toBeNull()
  })

  test('[PX3] it is what trying every switch, and where none has room every one with one move more, finds', () => {
    fc.assert(
      fc.property(smallProblems, (problem) => {
        const places = greedyPlaces(problem)
        for (const { communityId, nextBest } of explainPlan(problem, places).covered) {
          const tried = cheapestByHand(problem, places, communityId)
          expect(nextBest?.points ?? null).toBe(tried)
          if (!nextBest) continue
          const after = switched(places, communityId, nextBest)
          expect(fits(problem, after)).toBe(true)
          expect(costOf(problem, after)).toBe(costOf(problem, places) + nextBest.points)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a community without a provider', () => {
  const a = communityOf('a', 6)
  const full = providerOf('p1', 8, { quality: 90 })

  test('[PX4] its reason is that none may, that none has room, or that the plan is not proved', () => {
    const of = (problem: PlanProblem, places: PlanPlace[]) => explainPlan(problem, places).uncovered[0]
    const barred = problemOf([a], [providerOf('p2', 9, { isInPool: false }), providerOf('p3', 5)], {
      forbids: [FORBID],
    })
    expect(of(barred, placesOf({ a: null }))).toMatchObject({
      reason: 'noneEligible',
      barred: { notInPool: 1, tooLarge: 1 },
      short: {},
    })
    const short = problemOf([a, communityOf('b', 3)], [full])
    expect(of(short, placesOf({ a: null, b: 'p1' }))).toMatchObject({
      reason: 'noCapacity',
      barred: {},
      short: { cleaners: 1 },
    })
    expect(of(short, placesOf({ a: null, b: null }))).toMatchObject({ reason: 'hasRoom', short: {} })
  })

  test('[PX5] the cheapest remedy comes first; what nobody may lift has none', () => {
    const problem = problemOf(
      [a, communityOf('b', 3)],
      [
        full,
        providerOf('p2', 9),
        providerOf('p3', 4, { hasYellowLight: true, districtCodes: [] }),
        providerOf('p4', 9, { services: [] }),
        providerOf('p5', 5, { hasYellowLight: true }),
      ],
      {
        forbids: [FORBID],
        weights: {
          ...SIMPLE,
          remedy: {
            perUnit: { ...NOTHING, cleaners: 400 },
            perBar: { yellowLight: 3_000, districtNotServed: 1_200, forbidden: 2_000 },
          },
        },
      },
    )
    expect(explainPlan(problem, placesOf({ a: null, b: 'p1' })).uncovered[0]?.remedies).toEqual([
      { providerId: 'p1', more: [{ resource: 'cleaners', amount: 1 }], lifted: [], points: 400 },
      { providerId: 'p2', more: [], lifted: ['forbidden'], points: 2_000 },
      { providerId: 'p5', more: [{ resource: 'cleaners', amount: 1 }], lifted: ['yellowLight'], points: 3_400 },
      {
        providerId: 'p3',
        more: [{ resource: 'cleaners', amount: 2 }],
        lifted: ['yellowLight', 'districtNotServed'],
        points: 5_000,
      },
    ])
  })
})

/** Each to the first that may take it and has room. */
function greedyPlaces(problem: PlanProblem): PlanPlace[] {
  const grid = gridOf(problem)
  const places = problem.communities.map(({ id }): PlanPlace => ({ communityId: id, providerId: null }))
  for (const [c, place] of places.entries()) {
    place.providerId =
      problem.providers.find(
        ({ id }, p) => isEligible(grid, c, p) && fits(problem, moved(places, place.communityId, id)),
      )?.id ?? null
  }
  return places
}

const costOf = (problem: PlanProblem, places: PlanPlace[]) => {
  const grid = gridOf(problem)
  return evaluate(grid, providersOf(grid, places)).cost
}

const moved = (places: PlanPlace[], communityId: string, providerId: string | null): PlanPlace[] =>
  places.map((place) => (place.communityId === communityId ? { communityId, providerId } : place))

const switched = (places: PlanPlace[], communityId: string, { providerId, moves }: Switch): PlanPlace[] =>
  moves.reduce((all, move) => moved(all, move.communityId, move.providerId), moved(places, communityId, providerId))

const fits = ({ communities, providers }: PlanProblem, places: PlanPlace[]) =>
  providers.every(({ id, capacity }) =>
    RESOURCES.every((resource) => {
      const own = communities.filter((one) => places.some((at) => at.communityId === one.id && at.providerId === id))
      return own.reduce((sum, { needs }) => sum + needs[resource], 0) <= capacity[resource]
    }),
  )

/** Least change of the cost by giving the community to another, with as few moves as it takes; null = not with one. */
function cheapestByHand(problem: PlanProblem, places: PlanPlace[], communityId: string): number | null {
  const grid = gridOf(problem)
  const others = (id: string, from: string | null) =>
    problem.providers.filter(
      (provider, p) => provider.id !== from && isEligible(grid, grid.communityAt.get(id) as number, p),
    )
  const targets = others(communityId, places.find((place) => place.communityId === communityId)?.providerId ?? null)
  const direct = targets.map(({ id }) => moved(places, communityId, id))
  const ejecting = targets.flatMap(({ id }) =>
    places
      .filter((place) => place.providerId === id)
      .flatMap((out) =>
        others(out.communityId, id).map((to) => moved(moved(places, communityId, id), out.communityId, to.id)),
      ),
  )
  const before = costOf(problem, places)
  for (const ways of [direct, ejecting]) {
    const costs = ways.filter((way) => fits(problem, way)).map((way) => costOf(problem, way) - before)
    if (costs.length > 0) return Math.min(...costs)
  }
  return null
}
