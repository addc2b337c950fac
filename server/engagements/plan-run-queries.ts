import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import type { Db, DbOrTx, Tx } from '#db/connect.ts'
import { planRuns } from '#db/schema/plans.ts'
import type { Instant } from '#domain/instant.ts'
import type { PlanProgress, PlanRun } from '#domain/plan.ts'

type RunRow = typeof planRuns.$inferSelect

const LIVE: PlanRun['status'][] = ['queued', 'running']

/** PN2: one live run a plan, by a constraint of the database; false = there is one. */
export const addRun = async (tx: Tx, run: RunRow): Promise<boolean> =>
  (await tx.insert(planRuns).values(run).onConflictDoNothing().returning({ id: planRuns.id })).length > 0

export async function latestRun(db: DbOrTx, planId: string, kind?: PlanRun['kind']) {
  const [run] = await db
    .select()
    .from(planRuns)
    .where(and(eq(planRuns.planId, planId), kind && eq(planRuns.kind, kind)))
    .orderBy(desc(planRuns.askedAt), desc(planRuns.id))
    .limit(1)
  return run ?? null
}

/** Runs whose server has not been heard of: it was killed, or the run with it. */
export const silentRuns = (db: DbOrTx, before: Instant) =>
  db
    .select({ id: planRuns.id, planId: planRuns.planId, tenant: planRuns.tenant })
    .from(planRuns)
    .where(and(inArray(planRuns.status, LIVE), lt(planRuns.beatAt, before)))

/** Told to the database: whichever server runs it looks there. Null = none is live. */
export async function wishToStop(tx: Tx, planId: string, now: Instant): Promise<RunRow | null> {
  const [stopped] = await tx
    .update(planRuns)
    .set({ stopAskedAt: now })
    .where(and(eq(planRuns.planId, planId), inArray(planRuns.status, LIVE)))
    .returning()
  return stopped ?? null
}

/** Writes how far a run is and hears whether it shall stop. */
export async function beat(
  db: Db,
  runId: string,
  { progress, best, now }: { progress: PlanProgress; best: RunRow['best']; now: Instant },
): Promise<{ isStopAsked: boolean; isLive: boolean }> {
  const [row] = await db
    .update(planRuns)
    .set({ status: 'running', progress, beatAt: now, ...(best && { best }) })
    .where(and(eq(planRuns.id, runId), inArray(planRuns.status, LIVE)))
    .returning({ stopAskedAt: planRuns.stopAskedAt })
  return { isStopAsked: row !== undefined && row.stopAskedAt !== null, isLive: row !== undefined }
}

/** Ends a run that is live; false = it has ended already (lost meanwhile). */
export async function endRun(
  tx: Tx,
  runId: string,
  { status, progress, now }: { status: PlanRun['status']; progress?: PlanProgress; now: Instant },
): Promise<boolean> {
  const ended = await tx
    .update(planRuns)
    .set({ status, endedAt: now, beatAt: now, ...(progress && { progress }) })
    .where(and(eq(planRuns.id, runId), inArray(planRuns.status, LIVE)))
    .returning({ id: planRuns.id })
  return ended.length > 0
}
