import { type CommunityCase, type CommunityNeeds, freshCase, NO_NEEDS } from '#domain/community.ts'
import type { Instant } from '#domain/instant.ts'
import { DAY_MS } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import { between, chance, pick, type Random, wholeBetween } from '#domain/random.ts'
import { SERVICE_TIERS } from '#domain/services.ts'
import type { Actor } from '#domain/ticket.ts'

/** Nobody's decisions: what is made up says so wherever a person would stand. */
export const MADE_UP: Actor = { kind: 'import', id: 'demo' }

/** Square metres of a flat, and how many households one person of a trade looks after. */
const FLAT_M2 = 86
const PER_CLEANER = 220
const PER_GUARD = 260
/** Estates with lifts have one for so many households, and one operator for so many lifts. */
const PER_LIFT = 60
const PER_LIFT_OPERATOR = 12
const LIFT_SHARE = 0.6

/** What is known of a community in trouble: little money, and people needed in proportion to its households. */
export function freshFacts(community: Community, now: Instant, random: Random): CommunityCase {
  return {
    ...freshCase(community, now),
    areaM2: community.households * FLAT_M2,
    feeRate: Math.round(between(random, 0.6, 2.2) * 10) / 10,
    collectionRate: Math.round(between(random, 0.35, 0.85) * 100) / 100,
    tier: pick(random, SERVICE_TIERS.slice(0, chance(random, 0.1) ? 3 : 2)),
    needs: needsOf(community.households, now, random),
  }
}

function needsOf(households: number, now: Instant, random: Random): CommunityNeeds {
  const lifts = chance(random, LIFT_SHARE) ? Math.ceil(households / PER_LIFT) : 0
  return {
    ...NO_NEEDS,
    cleaners: Math.ceil(households / PER_CLEANER),
    guards: Math.ceil(households / PER_GUARD),
    liftOperators: Math.ceil(lifts / PER_LIFT_OPERATOR),
    lifts,
    liftMaintenanceUntil: lifts > 0 ? now + wholeBetween(random, 40, 330) * DAY_MS : null,
  }
}
