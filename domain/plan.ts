import type { Instant } from './instant.ts'
import type { Bar, PlanWeights } from './plan-weights.ts'
import type { Amounts, RatingBand, Resource, Service, ServiceTier } from './services.ts'
import type { Actor } from './ticket.ts'

/** A community that needs a provider, as the plan sees it. */
export interface PlanCommunity {
  id: string
  name: string
  districtCode: string
  subdistrictCode: string
  lng: number
  lat: number
  households: number
  tier: ServiceTier
  /** Yuan per square metre and month that reach the provider's account: fee rate × collection rate. */
  fee: number
  services: Service[]
  needs: Amounts
  /** The provider that serves it now, or that is proposed for it; null = nobody. */
  servedBy: string | null
}

/** A firm of the pool, as the plan sees it. */
export interface PlanProvider {
  id: string
  name: string
  isInPool: boolean
  banUntil: Instant | null
  hasYellowLight: boolean
  services: Service[]
  districtCodes: string[]
  /** What it has in all, and what running engagements outside this plan already take of it. */
  capacity: Amounts
  committed: Amounts
  /** Yuan per square metre and month. */
  price: number
  /** Scores, 0–100. */
  quality: number
  partyBuilding: number
  ratingBand: RatingBand
  /** The highest tier it is fit for. */
  tier: ServiceTier
  lng: number
  lat: number
  /** Yuan it costs to begin with a provider that serves nobody yet. */
  openingCost: number
  /** It serves somebody outside this plan: nothing to open. */
  isServing: boolean
}

export interface PlanPair {
  communityId: string
  providerId: string
}

/** Capacity kept free at a provider, e.g. for the winter. */
export interface PlanReserve {
  providerId: string
  amounts: Amounts
}

/** A yellow light overridden for this plan: by whom and when is said by the plan's log. */
export interface PlanWaiver {
  providerId: string
  reason: string
}

/** What an officer may decide beforehand: constraints, not wishes. */
export interface PlanConstraints {
  locks: PlanPair[]
  forbids: PlanPair[]
  reserves: PlanReserve[]
  waivers: PlanWaiver[]
}

/** What is wrong with the constraints themselves: no plan could keep them, so none is looked for until they are mended. */
export type PlanFault =
  | (PlanPair & { code: 'unknownPair' | 'lockedTwice' })
  | (PlanPair & { code: 'lockBarred'; bar: Bar })
  | { code: 'locksExceed'; providerId: string; resource: Resource; missing: number }

/** All that a plan is made from, and nothing else: kept with it, so that it can be explained and checked for good. */
export interface PlanProblem extends PlanConstraints {
  asOf: Instant
  communities: PlanCommunity[]
  providers: PlanProvider[]
  weightsVersion: number
  weights: PlanWeights
}

export const SOLVE_STATUSES = ['optimal', 'feasible', 'infeasible', 'unknown'] as const
export type PlanSolveStatus = (typeof SOLVE_STATUSES)[number]

/** Who gets whom. `providerId` null = nobody. */
export interface PlanPlace {
  communityId: string
  providerId: string | null
}

/** A solved plan with its proof: no plan whatever leaves fewer uncovered than `uncoveredBound`, none at this number costs less than `costBound`. */
export interface PlanResult {
  places: PlanPlace[]
  uncovered: number
  uncoveredBound: number
  cost: number
  costBound: number
  /** (cost − costBound) / max(1, cost), a fraction. */
  gap: number
  status: PlanSolveStatus
  seconds: number
  seed: number
}

export const PLAN_STATUSES = [
  'draft',
  'solving',
  'solved',
  'published',
  'superseded',
  'rolledBack',
  'discarded',
] as const
export type PlanStatus = (typeof PLAN_STATUSES)[number]

/** A proposed assignment and its life: drafted, solved, compared, published by a person, perhaps rolled back. */
export interface Plan extends PlanConstraints {
  id: string
  tenant: string
  name: string
  status: PlanStatus
  /** Grows with every change and every new result: whoever changes or publishes says which one was seen. */
  revision: number
  /** The plan this one was copied from to ask "what if". */
  copyOf: string | null
  /** null = every community that needs a provider when the plan is solved. */
  communityIds: string[] | null
  /** The area the plan keeps to; null = wider. All its communities lie in it. */
  districtCode: string | null
  subdistrictCode: string | null
  weightsVersion: number
  result: PlanResult | null
  /** The last publication that the problem took account of: a later one that touches the same refuses this plan. */
  basis: number
  createdAt: Instant
  createdBy: Actor
  updatedAt: Instant
  /** null = never solved, or changed since: `result` then answers another question. */
  solvedAt: Instant | null
  publishedAt: Instant | null
  publishedBy: Actor | null
}

/** A plan without its places: what lists and the feed carry. */
export type PlanHead = Omit<Plan, 'result'> & { result: Omit<PlanResult, 'places'> | null; communities: number }

export interface PlanWeightsVersion {
  tenant: string
  version: number
  weights: PlanWeights
  note: string
  at: Instant
  by: Actor
}

export const RUN_KINDS = ['solve', 'nMinusOne'] as const
export type PlanRunKind = (typeof RUN_KINDS)[number]
export const RUN_STATUSES = ['queued', 'running', 'done', 'stopped', 'failed', 'lost'] as const
export type PlanRunStatus = (typeof RUN_STATUSES)[number]

/** How far a run is: numbers are null until the first plan is there. */
export interface PlanProgress {
  seconds: number
  steps: number
  phase: string
  uncovered: number | null
  uncoveredBound: number
  cost: number | null
  costBound: number
  /** Of the whole run, 0–1. */
  share: number
}

/** Work in a solver's worker: queued, running with its best so far, ended. */
export interface PlanRun {
  id: string
  tenant: string
  planId: string
  kind: PlanRunKind
  status: PlanRunStatus
  /** Of the plan as it was when the run began. */
  revision: number
  seed: number
  seconds: number
  progress: PlanProgress
  askedAt: Instant
  askedBy: Actor
  endedAt: Instant | null
  /** The runner was heard of last; long silent = its server is gone (lost). */
  beatAt: Instant
  stopAskedAt: Instant | null
}

/** One publication in the tenant's line of them: the number is given to one alone (P3). */
export interface PlanPublication {
  tenant: string
  number: number
  kind: 'publish' | 'rollBack'
  planId: string
  /** Of a roll-back: the publication undone. */
  undoes: number | null
  communityIds: string[]
  providerIds: string[]
  reason: string
  at: Instant
  by: Actor
}
