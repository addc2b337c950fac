import type { DbOrTx } from '#db/connect.ts'
import { amountsOf, type CommunityCase, servicesOf } from '#domain/community.ts'
import { committedBy } from '#domain/engageable.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import type { PlanCommunity, PlanProblem, PlanProvider } from '#domain/plan.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { firmsByIds } from './community-queries.ts'
import { commitmentsOf, proposedAt, wholePool } from './engagement-queries.ts'
import { communitiesFor, type KeptPlan } from './plan-queries.ts'
import { weightsOf } from './weights-queries.ts'

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
