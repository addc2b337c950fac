import { describe, expect, test } from 'vitest'
import { DAY_MS } from '#domain/instant.ts'
import type { PlanCommunity, PlanProblem, PlanProvider } from '#domain/plan.ts'
import { DEFAULT_WEIGHTS, type PlanWeights } from '#domain/plan-weights.ts'
import { NOTHING } from '#domain/services.ts'
import { PAIR_RULES, type PairTerm } from '#planning/assignment/cost-terms.ts'
import { evaluate, providersOf } from '#planning/assignment/evaluate.ts'
import { faultsOf } from '#planning/assignment/faults.ts'
import { barAt, gridOf } from '#planning/assignment/grid.ts'
import { communityOf, FREE, placesOf, problemOf, providerOf } from './small-plans.ts'

const weights: PlanWeights = {
  ...FREE,
  travel: { perKm: 100, freeKm: 1 },
  quality: { perPoint: 30, goodFrom: 90 },
  partyBuilding: { perPoint: 20, goodFrom: 90 },
  rating: { perBand: 300 },
  tierFit: { perTierBelow: 1_200, perTierAbove: 200 },
  price: { perPercentOver: 40 },
  continuity: { perChange: 1_500 },
}

const points = (term: PairTerm, community: Partial<PlanCommunity>, provider: Partial<PlanProvider>) =>
  PAIR_RULES[term].points(weights, communityOf('a', 1, community), providerOf('p', 9, provider))

describe('cost terms', () => {
  test('[PC1] a kilometre by street beyond the free one costs 100', () => {
    // 0.1° of latitude = 11.1195 km straight, × 1.3 by street, less 1 km.
    expect(points('travel', { lat: 41.9 }, { lat: 41.8 })).toBe(1_346)
    expect(points('travel', { lat: 41.8 }, { lat: 41.8 })).toBe(0)
  })

  test('[PC2] each point of quality below 90 costs 30, and none above', () => {
    expect(points('quality', {}, { quality: 78 })).toBe(360)
    expect(points('quality', {}, { quality: 97 })).toBe(0)
  })

  test('[PC3] each point of Party-building work below 90 costs 20', () => {
    expect(points('partyBuilding', {}, { partyBuilding: 60 })).toBe(600)
    expect(points('partyBuilding', {}, { partyBuilding: 90 })).toBe(0)
  })

  test('[PC4] each band below the best costs 300', () => {
    expect(points('rating', {}, { ratingBand: 'excellent' })).toBe(0)
    expect(points('rating', {}, { ratingBand: 'pass' })).toBe(600)
  })

  test('[PC5] a tier too low costs 1,200, a tier too high 200', () => {
    expect(points('tierFit', { tier: 'premium' }, { tier: 'basic' })).toBe(2_400)
    expect(points('tierFit', { tier: 'basic' }, { tier: 'improved' })).toBe(200)
    expect(points('tierFit', { tier: 'improved' }, { tier: 'improved' })).toBe(0)
  })

  test('[PC6] each percent of price over the fee costs 40, and a price below it nothing', () => {
    expect(points('price', { fee: 1.2 }, { price: 1.5 })).toBe(1_000)
    expect(points('price', { fee: 1.5 }, { price: 1.2 })).toBe(0)
    expect(points('price', { fee: 0 }, { price: 0.01 })).toBe(4_000)
  })

  test('[PC7] a change of provider costs 1,500, a first one nothing', () => {
    expect(points('continuity', { servedBy: 'other' }, {})).toBe(1_500)
    expect(points('continuity', { servedBy: 'p' }, {})).toBe(0)
    expect(points('continuity', { servedBy: null }, {})).toBe(0)
  })

  const cost = (problem: PlanProblem, places: Record<string, string | null>) => {
    const grid = gridOf(problem)
    return evaluate(grid, providersOf(grid, placesOf(places)))
  }

  test('[PC8] each percent of load beyond 70 costs 50, and beyond 90 another 150', () => {
    const balanced = { ...FREE, balance: DEFAULT_WEIGHTS.balance }
    const loaded = (first: number, second: number) =>
      cost(
        problemOf([communityOf('a', first), communityOf('b', second)], [providerOf('p', 100)], { weights: balanced }),
        { a: 'p', b: 'p' },
      )
    expect(loaded(30, 40).terms.balance).toBe(0)
    expect(loaded(40, 40).terms.balance).toBe(500)
    expect(loaded(40, 55).terms.balance).toBe(25 * 50 + 5 * 150)
  })

  test('[PC8] what running engagements load already is not charged to the plan', () => {
    const balanced = { ...FREE, balance: DEFAULT_WEIGHTS.balance }
    const busy = providerOf('p', 100, { committed: { ...NOTHING, cleaners: 80 } })
    expect(cost(problemOf([communityOf('a', 5)], [busy], { weights: balanced }), { a: 'p' }).terms.balance).toBe(250)
    expect(cost(problemOf([communityOf('a', 5)], [busy], { weights: balanced }), { a: null }).terms.balance).toBe(0)
  })

  test('[PC9] opening a provider costs once, and nothing where it serves already', () => {
    const opening = { ...FREE, opening: { perThousandYuan: 100 } }
    const two = [communityOf('a', 1), communityOf('b', 1)]
    const places = { a: 'p', b: 'p' }
    const fresh = providerOf('p', 9, { openingCost: 12_000 })
    expect(cost(problemOf(two, [fresh], { weights: opening }), places).terms.opening).toBe(1_200)
    expect(cost(problemOf(two, [{ ...fresh, isServing: true }], { weights: opening }), places).terms.opening).toBe(0)
  })
})

describe('eligibility', () => {
  const bar = (
    community: Partial<PlanCommunity>,
    provider: Partial<PlanProvider>,
    changed: Partial<PlanProblem> = {},
  ) =>
    barAt(
      gridOf(problemOf([communityOf('a', 3, community)], [providerOf('p', 9, provider), providerOf('q', 9)], changed)),
      0,
      0,
    )
  const asOf = problemOf([], []).asOf

  test('[PE1] a firm that is not in the pool takes nothing', () => {
    expect(bar({}, {})).toBeNull()
    expect(bar({}, { isInPool: false })).toBe('notInPool')
  })

  test('[PE2] a ban ends at its moment', () => {
    expect(bar({}, { banUntil: asOf + DAY_MS })).toBe('banned')
    expect(bar({}, { banUntil: asOf })).toBeNull()
  })

  test('[PE3] a yellow light bars a new engagement, unless it is overridden with a reason', () => {
    expect(bar({}, { hasYellowLight: true })).toBe('yellowLight')
    expect(bar({ servedBy: 'p' }, { hasYellowLight: true })).toBeNull()
    expect(
      bar({}, { hasYellowLight: true }, { waivers: [{ providerId: 'p', reason: 'nobody else has lifts' }] }),
    ).toBeNull()
    expect(bar({}, { hasYellowLight: true }, { waivers: [{ providerId: 'p', reason: ' ' }] })).toBe('yellowLight')
  })

  test('[PE4] a service that the provider does not offer bars it', () => {
    expect(bar({ services: ['basicCleaning', 'liftOperation'] }, {})).toBe('serviceMissing')
  })

  test('[PE5] a district that the provider does not serve bars it', () => {
    expect(bar({ districtCode: 'D9' }, {})).toBe('districtNotServed')
  })

  test('[PE6] a community larger than what is left of any resource is too large', () => {
    expect(bar({}, { committed: { ...NOTHING, cleaners: 7 } })).toBe('tooLarge')
    expect(bar({}, { committed: { ...NOTHING, cleaners: 6 } })).toBeNull()
    expect(bar({}, {}, { reserves: [{ providerId: 'p', amounts: { ...NOTHING, cleaners: 7 } }] })).toBe('tooLarge')
  })

  test('[PE7] a forbidden pair is not made', () => {
    expect(bar({}, {}, { forbids: [{ communityId: 'a', providerId: 'p' }] })).toBe('forbidden')
  })

  test('[PE8] a community locked to one provider is barred from the others', () => {
    expect(bar({}, {}, { locks: [{ communityId: 'a', providerId: 'q' }] })).toBe('lockedElsewhere')
    expect(bar({}, {}, { locks: [{ communityId: 'a', providerId: 'p' }] })).toBeNull()
  })
})

describe('constraints that contradict', () => {
  const faults = (changed: Partial<PlanProblem>, cleaners = 3) =>
    faultsOf(
      gridOf(
        problemOf(
          [communityOf('a', cleaners), communityOf('b', cleaners)],
          [providerOf('p', 5), providerOf('q', 5)],
          changed,
        ),
      ),
    )

  test('[PS1] are all named at once, and none are found where all can be kept', () => {
    const pair = (communityId: string, providerId: string) => ({ communityId, providerId })
    expect(faults({ locks: [pair('a', 'p'), pair('b', 'q')] })).toEqual([])
    expect(faults({ locks: [pair('a', 'p'), pair('b', 'p')] })).toEqual([
      { code: 'locksExceed', providerId: 'p', resource: 'cleaners', missing: 1 },
    ])
    expect(faults({ locks: [pair('a', 'p')], forbids: [pair('a', 'p')] })).toEqual([
      { code: 'lockBarred', ...pair('a', 'p'), bar: 'forbidden' },
    ])
    expect(faults({ locks: [pair('a', 'p'), pair('a', 'q'), pair('z', 'p')] })).toEqual([
      { code: 'unknownPair', ...pair('z', 'p') },
      { code: 'lockedTwice', ...pair('a', 'q') },
    ])
  })
})
