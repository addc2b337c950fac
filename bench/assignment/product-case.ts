import { offsetM } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'
import type { PlanCommunity, PlanProblem, PlanProvider } from '#domain/plan.ts'
import { DEFAULT_WEIGHTS } from '#domain/plan-weights.ts'
import { between, chance, pick, type Random, seededRandom, shuffled, wholeBetween } from '#domain/random.ts'
import { type Amounts, NOTHING, RATING_BANDS, RESOURCES, SERVICE_TIERS } from '#domain/services.ts'

export interface ProductCase {
  communities: number
  providers: number
  /** Each capacity in all ÷ what is needed of it in all. */
  capacityOverNeed: number
  /** Share of the communities that an officer has locked beforehand. */
  locked: number
}

/** What the issue asks for: once with capacity to spare, once five percent short of every resource. */
export const ENOUGH: ProductCase = { communities: 1_000, providers: 100, capacityOverNeed: 1.15, locked: 0.05 }
export const SHORT: ProductCase = { ...ENOUGH, capacityOverNeed: 0.95 }

const AS_OF = Date.UTC(2026, 2, 4)
const CENTRE: LngLat = [123.43, 41.8]
const DISTRICTS = 13
/** Three capacities: money at risk is nobody's limit here. */
const TRADES = ['cleaners', 'guards', 'liftOperators'] as const

/** A city of that size from a seed: districts around a centre, each provider at home in one and serving those next to it. */
export function productProblem(size: ProductCase, seed: number): PlanProblem {
  const random = seededRandom(seed, 'product-case')
  const centres = Array.from({ length: DISTRICTS }, () =>
    offsetM(CENTRE, between(random, -20_000, 20_000), between(random, -20_000, 20_000)),
  )
  const communities = Array.from({ length: size.communities }, (_, n) => communityOf(random, centres, n))
  const providers = Array.from({ length: size.providers }, (_, n) => providerOf(random, centres, n))
  scaleCapacities(providers, communities, size.capacityOverNeed)
  for (const community of communities) if (chance(random, 0.2)) community.servedBy = pick(random, providers).id
  const problem: PlanProblem = {
    asOf: AS_OF,
    communities,
    providers,
    weightsVersion: 1,
    weights: DEFAULT_WEIGHTS,
    locks: [],
    forbids: [],
    reserves: [],
    waivers: [],
  }
  problem.locks = locksOf(random, problem, Math.round(size.locked * size.communities))
  return problem
}

function communityOf(random: Random, centres: readonly LngLat[], n: number): PlanCommunity {
  const district = wholeBetween(random, 0, DISTRICTS - 1)
  const [lng, lat] = offsetM(
    centres[district] as LngLat,
    between(random, -6_000, 6_000),
    between(random, -6_000, 6_000),
  )
  const households = Math.round(200 * 12 ** random())
  const hasLifts = chance(random, 0.6)
  return {
    id: `c${n}`,
    name: `c${n}`,
    districtCode: `D${district}`,
    subdistrictCode: `D${district}`,
    lng,
    lat,
    households,
    tier: pick(random, SERVICE_TIERS),
    fee: Math.round(between(random, 60, 250)) / 100,
    services: hasLifts ? ['basicCleaning', 'orderKeeping', 'liftOperation'] : ['basicCleaning', 'orderKeeping'],
    needs: {
      ...NOTHING,
      cleaners: Math.ceil(households / between(random, 120, 200)),
      guards: 2 + Math.ceil(households / between(random, 200, 500)),
      liftOperators: hasLifts ? Math.ceil(households / between(random, 250, 800)) : 0,
    },
    servedBy: null,
  }
}

function providerOf(random: Random, centres: readonly LngLat[], n: number): PlanProvider {
  const home = n % DISTRICTS
  const [lng, lat] = offsetM(centres[home] as LngLat, between(random, -4_000, 4_000), between(random, -4_000, 4_000))
  const size = between(random, 0.4, 2)
  const isServing = chance(random, 0.5)
  return {
    id: `p${n}`,
    name: `p${n}`,
    isInPool: true,
    banUntil: null,
    hasYellowLight: chance(random, 0.04),
    services: chance(random, 0.9)
      ? ['basicCleaning', 'orderKeeping', 'liftOperation']
      : ['basicCleaning', 'orderKeeping'],
    districtCodes: servedFrom(random, centres, home),
    capacity: {
      ...NOTHING,
      cleaners: size * between(random, 0.8, 1.2),
      guards: size * between(random, 0.8, 1.2),
      liftOperators: size * between(random, 0.8, 1.2),
    },
    committed: NOTHING,
    price: Math.round(between(random, 80, 220)) / 100,
    quality: wholeBetween(random, 60, 100),
    partyBuilding: wholeBetween(random, 50, 100),
    ratingBand: pick(random, RATING_BANDS.slice(0, 3)),
    tier: pick(random, SERVICE_TIERS),
    lng,
    lat,
    openingCost: isServing ? 0 : wholeBetween(random, 0, 20) * 1_000,
    isServing,
  }
}

/** Home and the three to six districts nearest to it. */
function servedFrom(random: Random, centres: readonly LngLat[], home: number): string[] {
  const [lng, lat] = centres[home] as LngLat
  const far = ([otherLng, otherLat]: LngLat) => (otherLng - lng) ** 2 + (otherLat - lat) ** 2
  const nearest = centres.map((centre, n) => ({ n, far: far(centre) })).sort((one, other) => one.far - other.far)
  return nearest.slice(0, wholeBetween(random, 4, 7)).map(({ n }) => `D${n}`)
}

/** Capacities so far are relative: made whole people, each trade with the asked total. Only firms that may work count. */
function scaleCapacities(providers: PlanProvider[], communities: readonly PlanCommunity[], overNeed: number): void {
  for (const trade of TRADES) {
    const useful = providers.filter(
      ({ hasYellowLight, services }) => !hasYellowLight && (trade !== 'liftOperators' || services.length === 3),
    )
    const need = communities.reduce((sum, { needs }) => sum + needs[trade], 0)
    const given = useful.reduce((sum, { capacity }) => sum + capacity[trade], 0)
    for (const provider of providers) {
      const isIdle = trade === 'liftOperators' && provider.services.length < 3
      provider.capacity = {
        ...provider.capacity,
        [trade]: isIdle ? 0 : Math.round((provider.capacity[trade] * need * overNeed) / given),
      }
    }
  }
}

/** Locks that can all be kept: each to a provider that is fit, at most half of what it has. */
function locksOf(random: Random, { communities, providers }: PlanProblem, count: number): PlanProblem['locks'] {
  const left = new Map(providers.map(({ id, capacity }) => [id, halved(capacity)]))
  const locks: PlanProblem['locks'] = []
  for (const community of shuffled(random, communities)) {
    if (locks.length === count) break
    const fit = providers.filter((provider) => isFit(community, provider, left.get(provider.id) ?? NOTHING))
    if (fit.length === 0) continue
    const provider = pick(random, fit)
    const room = left.get(provider.id) as Amounts
    for (const resource of RESOURCES) room[resource] -= community.needs[resource]
    locks.push({ communityId: community.id, providerId: provider.id })
  }
  return locks
}

const halved = (capacity: Amounts): Amounts =>
  Object.fromEntries(RESOURCES.map((resource) => [resource, Math.floor(capacity[resource] / 2)])) as Amounts

const isFit = (community: PlanCommunity, provider: PlanProvider, room: Amounts) =>
  !provider.hasYellowLight &&
  provider.districtCodes.includes(community.districtCode) &&
  community.services.every((service) => provider.services.includes(service)) &&
  RESOURCES.every((resource) => community.needs[resource] <= room[resource])
