import { randomUUID } from 'node:crypto'
import { and, eq, inArray, lt } from 'drizzle-orm'
import type { Db, DbOrTx, Tx } from '#db/connect.ts'
import { rosterRuns } from '#db/schema/rosters.ts'
import type { KeptRoster, RosterProgress, RosterRun } from '#domain/duty-roster.ts'
import type { Instant } from '#domain/instant.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { RosterEntry } from '#domain/roster/model.ts'
import type { Act } from './record.ts'

const LIVE = ['queued', 'running'] as const

export interface RunAsked {
  revision: number
  seconds: number
  seed: number
}

const NOTHING_YET: RosterProgress = { seconds: 0, steps: 0, phase: '', breaks: null, points: null, bound: 0, gap: null }

/** RP12: a run begins from the draft as it is; one live run a roster, by a constraint of the database. */
export async function beginRun(
  tx: Tx,
  roster: KeptRoster,
  { revision, seconds, seed }: RunAsked,
  { tenant, actor, now }: Act,
): Promise<RosterRun | Refused<'wrongStage' | 'conflict' | 'runLive'>> {
  if (roster.status !== 'draft') return refused('wrongStage')
  if (revision !== roster.revision) return refused('conflict')
  const run: RosterRun = {
    ...{ id: randomUUID(), tenant, rosterId: roster.id, status: 'queued', revision, seed, seconds },
    ...{ progress: NOTHING_YET, askedAt: now, askedBy: actor, endedAt: null, beatAt: now, stopAskedAt: null },
  }
  const made = await tx
    .insert(rosterRuns)
    .values({ ...run, best: null })
    .onConflictDoNothing()
    .returning({ id: rosterRuns.id })
  return made.length === 0 ? refused('runLive') : run
}

/** Told to the database: whichever server runs it looks there. */
export async function askToStop(tx: Tx, rosterId: string, now: Instant): Promise<RosterRun | Refused<'wrongStage'>> {
  const [stopped] = await tx
    .update(rosterRuns)
    .set({ stopAskedAt: now })
    .where(and(eq(rosterRuns.rosterId, rosterId), inArray(rosterRuns.status, [...LIVE])))
    .returning()
  if (!stopped) return refused('wrongStage')
  const { best: _, ...run } = stopped
  return run
}

interface Beat {
  progress: RosterProgress
  best: RosterEntry[] | null
  now: Instant
}

/** Writes how far a run is and hears whether it shall stop. */
export async function beat(db: Db, runId: string, { progress, best, now }: Beat) {
  const [row] = await db
    .update(rosterRuns)
    .set({ status: 'running', progress, beatAt: now, ...(best && { best }) })
    .where(and(eq(rosterRuns.id, runId), inArray(rosterRuns.status, [...LIVE])))
    .returning({ stopAskedAt: rosterRuns.stopAskedAt })
  return { isStopAsked: row !== undefined && row.stopAskedAt !== null, isLive: row !== undefined }
}

/** Ends a run that is live, with what it has found; false = it has ended already (lost meanwhile). */
export async function endRun(
  db: DbOrTx,
  runId: string,
  ended: { status: RosterRun['status']; progress?: RosterProgress; best?: RosterEntry[]; now: Instant },
): Promise<boolean> {
  const { now, ...rest } = ended
  const rows = await db
    .update(rosterRuns)
    .set({ ...rest, endedAt: now, beatAt: now })
    .where(and(eq(rosterRuns.id, runId), inArray(rosterRuns.status, [...LIVE])))
    .returning({ id: rosterRuns.id })
  return rows.length > 0
}

/** Runs whose server has not been heard of: it was killed, or the run with it. */
export const silentRuns = (db: DbOrTx, before: Instant) =>
  db
    .select({ id: rosterRuns.id, rosterId: rosterRuns.rosterId, tenant: rosterRuns.tenant })
    .from(rosterRuns)
    .where(and(inArray(rosterRuns.status, [...LIVE]), lt(rosterRuns.beatAt, before)))

export async function runById(db: DbOrTx, rosterId: string, id: string) {
  const [run] = await db
    .select()
    .from(rosterRuns)
    .where(and(eq(rosterRuns.rosterId, rosterId), eq(rosterRuns.id, id)))
  return run ?? null
}
