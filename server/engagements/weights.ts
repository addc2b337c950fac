import { and, count, desc, eq, lt, ne } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { plans, planWeights } from '#db/schema/plans.ts'
import { may } from '#domain/access.ts'
import type { PlanWeightsVersion } from '#domain/plan.ts'
import { DEFAULT_WEIGHTS } from '#domain/plan-weights.ts'
import { isRefused, refused } from '#domain/refusal.ts'
import { ENGINE } from '#domain/ticket-timers.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask, Reader, Shop } from '#server/serving.ts'
import * as wire from '#wire/routes/plans.ts'
import { visible } from './listing.ts'
import { announce, namesIn, pending } from './record.ts'

/** What a city begins with, until somebody has planned by it or said something else; then it is a row like the others. */
const firstOf = (tenant: string): PlanWeightsVersion => ({
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

const versionsBefore = (
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

export function weightsRoutes({ db, serve, wake }: Shop): void {
  serve(wire.weightsVersions, async ({ tenant, reader, query: { before, limit = 50 } }) => {
    const kept = await versionsBefore(db, tenant, { before, limit })
    const isUnsaid = kept.length === 0 && before === undefined
    const versions = isUnsaid ? [firstOf(tenant)] : kept
    const names = await namesIn(
      db,
      versions.map(({ by }) => by),
    )
    return { versions, plans: await plansBy(db, reader), names }
  })
  serve(wire.addWeights, async (ask) => {
    const { command, now, tenant, actor } = ask
    const answer = await carryOut(db, command, now, async (tx) => {
      const added = await addVersion(tx, ask)
      if (isRefused(added)) return added
      const audience = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmIds: [], unitIds: [] }
      const event = { tenant, kind: 'plan:weightsAdded' as const, at: now, actor, audience, state: {} }
      await announce(tx, pending({ events: [event] }))
      return added
    })
    if (!isRefused(answer)) wake(tenant)
    return answer
  })
}

/** PN8: the newest must have been seen by whoever says what comes after it. */
async function addVersion(tx: Tx, { tenant, reader, body, now, actor }: Ask<typeof wire.addWeights>) {
  // The measure of the whole city is not one sub-district's to change.
  if (!may(reader.grants, 'plan.make', { tenant })) return refused('notAllowed')
  const { basedOn, weights, note } = body
  const newest = await newestWeights(tx, tenant)
  if (newest.version !== basedOn) return refused('conflict')
  // Written down as it is today: a later release may begin with other numbers.
  if (newest.version === 1) await keepWeights(tx, newest)
  const version = { tenant, version: newest.version + 1, weights, note, at: now, by: actor }
  return (await keepWeights(tx, version)) ? version : refused('conflict')
}

async function plansBy(db: DbOrTx, { tenant, grants }: Reader): Promise<Record<number, number>> {
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
