import { amountsOf, type CommunityNeeds, servicesOf } from './community.ts'
import type { Engagement } from './engagement.ts'
import type { Instant } from './instant.ts'
import type { PoolEntry } from './pool.ts'
import { type Amounts, RESOURCES } from './services.ts'

/** What a community asks of a provider. */
export interface Wanted {
  communityId: string
  districtCode: string
  needs: CommunityNeeds
  areaM2: number | null
  feeRate: number | null
  collectionRate: number | null
}

export type EngagingBar = 'notInPool' | 'banned' | 'yellowLight' | 'serviceMissing' | 'districtNotServed' | 'noCapacity'

/** EL3: why a firm may not be engaged for a community now; null = it may. Asked again at each step until it is bound. */
export function barOf(
  entry: PoolEntry,
  wanted: Wanted,
  { committed, overrideReason }: { committed: Amounts; overrideReason: string | null },
  now: Instant,
): EngagingBar | null {
  if (entry.status !== 'in_pool') return 'notInPool'
  if (entry.banUntil !== null && now < entry.banUntil) return 'banned'
  if (entry.yellowSince !== null && overrideReason === null) return 'yellowLight'
  if (servicesOf(wanted.needs).some((service) => !entry.services.includes(service))) return 'serviceMissing'
  if (!entry.districtCodes.includes(wanted.districtCode)) return 'districtNotServed'
  const need = amountsOf(wanted)
  const isShort = RESOURCES.some((resource) => committed[resource] + need[resource] > entry.capacity[resource])
  return isShort ? 'noCapacity' : null
}

/** What running engagements take of a provider, as it was agreed in each. */
export const committedBy = (engagements: readonly Pick<Engagement, 'needs' | 'moneyAtRisk'>[]): Amounts => ({
  cleaners: sum(engagements, ({ needs }) => needs.cleaners),
  guards: sum(engagements, ({ needs }) => needs.guards),
  liftOperators: sum(engagements, ({ needs }) => needs.liftOperators),
  moneyAtRisk: sum(engagements, ({ moneyAtRisk }) => moneyAtRisk),
})

const sum = <T>(items: readonly T[], amount: (item: T) => number): number =>
  items.reduce((total, item) => total + amount(item), 0)
