import { m } from '#console/lib/paraglide/messages.js'
import type { RiskReason } from '#domain/community.ts'
import type { CommunityStatus } from '#domain/community-status.ts'
import type { EndReason, EngagementStatus, SelectionMode } from '#domain/engagement.ts'
import type { PlanRunStatus, PlanSolveStatus, PlanStatus } from '#domain/plan.ts'
import type { Bar, CostTerm } from '#domain/plan-weights.ts'
import { POOL_REASONS, type PoolStatus } from '#domain/pool.ts'
import type { SelectionStatus } from '#domain/selection.ts'
import type { RatingBand, Resource, Service, ServiceTier } from '#domain/services.ts'

/** The emergency module's words in the language of the page. A word without a text does not compile. */
export const emergencyWords = {
  community: (word: CommunityStatus) => m[`community_${word}`](),
  risk: (word: RiskReason) => m[`risk_${word}`](),
  pool: (word: PoolStatus) => m[`pool_${word}`](),
  engagement: (word: EngagementStatus) => m[`engagement_${word}`](),
  end: (word: EndReason) => m[`end_${word}`](),
  selection: (word: SelectionStatus) => m[`selectionStatus_${word}`](),
  mode: (word: SelectionMode) => m[`selectionMode_${word}`](),
  service: (word: Service) => m[`service_${word}`](),
  resource: (word: Resource) => m[`resource_${word}`](),
  tier: (word: ServiceTier) => m[`tier_${word}`](),
  band: (word: RatingBand) => m[`band_${word}`](),
  plan: (word: PlanStatus) => m[`plan_${word}`](),
  run: (word: PlanRunStatus) => m[`planRun_${word}`](),
  solved: (word: PlanSolveStatus) => m[`planSolved_${word}`](),
  term: (word: CostTerm) => m[`planTerm_${word}`](),
  bar: (word: Bar) => m[`planBar_${word}`](),
  /** Somebody's own words, or a code for what nobody typed. */
  poolReason: (text: string | null) => {
    const code = POOL_REASONS.find((reason) => reason === text)
    return code ? m[`poolReason_${code}`]() : (text ?? '')
  },
}
