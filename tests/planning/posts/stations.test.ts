import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FIVE_MINUTES } from '#domain/cover.ts'
import { offsetM } from '#domain/geo.ts'
import type { StationsAnswer, StationsAsked } from '#domain/stations.ts'
import { describePosts } from '#planning/posts/describe.ts'
import { coveringOf } from '#planning/posts/places.ts'
import { type StationsProblem, solveStations } from '#planning/posts/stations.ts'

const ASKED: StationsAsked = {
  districts: [],
  skill: null,
  unitKind: 'housekeeper',
  mode: 'ebike',
  posts: 2,
  objective: 'covering',
  demand: 'households',
  days: 90,
  withinMin: 5,
  keepsStanding: true,
  slack: 1.5,
}

const place = (id: string, eastM: number, northM: number, weight: number) => {
  const [lng, lat] = offsetM([123.43, 41.8], eastM, northM)
  return { id, lng, lat, weight }
}

function problemOf(places: ReturnType<typeof place>[], asked: Partial<StationsAsked> = {}, standing: string[] = []) {
  const sites = places.map(({ id, lng, lat }) => ({ id, lng, lat, isStanding: standing.includes(id) }))
  return { asked: { ...ASKED, ...asked }, places, sites, days: 30, reports: 10 } satisfies StationsProblem
}

const run = (more: object = {}) => ({
  now: () => 0,
  seed: 1,
  seconds: 5,
  isStopped: () => false,
  onNews: () => undefined,
  ...more,
})

// Two villages five kilometres apart and a lone house.
const VILLAGES = [
  place('a1', 0, 0, 100),
  place('a2', 400, 0, 200),
  place('b1', 5_000, 0, 80),
  place('b2', 5_300, 0, 90),
  place('c', 0, 9_000, 5),
]

const anyPlaces = fc
  .array(
    fc.tuple(fc.integer({ min: 0, max: 6_000 }), fc.integer({ min: 0, max: 6_000 }), fc.integer({ min: 1, max: 50 })),
    {
      minLength: 3,
      maxLength: 14,
    },
  )
  .map((all) => all.map(([east, north, weight], n) => place(`p${n}`, east, north, weight)))

describe('where to station people', () => {
  test('[PO14] two posts go to the two villages, proved, with a curve that rises to all', async () => {
    const answer = (await solveStations(problemOf(VILLAGES), run())) as StationsAnswer
    expect(answer).toMatchObject({ covered: 470, bound: 470, isProved: true, gap: 0, outside: ['c'], demand: 475 })
    expect(answer.curve.map(({ covered }) => covered)).toEqual(
      [...answer.curve.map(({ covered }) => covered)].sort((a, b) => a - b),
    )
    expect(answer.curve.find(({ posts }) => posts === 3)?.covered).toBe(475)
  })

  test('[PO13] each post says what it adds: nobody else reaches its village, and without it everybody waits longer', async () => {
    const answer = (await solveStations(problemOf(VILLAGES), run())) as StationsAnswer
    expect(answer.posts.map(({ alone }) => alone).sort((a, b) => a - b)).toEqual([170, 300])
    for (const post of answer.posts) {
      expect(post.reaches).toBe(post.alone)
      expect(post.delaySeconds).toBeGreaterThan(60)
    }
  })

  test('[PO14] what stands is kept, and new posts come beside it', async () => {
    const answer = (await solveStations(problemOf(VILLAGES, { posts: 1 }, ['c']), run())) as StationsAnswer
    expect(answer.posts).toHaveLength(2)
    expect(answer.posts.find(({ communityId }) => communityId === 'c')?.isStanding).toBe(true)
    expect(answer).toMatchObject({ coveredStanding: 5, covered: 305 })
  })

  test('[PO14] medians serve everybody, keep to what a post can take, and their bound is never above them', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPlaces,
        fc.constantFrom('median' as const, 'capacitated' as const),
        async (places, objective) => {
          let at = 0
          const answer = await solveStations(
            problemOf(places, { objective }),
            run({ now: () => (at += 5), seconds: 2 }),
          )
          if (!answer) return
          const served = answer.posts.reduce((sum, each) => sum + each.served, 0)
          expect(served).toBeCloseTo(answer.demand, 6)
          expect(answer.bound).toBeLessThanOrEqual(answer.meanSeconds + 1e-6)
          const most = Math.max(...places.map(({ weight }) => weight), (answer.demand / answer.posts.length) * 1.5)
          if (objective === 'capacitated')
            for (const post of answer.posts) expect(post.served).toBeLessThanOrEqual(most + 1e-6)
        },
      ),
      { numRuns: 15 },
    )
  }, 30_000)

  test('[PO14] stopped at once it is a choice all the same', async () => {
    const answer = (await solveStations(problemOf(VILLAGES), run({ isStopped: () => true }))) as StationsAnswer
    expect(answer.posts).toHaveLength(2)
    expect(answer.bound).toBeGreaterThanOrEqual(answer.covered)
  })

  test('[PO13] what is told of a choice is what looking at every post without it says', () => {
    fc.assert(
      fc.property(anyPlaces, (places) => {
        const { sites } = problemOf(places)
        const posted = { kind: 'housekeeper', mode: 'ebike' } as const
        const covering = coveringOf(places, sites, posted)
        const model = { covering, places, sites, posted, travel: FIVE_MINUTES.travel }
        const chosen = [0, 1, 2]
        const all = describePosts(model, chosen, null)
        for (const [index, site] of chosen.entries()) {
          const without = describePosts(
            model,
            chosen.filter((each) => each !== site),
            null,
          )
          expect(all.covered - without.covered).toBeCloseTo(all.posts[index]?.alone ?? -1, 6)
          expect(without.meanSeconds - all.meanSeconds).toBeCloseTo(all.posts[index]?.delaySeconds ?? -1, 6)
        }
      }),
      { numRuns: 60 },
    )
  })
})
