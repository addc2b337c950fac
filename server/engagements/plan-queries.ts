import { and, desc, eq, getTableColumns, inArray, notInArray, sql } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { communityCases } from '#db/schema/communities.ts'
import { engagements } from '#db/schema/engagements.ts'
import { communities } from '#db/schema/places.ts'
import { plans } from '#db/schema/plans.ts'
import type { CommunityCase } from '#domain/community.ts'
import { IN_THE_MAKING } from '#domain/engagement.ts'
import type { Community } from '#domain/places.ts'
import type { Plan, PlanHead, PlanProblem } from '#domain/plan.ts'
import type { ProviderRemoved } from '#domain/plan-explanation.ts'
import type { Reader } from '#server/serving.ts'
import { following, visible } from './listing.ts'

/** A plan as it is kept: with what its result was made from. */
export interface KeptPlan extends Plan {
  problem: PlanProblem | null
  nMinusOne: ProviderRemoved[] | null
}

export const planOf = ({ problem: _, nMinusOne: __, ...plan }: KeptPlan): Plan => plan

/** Without its places: a thousand of them do not belong in every list and event. */
export function headOfPlan(kept: KeptPlan | Plan): PlanHead {
  const { problem: _, nMinusOne: __, ...plan } = kept as KeptPlan
  if (!plan.result) return { ...plan, result: null, communities: plan.communityIds?.length ?? 0 }
  const { places, ...result } = plan.result
  return { ...plan, result, communities: places.length }
}

export async function planById(db: DbOrTx, tenant: string, id: string): Promise<KeptPlan | null> {
  const [plan] = await db
    .select()
    .from(plans)
    .where(and(eq(plans.tenant, tenant), eq(plans.id, id)))
  return plan ?? null
}

export async function planForUpdate(tx: Tx, tenant: string, id: string): Promise<KeptPlan | null> {
  const [plan] = await tx
    .select()
    .from(plans)
    .where(and(eq(plans.tenant, tenant), eq(plans.id, id)))
    .for('update')
  return plan ?? null
}

/** As far as it is known; a result that has changed meanwhile is another question. */
export const keepRemoved = async (
  db: DbOrTx,
  { id, solvedAt }: Pick<Plan, 'id' | 'solvedAt'>,
  removed: ProviderRemoved[],
): Promise<void> => {
  if (solvedAt === null) return
  await db
    .update(plans)
    .set({ nMinusOne: removed })
    .where(and(eq(plans.id, id), eq(plans.solvedAt, solvedAt)))
}

export async function savePlan(tx: Tx, plan: KeptPlan): Promise<void> {
  const { id, ...rest } = plan
  await tx.insert(plans).values(plan).onConflictDoUpdate({ target: plans.id, set: rest })
}

const { problem: _problem, nMinusOne: _nMinusOne, result: _result, ...HEAD } = getTableColumns(plans)
export const PLACED = { districtCode: plans.districtCode, subdistrictCode: plans.subdistrictCode }

export interface PlanPage {
  weightsVersion?: number | undefined
  after?: string | undefined
  limit: number
}

/** Last changed first, those the reader may read; what a plan was made from and its places stay in the database. */
export async function headsOf(
  db: DbOrTx,
  { tenant, grants }: Pick<Reader, 'tenant' | 'grants'>,
  { weightsVersion, after, limit }: PlanPage,
): Promise<PlanHead[]> {
  const rows = await db
    .select({
      ...HEAD,
      result: sql<PlanHead['result']>`${plans.result} - 'places'`,
      places: sql<number | null>`jsonb_array_length(${plans.result} -> 'places')`,
    })
    .from(plans)
    .where(
      and(
        eq(plans.tenant, tenant),
        visible(grants, 'plan.read', PLACED),
        weightsVersion === undefined ? undefined : eq(plans.weightsVersion, weightsVersion),
        following(plans, plans.updatedAt, plans.id, after),
      ),
    )
    .orderBy(desc(plans.updatedAt), desc(plans.id))
    .limit(limit)
  return rows.map(({ places, ...plan }) => ({ ...plan, communities: places ?? plan.communityIds?.length ?? 0 }))
}

/** Communities that nobody serves; who is chosen by hand may also be one whose provider's time runs out. */
const NEEDING: readonly CommunityCase['status'][] = ['unmanaged', 'selecting']
const CHOOSABLE: readonly CommunityCase['status'][] = ['unmanaged', 'selecting', 'emergency', 'handing_over']

/** Past a mere proposal a plan has nothing more to say. */
const DECIDED = IN_THE_MAKING.filter((status) => status !== 'proposed')

export type Area = Pick<KeptPlan, 'districtCode' | 'subdistrictCode'>

/** PN1: the communities of a plan: those chosen, or every one of its area that needs a provider and has none under way. */
export function communitiesFor(
  db: DbOrTx,
  tenant: string,
  { communityIds, districtCode, subdistrictCode }: Pick<KeptPlan, 'communityIds'> & Area,
): Promise<{ case: CommunityCase; community: Community }[]> {
  const decided = db
    .select({ id: engagements.communityId })
    .from(engagements)
    .where(and(eq(engagements.tenant, tenant), inArray(engagements.status, DECIDED)))
  return db
    .select({ case: communityCases, community: communities })
    .from(communityCases)
    .innerJoin(communities, eq(communities.id, communityCases.communityId))
    .where(
      and(
        eq(communityCases.tenant, tenant),
        inArray(communityCases.status, [...(communityIds ? CHOOSABLE : NEEDING)]),
        communityIds ? inArray(communityCases.communityId, communityIds) : undefined,
        districtCode ? eq(communityCases.districtCode, districtCode) : undefined,
        subdistrictCode ? eq(communityCases.subdistrictCode, subdistrictCode) : undefined,
        notInArray(communityCases.communityId, decided),
      ),
    )
    .orderBy(communityCases.communityId)
}
