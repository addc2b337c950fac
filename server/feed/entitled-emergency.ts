import { type Action, type Grant, may, mayEver, type Subject } from '#domain/access.ts'
import { type AlarmKind, acknowledgedBy } from '#domain/alarm.ts'
import type { CommunityCase } from '#domain/community.ts'
import type { Engagement } from '#domain/engagement.ts'
import type { FeedAudience, FeedState } from '#domain/feed.ts'
import type { PlanHead } from '#domain/plan.ts'
import type { PoolEntry } from '#domain/pool.ts'

/** The rows of communities, pool, plans and engagements: each as it is compared with a reader's grants. */

interface Placed {
  tenant: string
  districtCode: string
  subdistrictCode: string
  neighbourhoodCode: string
}

const placeOf = ({ tenant, districtCode, subdistrictCode, neighbourhoodCode }: Placed): Subject => ({
  tenant,
  districtCode,
  subdistrictCode,
  neighbourhoodCode,
})

const firms = (...ids: (string | null)[]): string[] => ids.filter((id) => id !== null)

export const subjectOfCase = (row: CommunityCase): Subject => ({ ...placeOf(row), firmIds: firms(row.providerFirmId) })

export const subjectOfEngagement = (row: Engagement): Subject => ({ ...placeOf(row), firmIds: [row.firmId] })

/** Where the firm's office is, and the firm itself. */
export const subjectOfPool = ({ tenant, districtCode, subdistrictCode, firmId }: PoolEntry): Subject => ({
  tenant,
  districtCode,
  subdistrictCode,
  firmIds: [firmId],
})

const subjectOfPlan = ({ tenant, districtCode, subdistrictCode }: PlanHead): Subject => ({
  tenant,
  districtCode,
  subdistrictCode,
})

/** A draw and a choice are public acts of the sub-district; before they are decided, firms have nothing to do with them. */
const subjectOfSelection = placeOf

/** FD4: of an event's rows only those that the reader may see; parts of which nothing is left are left out. */
export function emergencyStateFor(grants: readonly Grant[], state: FeedState, audience: FeedAudience): FeedState {
  const only = <T>(rows: T[] | undefined, action: Action, subjectOf: (row: T) => Subject): T[] =>
    (rows ?? []).filter((row) => may(grants, action, subjectOf(row)))
  return {
    ...some('cases', only(state.cases, 'community.read', subjectOfCase)),
    ...some('poolEntries', only(state.poolEntries, 'pool.read', subjectOfPool)),
    ...some('plans', only(state.plans, 'plan.read', subjectOfPlan)),
    ...some('selections', only(state.selections, 'engagement.read', subjectOfSelection)),
    ...some('engagements', only(state.engagements, 'engagement.read', subjectOfEngagement)),
    ...some(
      'proofs',
      only(state.proofs, 'engagement.read', ({ tenant }) => ({ tenant, ...audience })),
    ),
  }
}

export const some = <K extends keyof FeedState, T>(part: K, rows: T[]): { [P in K]?: T[] } =>
  rows.length > 0 ? ({ [part]: rows } as { [P in K]: T[] }) : {}

/** Whether alarms of a kind are any of the reader's business at all. */
export const mayHear = (grants: readonly Grant[], tenant: string, kind: AlarmKind): boolean =>
  mayEver(grants, acknowledgedBy(kind), tenant)
