import { haversineM } from '#domain/geo.ts'
import type { PlanCommunity, PlanProvider } from '#domain/plan.ts'
import type { CostTerm, PlanWeights } from '#domain/plan-weights.ts'
import { RATING_BANDS, SERVICE_TIERS } from '#domain/services.ts'
import { TRAVEL } from '#domain/travel.ts'

/** A reason of cost that lies in the pair alone; `balance` and `opening` lie in the provider's whole load (provider-terms.ts). */
export type PairTerm = Exclude<CostTerm, 'balance' | 'opening'>

export interface CostRule<Measured extends unknown[]> {
  id: string
  sentence: string
  /** Whole points, never below zero. */
  points(weights: PlanWeights, ...measured: Measured): number
}

export const PAIR_RULES: Record<PairTerm, CostRule<[PlanCommunity, PlanProvider]>> = {
  travel: {
    id: 'PC1',
    sentence:
      "Each kilometre by street from the provider's home position to the community costs, beyond the free ones.",
    points: ({ travel }, community, provider) => {
      const km = (haversineM([provider.lng, provider.lat], [community.lng, community.lat]) * TRAVEL.detour) / 1_000
      return wholePoints(travel.perKm * Math.max(0, km - travel.freeKm))
    },
  },
  quality: {
    id: 'PC2',
    sentence: "Each point by which the provider's service quality misses a good score costs.",
    points: ({ quality }, _, provider) =>
      wholePoints(quality.perPoint * Math.max(0, quality.goodFrom - provider.quality)),
  },
  partyBuilding: {
    id: 'PC3',
    sentence: "Each point by which the provider's Party-building work misses a good score costs.",
    points: ({ partyBuilding }, _, provider) =>
      wholePoints(partyBuilding.perPoint * Math.max(0, partyBuilding.goodFrom - provider.partyBuilding)),
  },
  rating: {
    id: 'PC4',
    sentence: "Each band by which the provider's last rating is below the best costs.",
    points: ({ rating }, _, provider) => wholePoints(rating.perBand * RATING_BANDS.indexOf(provider.ratingBand)),
  },
  tierFit: {
    id: 'PC5',
    sentence:
      'Each tier by which the provider is below what the community is promised costs, and less so each tier above it.',
    points: ({ tierFit }, community, provider) => {
      const above = SERVICE_TIERS.indexOf(provider.tier) - SERVICE_TIERS.indexOf(community.tier)
      return wholePoints(above < 0 ? -above * tierFit.perTierBelow : above * tierFit.perTierAbove)
    },
  },
  price: {
    id: 'PC6',
    sentence: "Each percent by which the provider's price exceeds the fee that the community brings in costs.",
    points: ({ price }, community, provider) => {
      const over = (100 * (provider.price - community.fee)) / Math.max(LEAST_FEE, community.fee)
      return wholePoints(price.perPercentOver * Math.max(0, over))
    },
  },
  continuity: {
    id: 'PC7',
    sentence: 'Taking a community from the provider that serves it or was planned to costs.',
    points: ({ continuity }, community, provider) =>
      wholePoints(community.servedBy === null || community.servedBy === provider.id ? 0 : continuity.perChange),
  },
}

/** A fee below a fen is taken as one, or a community that pays nothing would cost without end. */
const LEAST_FEE = 0.01

const wholePoints = (points: number) => Math.round(points)

const RULES = Object.entries(PAIR_RULES) as [PairTerm, CostRule<[PlanCommunity, PlanProvider]>][]

export const pairTerms = (
  weights: PlanWeights,
  community: PlanCommunity,
  provider: PlanProvider,
): Record<PairTerm, number> =>
  Object.fromEntries(RULES.map(([term, rule]) => [term, rule.points(weights, community, provider)])) as Record<
    PairTerm,
    number
  >

export const pairPoints = (weights: PlanWeights, community: PlanCommunity, provider: PlanProvider): number =>
  RULES.reduce((sum, [, rule]) => sum + rule.points(weights, community, provider), 0)
