import type { Instant } from '#domain/instant.ts'
import type { PlanCommunity, PlanProvider } from '#domain/plan.ts'
import type { Bar } from '#domain/plan-weights.ts'
import { type Amounts, RESOURCES } from '#domain/services.ts'

/** A pair as the rules see it, with what the officers have said of it. */
export interface Pairing {
  community: PlanCommunity
  provider: PlanProvider
  asOf: Instant
  /** What the provider may still give. */
  left: Amounts
  /** Its yellow light is overridden for this plan, with a reason. */
  isWaived: boolean
  isForbidden: boolean
  /** The provider the community is locked to; null = none. */
  lockedTo: string | null
}

export interface BarRule {
  id: string
  sentence: string
  bars(pairing: Pairing): boolean
}

/** Every rule by which a provider may not take a community; the first that bars is the reason told. */
export const BAR_RULES: Record<Bar, BarRule> = {
  notInPool: {
    id: 'PE1',
    sentence:
      'Only a firm that is in the pool takes a community: not one that has applied, is suspended or was removed.',
    bars: ({ provider }) => !provider.isInPool,
  },
  banned: {
    id: 'PE2',
    sentence: 'A banned firm takes no community until its ban has ended.',
    bars: ({ provider, asOf }) => provider.banUntil !== null && asOf < provider.banUntil,
  },
  yellowLight: {
    id: 'PE3',
    sentence: 'A firm under the yellow light takes no new community, unless the plan overrides it with a reason.',
    bars: ({ provider, community, isWaived }) =>
      provider.hasYellowLight && community.servedBy !== provider.id && !isWaived,
  },
  serviceMissing: {
    id: 'PE4',
    sentence: 'The provider offers every service the community needs.',
    bars: ({ community, provider }) => community.services.some((service) => !provider.services.includes(service)),
  },
  districtNotServed: {
    id: 'PE5',
    sentence: 'The provider works in the district of the community.',
    bars: ({ community, provider }) => !provider.districtCodes.includes(community.districtCode),
  },
  tooLarge: {
    id: 'PE6',
    sentence: 'The community alone needs no more of any resource than the provider has left.',
    bars: ({ community, left }) => RESOURCES.some((resource) => community.needs[resource] > left[resource]),
  },
  forbidden: {
    id: 'PE7',
    sentence: 'A pair that an officer has forbidden is not made.',
    bars: ({ isForbidden }) => isForbidden,
  },
  lockedElsewhere: {
    id: 'PE8',
    sentence: 'A community that an officer has locked to a provider goes to no other.',
    bars: ({ provider, lockedTo }) => lockedTo !== null && lockedTo !== provider.id,
  },
}

const RULES = Object.entries(BAR_RULES) as [Bar, BarRule][]

/** Every bar between the two, in the order of the rules; none = eligible. */
export const barsOf = (pairing: Pairing): Bar[] => RULES.filter(([, rule]) => rule.bars(pairing)).map(([bar]) => bar)

/** The first bar; null = eligible. */
export const firstBar = (pairing: Pairing): Bar | null => RULES.find(([, rule]) => rule.bars(pairing))?.[0] ?? null
