import type { CommunityCase } from '#domain/community.ts'
import { UNCOVERED } from '#domain/community-status.ts'
import { DAY_MS, HOUR_MS, type Instant } from '#domain/instant.ts'

/** What an officer works through, gravest first. */
export const TROUBLE_GROUPS = ['uncovered', 'handingOver', 'emergency', 'atRisk'] as const
export type TroubleGroup = (typeof TROUBLE_GROUPS)[number]

export function groupOf({ status }: CommunityCase): TroubleGroup | null {
  if (UNCOVERED.includes(status)) return 'uncovered'
  if (status === 'handing_over') return 'handingOver'
  if (status === 'emergency') return 'emergency'
  return status === 'at_risk' ? 'atRisk' : null
}

/** Whole days since nobody serves it; null = somebody does. */
export function daysUncovered({ status, unmanagedAt }: CommunityCase, now: Instant): number | null {
  if (!UNCOVERED.includes(status) || unmanagedAt === null) return null
  return Math.floor(Math.max(0, now - unmanagedAt) / DAY_MS)
}

/** Hours until refuse was first collected, or has not been yet; null = not a question here. */
export function refuseHours(
  { unmanagedAt, firstRefuseAt }: CommunityCase,
  now: Instant,
): { hours: number; isCollected: boolean } | null {
  if (unmanagedAt === null) return null
  const until = firstRefuseAt ?? now
  return { hours: Math.max(0, Math.floor((until - unmanagedAt) / HOUR_MS)), isCollected: firstRefuseAt !== null }
}

/** By group, the longest uncovered (or longest in their state) first. */
export function grouped(cases: Iterable<CommunityCase>): Record<TroubleGroup, CommunityCase[]> {
  const groups: Record<TroubleGroup, CommunityCase[]> = { uncovered: [], handingOver: [], emergency: [], atRisk: [] }
  for (const each of cases) {
    const group = groupOf(each)
    if (group) groups[group].push(each)
  }
  const since = (each: CommunityCase) => each.unmanagedAt ?? each.statusSince
  for (const group of TROUBLE_GROUPS) groups[group].sort((a, b) => since(a) - since(b))
  return groups
}
