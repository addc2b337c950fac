import { describe, expect, test } from 'vitest'
import { rankedProviders } from '#planning/assignment/ranked.ts'
import { communityOf, problemOf, providerOf } from './small-plans.ts'

describe('the ranked providers', () => {
  const [a, b] = [communityOf('a', 4), communityOf('b', 3, { servedBy: 'p3' })]
  const providers = [
    providerOf('p1', 10, { quality: 80 }),
    providerOf('p2', 10, { quality: 95 }),
    providerOf('p3', 10, { quality: 90 }),
    providerOf('p4', 10, { isInPool: false }),
  ]

  test('[PX7] those that may take a community stand in the order of what they cost it, at most so many', () => {
    const ranked = rankedProviders(problemOf([a, b], providers), 10)
    expect(ranked.get('a')).toEqual(['p2', 'p3', 'p1'])
    // Staying with p3 saves b the hundred of a change.
    expect(ranked.get('b')).toEqual(['p3', 'p2', 'p1'])
    expect(rankedProviders(problemOf([a], providers), 2).get('a')).toEqual(['p2', 'p3'])
  })

  test('[PX7] forbids and locks are kept to; that others fill a provider is not asked', () => {
    const forbids = [{ communityId: 'a', providerId: 'p2' }]
    const locks = [{ communityId: 'b', providerId: 'p1' }]
    const ranked = rankedProviders(problemOf([a, b, communityOf('c', 10)], providers, { forbids, locks }), 10)
    expect(ranked.get('a')).toEqual(['p3', 'p1'])
    expect(ranked.get('b')).toEqual(['p1'])
    expect(ranked.get('c')).toEqual(['p2', 'p3', 'p1'])
  })
})
