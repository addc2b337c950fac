import { and, desc, eq, gt, max } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { rosterPublications, rosterRuns, rosters, rosterTemplates } from '#db/schema/rosters.ts'
import { type Action, may } from '#domain/access.ts'
import type { KeptRoster, RosterHead, RosterPublication, RosterRun } from '#domain/duty-roster.ts'
import type { FeedKind } from '#domain/feed.ts'
import type { NewEvent } from '#server/feed/append.ts'
import { subjectOfCluster } from '#server/feed/entitled-roster.ts'
import type { Reader } from '#server/serving.ts'
import { lastDayOf } from './problem.ts'
import { type Act, appendRosterLog, audienceOf, eventOf } from './record.ts'

/** Without its entries: twenty thousand of them do not belong in every list and event. */
export function headOfRoster({ entries, ...head }: KeptRoster): RosterHead {
  return { ...head, entryCount: entries.length }
}

export async function rosterById(db: DbOrTx, tenant: string, id: string): Promise<KeptRoster | null> {
  const [roster] = await db
    .select()
    .from(rosters)
    .where(and(eq(rosters.tenant, tenant), eq(rosters.id, id)))
  return roster ?? null
}

export async function rosterForUpdate(tx: Tx, tenant: string, id: string): Promise<KeptRoster | null> {
  const [roster] = await tx
    .select()
    .from(rosters)
    .where(and(eq(rosters.tenant, tenant), eq(rosters.id, id)))
    .for('update')
  return roster ?? null
}

export const rostersIn = (db: DbOrTx, tenant: string): Promise<KeptRoster[]> =>
  db.select().from(rosters).where(eq(rosters.tenant, tenant)).orderBy(desc(rosters.updatedAt), rosters.id)

/** A roster of several clusters is made by who leads all of them, and read by who may read one. */
export const permitsRoster = (
  { grants }: Reader,
  action: Action,
  { tenant, subdistrictCodes }: Pick<KeptRoster, 'tenant' | 'subdistrictCodes'>,
): boolean =>
  action === 'roster.read'
    ? may(grants, action, subjectOfCluster({ tenant, subdistrictCodes }))
    : subdistrictCodes.every((code) => may(grants, action, { tenant, subdistrictCodes: [code] }))

interface Told {
  roster: KeptRoster
  kind: string
  told?: FeedKind
  reason?: string | null
  detail?: Record<string, unknown> | null
}

/** RP1: row, log and event of a roster that has changed. */
export async function keepRoster(
  tx: Tx,
  { roster, kind, told = 'roster:changed', reason = null, detail = null }: Told,
  act: Act,
): Promise<NewEvent[]> {
  await tx.insert(rosters).values(roster).onConflictDoUpdate({ target: rosters.id, set: roster })
  await appendRosterLog(tx, { subject: 'roster', subjectId: roster.id, kind, reason, detail }, act)
  return [eventOf(told, act, audienceOf(roster.subdistrictCodes), { rosters: [headOfRoster(roster)] })]
}

export async function lastPublication(db: DbOrTx, tenant: string): Promise<number> {
  const [last] = await db
    .select({ number: max(rosterPublications.number) })
    .from(rosterPublications)
    .where(eq(rosterPublications.tenant, tenant))
  return last?.number ?? 0
}

/** RP5: publications a draft has not taken account of, of the same clusters and days. */
export async function overtaking(db: DbOrTx, roster: KeptRoster): Promise<RosterPublication[]> {
  const later = await db
    .select()
    .from(rosterPublications)
    .where(and(eq(rosterPublications.tenant, roster.tenant), gt(rosterPublications.number, roster.basis)))
  return later.filter(
    (one) =>
      one.clusterIds.some((id) => roster.clusterIds.includes(id)) &&
      one.firstDay <= lastDayOf(roster) &&
      lastDayOf(one) >= roster.firstDay,
  )
}

export async function latestRun(db: DbOrTx, rosterId: string) {
  const [run] = await db
    .select()
    .from(rosterRuns)
    .where(eq(rosterRuns.rosterId, rosterId))
    .orderBy(desc(rosterRuns.askedAt), desc(rosterRuns.id))
    .limit(1)
  return run ?? null
}

export const withoutBest = ({ best: _, ...run }: NonNullable<Awaited<ReturnType<typeof latestRun>>>): RosterRun => run

export const templatesIn = (db: DbOrTx, tenant: string) =>
  db.select().from(rosterTemplates).where(eq(rosterTemplates.tenant, tenant)).orderBy(rosterTemplates.name)
