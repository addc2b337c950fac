import { and, desc, eq, gt, inArray, isNotNull, lt, or } from 'drizzle-orm'
import type { Db, DbOrTx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { studies } from '#db/schema/studies.ts'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import type { Study, StudyHead, StudyKind, StudyProgress, StudyStatus } from '#domain/study.ts'
import type { Unit } from '#domain/units.ts'

const HEAD = {
  id: studies.id,
  tenant: studies.tenant,
  kind: studies.kind,
  name: studies.name,
  status: studies.status,
  asked: studies.asked,
  seed: studies.seed,
  seconds: studies.seconds,
  askedAt: studies.askedAt,
  askedBy: studies.askedBy,
  endedAt: studies.endedAt,
}
const STUDY = { ...HEAD, progress: studies.progress, answer: studies.answer }

/** Nobody has kept it, and so long after nobody looks for it. */
const UNKEPT_MS = 7 * DAY_MS
const MOST = 200
const LIVE: StudyStatus[] = ['queued', 'running']

export async function studyById(db: DbOrTx, tenant: string, id: string): Promise<Study | null> {
  const [found] = await db
    .select(STUDY)
    .from(studies)
    .where(and(eq(studies.tenant, tenant), eq(studies.id, id)))
  return (found as Study | undefined) ?? null
}

export async function studiesOf(
  db: DbOrTx,
  tenant: string,
  kind: StudyKind | undefined,
  now: Instant,
): Promise<StudyHead[]> {
  const ofKind = kind === undefined ? undefined : eq(studies.kind, kind)
  const rows = await db
    .select(HEAD)
    .from(studies)
    .where(and(eq(studies.tenant, tenant), ofKind, or(isNotNull(studies.name), gt(studies.askedAt, now - UNKEPT_MS))))
    .orderBy(desc(studies.askedAt))
    .limit(MOST)
  return rows as StudyHead[]
}

export async function addStudy(db: DbOrTx, study: Study): Promise<void> {
  await db.insert(studies).values({ ...study, beatAt: study.askedAt, stopAskedAt: null })
}

export async function nameStudy(db: DbOrTx, tenant: string, id: string, name: string): Promise<void> {
  await db
    .update(studies)
    .set({ name })
    .where(and(eq(studies.tenant, tenant), eq(studies.id, id)))
}

/** Told to the database: whichever server runs it looks there. */
export async function askToStop(db: DbOrTx, tenant: string, id: string, now: Instant): Promise<boolean> {
  const stopped = await db
    .update(studies)
    .set({ stopAskedAt: now })
    .where(and(eq(studies.tenant, tenant), eq(studies.id, id), inArray(studies.status, LIVE)))
    .returning({ id: studies.id })
  return stopped.length > 0
}

interface Beat {
  progress: StudyProgress
  answer: Study['answer']
  now: Instant
}

/** Writes how far a study is and hears whether it shall stop. */
export async function beat(db: Db, id: string, { progress, answer, now }: Beat): Promise<{ shallStop: boolean }> {
  const [row] = await db
    .update(studies)
    .set({ status: 'running', progress, beatAt: now, ...(answer && { answer }) })
    .where(and(eq(studies.id, id), inArray(studies.status, LIVE)))
    .returning({ stopAskedAt: studies.stopAskedAt })
  return { shallStop: row === undefined || row.stopAskedAt !== null }
}

export async function endStudy(
  db: DbOrTx,
  id: string,
  {
    status,
    answer,
    progress,
    now,
  }: { status: StudyStatus; answer?: Study['answer']; progress?: StudyProgress; now: Instant },
): Promise<boolean> {
  const ended = await db
    .update(studies)
    .set({ status, endedAt: now, beatAt: now, ...(answer && { answer }), ...(progress && { progress }) })
    .where(and(eq(studies.id, id), inArray(studies.status, LIVE)))
    .returning({ id: studies.id })
  return ended.length > 0
}

export const silentStudies = (db: Db, before: Instant): Promise<{ id: string }[]> =>
  db
    .select({ id: studies.id })
    .from(studies)
    .where(and(inArray(studies.status, LIVE), lt(studies.beatAt, before)))

/** Communities where such units have their posts. */
export async function standingPosts(
  db: DbOrTx,
  tenant: string,
  { unitKind, mode, skill }: { unitKind: Unit['kind']; mode: Unit['mode']; skill: Unit['skills'][number] | null },
): Promise<Set<string>> {
  const rows = await db
    .select({ home: units.homeCommunityId, skills: units.skills })
    .from(units)
    .where(and(eq(units.tenant, tenant), eq(units.kind, unitKind), eq(units.mode, mode)))
  const fit = rows.filter(({ skills }) => skill === null || skills.includes(skill))
  return new Set(fit.map(({ home }) => home).filter((home) => home !== null))
}
