import { and, eq, inArray } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { communityCases } from '#db/schema/communities.ts'
import { engagements } from '#db/schema/engagements.ts'
import { communities } from '#db/schema/places.ts'
import { amountsOf, type CommunityCase, servicesOf } from '#domain/community.ts'
import { committedBy } from '#domain/engageable.ts'
import { type Engagement, IN_THE_MAKING } from '#domain/engagement.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import type { PlanCommunity, PlanProblem, PlanProvider } from '#domain/plan.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { firmsByIds } from './community-queries.ts'
import { commitmentsOf, proposedAt, wholePool } from './engagement-queries.ts'
import type { KeptPlan } from './plan-queries.ts'
import { weightsOf } from './weights.ts'

/** Communities that nobody serves; who is chosen by hand may also be one whose provider's time runs out. */
const NEEDING: readonly CommunityCase['status'][] = ['unmanaged', 'selecting']
const CHOOSABLE: readonly CommunityCase['status'][] = ['unmanaged', 'selecting', 'emergency', 'handing_over']

/** Past a mere proposal a plan has nothing more to say. */
const DECIDED: readonly Engagement['status'][] = IN_THE_MAKING.filter((status) => status !== 'proposed')

export type Area = Pick<KeptPlan, 'districtCode' | 'subdistrictCode'>

/** PN1: the communities of a plan: those chosen, or every one of its area that needs a provider and has none under way. */
export async function communitiesFor(
  db: DbOrTx,
  tenant: string,
  { communityIds, districtCode, subdistrictCode }: Pick<KeptPlan, 'communityIds'> & Area,
): Promise<{ case: CommunityCase; community: Community }[]> {
  const rows = await db
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
      ),
    )
    .orderBy(communityCases.communityId)
  const decided = new Set(await decidedCommunities(db, tenant))
  return rows.filter(({ community }) => !decided.has(community.id))
}

async function decidedCommunities(db: DbOrTx, tenant: string): Promise<string[]> {
  const rows = await db
    .select({ communityId: engagements.communityId })
    .from(engagements)
    .where(and(eq(engagements.tenant, tenant), inArray(engagements.status, [...DECIDED])))
  return rows.map(({ communityId }) => communityId)
}

/** Everything a plan is made from, as of one moment. */
export async function problemOf(db: DbOrTx, plan: KeptPlan, now: Instant): Promise<PlanProblem> {
  const { tenant, locks, forbids, reserves, waivers, weightsVersion } = plan
  const wanted = await communitiesFor(db, tenant, plan)
  const ids = wanted.map(({ community }) => community.id)
  const proposed = new Map((await proposedAt(db, ids)).map(({ communityId, firmId }) => [communityId, firmId]))
  const weights = await weightsOf(db, tenant, weightsVersion)
  if (!weights) throw new Error(`${tenant} has no weights ${weightsVersion}`)
  return {
    asOf: now,
    communities: wanted.map((each) => planCommunity(each, proposed.get(each.community.id) ?? null)),
    providers: await providersFor(db, tenant, new Set(ids)),
    weightsVersion: weights.version,
    weights: weights.weights,
    locks,
    forbids,
    reserves,
    waivers,
  }
}

const planCommunity = (
  { case: row, community }: { case: CommunityCase; community: Community },
  proposed: string | null,
): PlanCommunity => ({
  id: community.id,
  name: community.name,
  districtCode: row.districtCode,
  subdistrictCode: row.subdistrictCode,
  lng: community.lng,
  lat: community.lat,
  households: row.households,
  tier: row.tier,
  fee: (row.feeRate ?? 0) * (row.collectionRate ?? 1),
  services: servicesOf(row.needs),
  needs: amountsOf(row),
  servedBy: row.providerFirmId ?? proposed,
})

/** The pool with what is taken of each firm by engagements of communities that this plan does not decide. */
async function providersFor(db: DbOrTx, tenant: string, planned: ReadonlySet<string>): Promise<PlanProvider[]> {
  const pool = await wholePool(db, tenant)
  const firmIds = pool.map(({ firmId }) => firmId)
  const names = new Map((await firmsByIds(db, firmIds)).map(({ id, name }) => [id, name]))
  const outside = Map.groupBy(
    (await commitmentsOf(db, firmIds)).filter(({ communityId }) => !planned.has(communityId)),
    ({ firmId }) => firmId,
  )
  return pool
    .map((entry) => planProvider(entry, names.get(entry.firmId) ?? '', outside.get(entry.firmId) ?? []))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

const planProvider = (entry: PoolEntry, name: string, taken: Parameters<typeof committedBy>[0]): PlanProvider => ({
  id: entry.firmId,
  name,
  isInPool: entry.status === 'in_pool',
  banUntil: entry.banUntil,
  hasYellowLight: entry.yellowSince !== null,
  services: entry.services,
  districtCodes: entry.districtCodes,
  capacity: entry.capacity,
  committed: committedBy(taken),
  price: entry.price,
  quality: entry.quality ?? 0,
  partyBuilding: entry.partyBuilding ?? 0,
  ratingBand: entry.ratingBand ?? 'pass',
  tier: entry.tier,
  lng: entry.lng,
  lat: entry.lat,
  openingCost: entry.openingCost,
  isServing: taken.length > 0,
})
