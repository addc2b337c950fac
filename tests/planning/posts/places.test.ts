import { describe, expect, test } from 'vitest'
import { Cover } from '#domain/cover.ts'
import { haversineM, offsetM } from '#domain/geo.ts'
import { between, seededRandom } from '#domain/random.ts'
import { estimatedEtaMs } from '#domain/travel.ts'
import type { Run } from '#planning/anytime.ts'
import { coveredBy } from '#planning/posts/covering/model.ts'
import { solveCovering } from '#planning/posts/covering/solve.ts'
import { expectedReports } from '#planning/posts/demand.ts'
import { judge } from '#planning/posts/model.ts'
import { coveringOf, type DemandPlace, medianOf, type PostSite } from '#planning/posts/places.ts'
import { solvePosts } from '#planning/posts/solve.ts'

const HOUSEKEEPER = { kind: 'housekeeper', mode: 'ebike' } as const
const run: Run = { now: () => 0, seed: 1, limits: { seconds: 60, steps: 3_000 } }

function town(count: number): DemandPlace[] {
  const random = seededRandom(7, 'town')
  return Array.from({ length: count }, (_, n) => {
    const [lng, lat] = offsetM([123.43, 41.8], between(random, -4_000, 4_000), between(random, -4_000, 4_000))
    return { id: `c${n}`, lng, lat, weight: Math.round(between(random, 1, 20)) }
  })
}

const sitesAt = (places: readonly DemandPlace[]): PostSite[] =>
  places.map(({ id, lng, lat }, n) => ({ id, lng, lat, isStanding: n === 0 }))

describe('posts on the map', () => {
  const places = town(80)
  const sites = sitesAt(places)

  test('[PO10] what the chosen posts cover is what units standing there would cover', async () => {
    const model = coveringOf(places, sites, HOUSEKEEPER)
    const { chosen, covered, status } = await solveCovering(model, 6, run)
    expect(status).toBe('optimal')
    expect(chosen).toContain(0)
    const cover = new Cover(places.map(({ id, lng, lat, weight }) => ({ id, lng, lat, households: weight })))
    for (const site of chosen) {
      const { id, lng, lat } = sites[site] as PostSite
      cover.put({ id, lng, lat, ...HOUSEKEEPER, skills: [], isFree: true })
    }
    expect(covered).toBeCloseTo(cover.totals().households, 6)
    expect(coveredBy(model, chosen)).toBe(covered)
  })

  test('[PO10] who needs longer to leave than the five minutes covers nothing', () => {
    const rules = {
      withinMs: 20_000,
      travel: {
        turnoutMs: { housekeeper: 30_000, crew: 0, volunteer: 0 },
        speedKmh: { foot: 5, ebike: 18, car: 25 },
        detour: 1.3,
      },
    }
    expect(coveringOf(places, sites, HOUSEKEEPER, rules).reaches.every(({ length }) => length === 0)).toBe(true)
  })

  test('[PO11] the median counts weight × seconds to each place, and a capacity spreads the load', async () => {
    const few = places.slice(0, 24)
    const free = medianOf(few, sitesAt(few), HOUSEKEEPER, { posts: 3 })
    expect(free.cost[1]).toBeCloseTo(
      ((few[1] as DemandPlace).weight *
        estimatedEtaMs(distance(few[0] as DemandPlace, few[1] as DemandPlace), 'housekeeper', 'ebike')) /
        1_000,
      6,
    )
    const total = few.reduce((sum, { weight }) => sum + weight, 0)
    const tight = medianOf(few, sitesAt(few), HOUSEKEEPER, { posts: 3, capacity: Math.ceil(total / 3) + 3 })
    const [one, other] = [await solvePosts(free, run), await solvePosts(tight, run)]
    expect(one.status).toBe('optimal')
    expect(other.placement && judge(tight, other.placement).ok).toBe(true)
    expect(other.placement?.cost).toBeGreaterThanOrEqual(one.placement?.cost ?? 0)
    expect(one.placement?.chosen).toContain(0)
  })
})

const distance = (one: DemandPlace, other: DemandPlace) => haversineM([one.lng, one.lat], [other.lng, other.lat])

describe('reports to be expected', () => {
  test('[PO12] nothing is expected of no record at all, and a long one speaks for itself', () => {
    const communities = [
      { id: 'a', households: 1_000, reports: 100 },
      { id: 'b', households: 1_000, reports: 0 },
    ]
    expect([...expectedReports(communities, 0)]).toEqual([0, 0])
    const [a = 0, b = 0] = expectedReports(communities, 28 * 99)
    expect(a).toBeCloseTo(0.99 * (100 / (28 * 99)) + 0.01 * (50 / (28 * 99)), 9)
    expect(b).toBeGreaterThan(0)
  })

  test('[PO12] as much record as the prior counts half, and all together stay as many', () => {
    const communities = [
      { id: 'a', households: 3_000, reports: 0 },
      { id: 'b', households: 1_000, reports: 56 },
    ]
    const expected = expectedReports(communities, 28)
    // The city has 2 a day: 1.5 and 0.5 by households; the records say 0 and 2.
    expect([...expected]).toEqual([0.75, 1.25])
    expect((expected[0] as number) + (expected[1] as number)).toBeCloseTo(2, 12)
  })
})
