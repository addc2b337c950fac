import { describe, expect, test } from 'vitest'
import { comparePlans } from '#planning/assignment/compare.ts'
import { communityOf, placesOf, problemOf, providerOf, SIMPLE } from './small-plans.ts'

describe('two plans side by side', () => {
  const communities = [communityOf('a', 4), communityOf('b', 3), communityOf('c', 2)]
  const problem = problemOf(communities, [providerOf('p1', 10, { quality: 90 }), providerOf('p2', 10)])
  const a = { problem, places: placesOf({ a: 'p1', b: 'p1', c: null }) }

  test('[PX8] who changes is named, and each plan has its own cost and number of uncovered', () => {
    const compared = comparePlans(a, { problem, places: placesOf({ a: 'p1', b: 'p2', c: 'p1' }) })
    expect(compared).toMatchObject({ costA: 200, costB: 200, costBByA: 200, uncoveredA: 1, uncoveredB: 0 })
    expect(compared.churn).toEqual([
      { communityId: 'b', a: 'p1', b: 'p2' },
      { communityId: 'c', a: null, b: 'p1' },
    ])
  })

  test("[PX8] B is measured by its own weights and by A's", () => {
    const weights = { ...SIMPLE, quality: { perPoint: 50, goodFrom: 100 } }
    const compared = comparePlans(a, {
      problem: { ...problem, weights },
      places: placesOf({ a: 'p1', b: 'p2', c: 'p2' }),
    })
    expect([compared.costB, compared.costBByA]).toEqual([500, 100])
    expect([compared.termsB.quality, compared.termsBByA.quality]).toEqual([500, 100])
  })

  test('[PX8] a community that one plan does not know has nobody there', () => {
    const wider = problemOf([...communities, communityOf('d', 1)], problem.providers)
    const b = { problem: wider, places: [...a.places, ...placesOf({ d: 'p2' })] }
    expect(comparePlans(a, b).churn).toEqual([{ communityId: 'd', a: null, b: 'p2' }])
    expect(comparePlans(b, a).churn).toEqual([{ communityId: 'd', a: 'p2', b: null }])
  })
})
