import { and, count, desc, eq, lt, ne } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { plans, planWeights } from '#db/schema/plans.ts'
import type { PlanWeightsVersion } from '#domain/plan.ts'
import { DEFAULT_WEIGHTS } from '#domain/plan-weights.ts'
import { ENGINE } from '#domain/ticket-timers.ts'
import type { Reader } from '#server/serving.ts'
import { visible } from './listing.ts'

/** What a city begins with, until somebody has planned by it or said something else; then it is a row like the others. */
export const firstOf = (tenant: string): PlanWeightsVersion => ({
  tenant,
  version: 1,
  weights: DEFAULT_WEIGHTS,
  note: '',
  at: 0,
  by: ENGINE,
})

export async function weightsOf(db: DbOrTx, tenant: string, version: number): Promise<PlanWeightsVersion | null> {
  const [kept] = await db
    .select()
    .from(planWeights)
    .where(and(eq(planWeights.tenant, tenant), eq(planWeights.version, version)))
  return kept ?? (version === 1 ? firstOf(tenant) : null)
}

export async function newestWeights(db: DbOrTx, tenant: string): Promise<PlanWeightsVersion> {
  const [newest] = await versionsBefore(db, tenant, { limit: 1 })
  return newest ?? firstOf(tenant)
}

export const versionsBefore = (
  db: DbOrTx,
  tenant: string,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<PlanWeightsVersion[]> =>
  db
    .select()
    .from(planWeights)
    .where(and(eq(planWeights.tenant, tenant), before === undefined ? undefined : lt(planWeights.version, before)))
    .orderBy(desc(planWeights.version))
    .limit(limit)

/** A version that stands already stays as it is; false = it did. */
export const keepWeights = async (tx: Tx, version: PlanWeightsVersion): Promise<boolean> =>
  (await tx.insert(planWeights).values(version).onConflictDoNothing().returning()).length > 0

/** How many plans that the reader may read each version measures; those put away are not counted. */
export async function plansBy(db: DbOrTx, { tenant, grants }: Reader): Promise<Record<number, number>> {
  const { weightsVersion, status, districtCode, subdistrictCode } = plans
  const rows = await db
    .select({ version: weightsVersion, plans: count() })
    .from(plans)
    .where(
      and(
        eq(plans.tenant, tenant),
        ne(status, 'discarded'),
        visible(grants, 'plan.read', { districtCode, subdistrictCode }),
      ),
    )
    .groupBy(weightsVersion)
  return Object.fromEntries(rows.map(({ version, plans: used }) => [version, used]))
}
