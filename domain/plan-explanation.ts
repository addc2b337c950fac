import type { Bar, CostTerm, LiftableBar, TermPoints } from './plan-weights.ts'
import type { Resource } from './services.ts'

/** Why a cheaper provider was not chosen, or what keeps another out. */
export type Binding =
  | { kind: 'capacity'; providerId: string; resource: Resource; missing: number }
  | { kind: 'barred'; providerId: string; bar: Bar }
  | { kind: 'lock' }
  /** It would fit, and cost this community less, but the whole plan more (load, opening). */
  | { kind: 'wholePlan'; providerId: string; term: CostTerm; points: number }

/** What it costs to give the community to another provider: exactly, and with the moves that make room where it must. */
export interface Switch {
  providerId: string
  /** Change of the whole plan's cost, in points; below zero only while a plan is not proved best. */
  points: number
  /** Other communities that must move, in order; `providerId` null = left to nobody. */
  moves: { communityId: string; from: string; providerId: string | null }[]
}

export interface CommunityExplanation {
  communityId: string
  providerId: string
  points: number
  /** The share of each term; of balance and opening, what the community adds to its provider's. */
  terms: TermPoints
  /** How many providers may take it at all. */
  eligible: number
  nextBest: Switch | null
  binding: Binding | null
}

/** One way to get an uncovered community a provider, reckoned in points so that the cheapest can be named. */
export interface Remedy {
  providerId: string
  /** How much more of each resource the provider would need. */
  more: { resource: Resource; amount: number }[]
  lifted: LiftableBar[]
  points: number
}

export interface UncoveredExplanation {
  communityId: string
  /** noneEligible: every provider is barred; noCapacity: those who may have no room; hasRoom: one has room (the plan is not proved). */
  reason: 'noneEligible' | 'noCapacity' | 'hasRoom'
  /** How many providers each bar keeps out (the first bar of each). */
  barred: Partial<Record<Bar, number>>
  /** Of the eligible: how many lack each resource. */
  short: Partial<Record<Resource, number>>
  /** Cheapest first; empty only when no provider could be made fit. */
  remedies: Remedy[]
}

/** How full a provider is under the plan. */
export interface ProviderLoad {
  providerId: string
  communities: number
  used: Record<Resource, number>
  capacity: Record<Resource, number>
  /** Mean share of its resources in use, percent. */
  loadPercent: number
  balancePoints: number
  openingPoints: number
}

export interface PlanExplanation {
  terms: TermPoints
  cost: number
  covered: CommunityExplanation[]
  uncovered: UncoveredExplanation[]
  loads: ProviderLoad[]
}

/** Plan B against plan A. */
export interface PlanComparison {
  churn: { communityId: string; a: string | null; b: string | null }[]
  costA: number
  costB: number
  termsA: TermPoints
  termsB: TermPoints
  uncoveredA: number
  uncoveredB: number
  /** B measured by A's weights, so that the two can be told apart from their rulers. */
  costBByA: number
  termsBByA: TermPoints
}

/** N-1: what happens when one provider is gone. */
export interface ProviderRemoved {
  providerId: string
  /** Communities it served that the plan found for then leaves to nobody: as few in all as can be where `uncovered` is `uncoveredBound`. */
  left: string[]
  /** Left bare in the whole plan then, with the proven least. */
  uncovered: number
  uncoveredBound: number
  /** Communities that another provider than before has then. */
  moved: number
  cost: number
  /** Proven for plans that leave `uncovered` bare. */
  costBound: number
}
