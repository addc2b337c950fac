import type { Resource } from './services.ts'

/** Every reason by which a plan costs something: one rule each (PC1…), in points, never below zero. */
export const COST_TERMS = [
  'travel',
  'quality',
  'partyBuilding',
  'rating',
  'tierFit',
  'price',
  'continuity',
  'balance',
  'opening',
] as const
export type CostTerm = (typeof COST_TERMS)[number]
export type TermPoints = Record<CostTerm, number>

/** Every reason why a provider may not take a community: one rule each (PE1…). */
export const BARS = [
  'notInPool',
  'banned',
  'yellowLight',
  'serviceMissing',
  'districtNotServed',
  'tooLarge',
  'forbidden',
  'lockedElsewhere',
] as const
export type Bar = (typeof BARS)[number]

/** Bars a person may lift for a plan; the others are facts, or constraints of the plan itself. */
export const LIFTABLE_BARS = ['yellowLight', 'districtNotServed', 'forbidden'] as const
export type LiftableBar = (typeof LIFTABLE_BARS)[number]

/** What a plan is measured by: configuration, kept in numbered versions. Whole points, so that sums are exact and bounds may be rounded up. */
export interface PlanWeights {
  /** Points per kilometre beyond the first free ones, home position to community. */
  travel: { perKm: number; freeKm: number }
  /** Points per point of the score (0–100) that is missing to a good one. */
  quality: { perPoint: number; goodFrom: number }
  partyBuilding: { perPoint: number; goodFrom: number }
  /** Points per rating band below the best. */
  rating: { perBand: number }
  /** Points per tier that the provider is below, or above, what the community is promised. */
  tierFit: { perTierBelow: number; perTierAbove: number }
  /** Points per percent by which the provider's price exceeds the community's fee. */
  price: { perPercentOver: number }
  /** Points for taking a community from the provider that serves it or was planned to. */
  continuity: { perChange: number }
  /**
   * Points per percent of a provider's load beyond each of these shares of it: slopes add up, so the curve only steepens.
   * Load is counted in thousandths, so each slope is a multiple of ten.
   */
  balance: { fromPercent: number; perPercent: number }[]
  /** Points per thousand yuan of what it costs to open a provider that serves nobody yet. */
  opening: { perThousandYuan: number }
  /** What a remedy is reckoned at, so that the cheapest can be named: points a unit more, points a bar lifted. */
  remedy: { perUnit: Record<Resource, number>; perBar: Record<LiftableBar, number> }
}

/** What a city starts with; the officers write their own versions on top. */
export const DEFAULT_WEIGHTS: Readonly<PlanWeights> = {
  travel: { perKm: 100, freeKm: 1 },
  quality: { perPoint: 30, goodFrom: 90 },
  partyBuilding: { perPoint: 20, goodFrom: 90 },
  rating: { perBand: 300 },
  tierFit: { perTierBelow: 1_200, perTierAbove: 200 },
  price: { perPercentOver: 40 },
  continuity: { perChange: 1_500 },
  balance: [
    { fromPercent: 70, perPercent: 50 },
    { fromPercent: 90, perPercent: 150 },
  ],
  opening: { perThousandYuan: 100 },
  remedy: {
    perUnit: { cleaners: 400, guards: 400, liftOperators: 800, moneyAtRisk: 0.1 },
    perBar: { yellowLight: 3_000, districtNotServed: 1_200, forbidden: 2_000 },
  },
}
