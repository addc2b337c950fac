import fc from 'fast-check'
import type { PlanCommunity, PlanPlace, PlanProblem, PlanProvider } from '#domain/plan.ts'
import { DEFAULT_WEIGHTS, type PlanWeights } from '#domain/plan-weights.ts'
import { NOTHING } from '#domain/services.ts'

/** Nothing costs anything: a test puts in the terms it is about. */
export const FREE: PlanWeights = {
  ...DEFAULT_WEIGHTS,
  travel: { perKm: 0, freeKm: 0 },
  quality: { perPoint: 0, goodFrom: 100 },
  partyBuilding: { perPoint: 0, goodFrom: 100 },
  rating: { perBand: 0 },
  tierFit: { perTierBelow: 0, perTierAbove: 0 },
  price: { perPercentOver: 0 },
  continuity: { perChange: 0 },
  balance: [],
  opening: { perThousandYuan: 0 },
}

/** Ten points per point of quality below 100, a hundred for a change of provider. */
export const SIMPLE: PlanWeights = { ...FREE, quality: { perPoint: 10, goodFrom: 100 }, continuity: { perChange: 100 } }

/** A community that needs so many cleaners. */
export const communityOf = (id: string, cleaners: number, changed: Partial<PlanCommunity> = {}): PlanCommunity => ({
  id,
  name: id,
  districtCode: 'D1',
  subdistrictCode: 'S1',
  lng: 123.4,
  lat: 41.8,
  households: 100,
  tier: 'basic',
  fee: 1,
  services: ['basicCleaning'],
  needs: { ...NOTHING, cleaners },
  servedBy: null,
  ...changed,
})

/** A provider with so many cleaners that is fit for everything near it. */
export const providerOf = (id: string, cleaners: number, changed: Partial<PlanProvider> = {}): PlanProvider => ({
  id,
  name: id,
  isInPool: true,
  banUntil: null,
  hasYellowLight: false,
  services: ['basicCleaning'],
  districtCodes: ['D1'],
  capacity: { ...NOTHING, cleaners },
  committed: NOTHING,
  price: 1,
  quality: 100,
  partyBuilding: 100,
  ratingBand: 'excellent',
  tier: 'basic',
  lng: 123.4,
  lat: 41.8,
  openingCost: 0,
  isServing: false,
  ...changed,
})

export const problemOf = (
  communities: PlanCommunity[],
  providers: PlanProvider[],
  changed: Partial<PlanProblem> = {},
): PlanProblem => ({
  asOf: Date.UTC(2026, 0, 5),
  communities,
  providers,
  weightsVersion: 1,
  weights: SIMPLE,
  locks: [],
  forbids: [],
  reserves: [],
  waivers: [],
  ...changed,
})

/** `{ a: 'p1', b: null }` as places. */
export const placesOf = (providerByCommunity: Record<string, string | null>): PlanPlace[] =>
  Object.entries(providerByCommunity).map(([communityId, providerId]) => ({ communityId, providerId }))

/** Little problems with every term of cost, where room is short. */
export const smallProblems: fc.Arbitrary<PlanProblem> = fc
  .record({
    communities: fc.array(
      fc.record({
        cleaners: fc.integer({ min: 1, max: 5 }),
        guards: fc.integer({ min: 0, max: 3 }),
        lng: fc.integer({ min: 0, max: 5 }),
        servedBy: fc.constantFrom(null, 'p0', 'p1'),
        fee: fc.constantFrom(0.8, 1, 1.5),
      }),
      { minLength: 2, maxLength: 6 },
    ),
    providers: fc.array(
      fc.record({
        cleaners: fc.integer({ min: 3, max: 10 }),
        guards: fc.integer({ min: 2, max: 6 }),
        lng: fc.integer({ min: 0, max: 5 }),
        quality: fc.integer({ min: 60, max: 100 }),
        openingCost: fc.constantFrom(0, 2_000, 9_000),
        hasYellowLight: fc.boolean(),
      }),
      { minLength: 2, maxLength: 4 },
    ),
  })
  .map(({ communities, providers }) =>
    problemOf(
      communities.map(({ cleaners, guards, lng, servedBy, fee }, n) =>
        communityOf(`c${n}`, cleaners, {
          needs: { ...NOTHING, cleaners, guards },
          lng: 123 + lng / 100,
          servedBy,
          fee,
        }),
      ),
      providers.map(({ cleaners, guards, lng, ...rest }, n) =>
        providerOf(`p${n}`, cleaners, {
          ...rest,
          capacity: { ...NOTHING, cleaners, guards },
          lng: 123 + lng / 100,
        }),
      ),
      { weights: DEFAULT_WEIGHTS },
    ),
  )
