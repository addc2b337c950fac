import { randomUUID } from 'node:crypto'
import { inArray } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { dutyShifts } from '#db/schema/duties.ts'
import { rosterPublications } from '#db/schema/rosters.ts'
import type { KeptRoster, RosterPublication } from '#domain/duty-roster.ts'
import type { DutyShift } from '#domain/duty-shift.ts'
import { noShowAlarmAt } from '#domain/duty-verbs.ts'
import { HOUR_MS } from '#domain/instant.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { dutyOf, frameOf, type RosterFrame } from '#domain/roster/frame.ts'
import type { RosterEntry } from '#domain/roster/model.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import type { NewEvent } from '#server/feed/append.ts'
import type { RosterChurn, RosterPublished } from '#wire/roster-shapes.ts'
import { clustersOf } from './clusters.ts'
import { lockPeople } from './lock-people.ts'
import { entryOf, heldShifts, problemOf } from './problem.ts'
import { type Act, audienceOf, eventOf, notice } from './record.ts'
import { headOfRoster, keepRoster, lastPublication, overtaking, rosterForUpdate } from './roster-queries.ts'
import { voidSwaps } from './void-swaps.ts'

/** Consoles are told the shifts of the next hours with the event; whoever looks further asks. */
const TOLD_AHEAD_MS = 36 * HOUR_MS
const ROWS_AT_ONCE = 1_000

export interface Difference {
  removed: DutyShift[]
  added: RosterEntry[]
}

const keyOf = ({ personId, day, shiftId, clusterId, skill }: RosterEntry) =>
  [personId, day, shiftId, clusterId, skill ?? ''].join(' ')

/** RP6: what stands and is not in the roster any more, what is in it and does not stand. What has begun stays. */
export async function differenceOf(db: DbOrTx, roster: KeptRoster): Promise<Difference> {
  const held = (await heldShifts(db, roster.tenant, roster)).filter(({ clusterId }) =>
    roster.clusterIds.includes(clusterId),
  )
  const standing = new Set(held.map((shift) => keyOf(entryOf(shift))))
  const wanted = new Set(roster.entries.map(keyOf))
  return {
    removed: held.filter((shift) => shift.status === 'confirmed' && !wanted.has(keyOf(entryOf(shift)))),
    added: roster.entries.filter((entry) => !standing.has(keyOf(entry))),
  }
}

const touchedBy = ({ removed, added }: Difference): string[] => [
  ...new Set([...removed.map(({ unitId }) => unitId ?? ''), ...added.map(({ personId }) => personId)]),
]

export async function churnOf(db: DbOrTx, roster: KeptRoster, now: number): Promise<RosterChurn> {
  const difference = await differenceOf(db, roster)
  const { problem } = await problemOf(db, roster, now)
  return {
    removed: difference.removed.map(entryOf),
    added: difference.added,
    touched: touchedBy(difference),
    frozenUntil: problem.frozenUntil,
  }
}

type Published = { answer: RosterPublished; events: NewEvent[] }
type PublishRefusal = Refused<'wrongStage' | 'conflict' | 'rosterOvertaken' | 'hardRules' | 'shiftStarted'>

/**
 * RP4: one transaction, one event: the next number of the city's line, the shifts that stand from now on, a notice to everybody it
 * touches. Nothing that breaks a hard rule gets through, but for what an override has lifted with its reason.
 */
export async function publish(
  tx: Tx,
  before: KeptRoster,
  { revision, reason }: { revision: number; reason: string },
  act: Act,
): Promise<Published | PublishRefusal> {
  if (before.status !== 'review') return refused('wrongStage')
  if (revision !== before.revision) return refused('conflict')
  if ((await overtaking(tx, before)).length > 0) return refused('rosterOvertaken')
  await lockPeople(tx, [...new Set(before.entries.map(({ personId }) => personId))])
  const { problem, elsewhere } = await problemOf(tx, before, act.now)
  if (scoreRoster(problem, [...before.entries, ...elsewhere]).breaks > 0) return refused('hardRules')
  const difference = await differenceOf(tx, before)
  const shifts = await shiftsOf(tx, before, frameOf(problem), difference.added)
  if (shifts.some(({ startsAt }) => startsAt <= act.now)) return refused('shiftStarted')
  await layDown(tx, difference.removed, shifts, act)
  const voided = await voidSwaps(
    tx,
    difference.removed.map(({ id }) => id),
    act,
  )
  const publication = await takeNumber(tx, before, { difference, reason }, act)
  const roster: KeptRoster = {
    ...before,
    ...{ status: 'published', revision: revision + 1, updatedAt: act.now, publishedAt: act.now },
    publishedBy: act.actor,
  }
  const superseded = await supersede(tx, before.amends, act)
  await keepRoster(tx, { roster, kind: 'publish', reason, detail: { number: publication.number } }, act)
  return {
    answer: { publication, roster: headOfRoster(roster) },
    events: [
      ...voided,
      ...(await noticesOf(tx, difference.removed, shifts, act)),
      announced([roster, ...superseded], [...difference.removed.map(released), ...shifts], publication.touched, act),
    ],
  }
}

async function shiftsOf(
  tx: Tx,
  roster: KeptRoster,
  frame: RosterFrame,
  added: readonly RosterEntry[],
): Promise<DutyShift[]> {
  const clusters = new Map((await clustersOf(tx, roster.tenant)).map((cluster) => [cluster.id, cluster]))
  return added.flatMap((entry) => {
    const duty = dutyOf(frame, entry)
    const cluster = clusters.get(entry.clusterId)
    if (!duty || !cluster) return []
    const { start: startsAt, end: endsAt, counted } = duty.span
    const shift: DutyShift = {
      ...{ id: randomUUID(), tenant: roster.tenant, rosterId: roster.id, clusterId: cluster.id },
      ...{ subdistrictCodes: cluster.subdistrictCodes, unitId: entry.personId, day: entry.day, kind: entry.shiftId },
      ...{ skill: entry.skill ?? null, startsAt, endsAt, countedMinutes: Math.round(counted), status: 'confirmed' },
      ...{ coversId: null, startedAt: null, endedAt: null, startDistanceM: null, startedFor: false, noShowAt: null },
      ...{ nextTimerAt: noShowAlarmAt(startsAt), isCovering: false, updatedAt: 0 },
    }
    return [shift]
  })
}

async function layDown(tx: Tx, removed: readonly DutyShift[], added: DutyShift[], { now }: Act): Promise<void> {
  for (let from = 0; from < removed.length; from += ROWS_AT_ONCE) {
    const ids = removed.slice(from, from + ROWS_AT_ONCE).map(({ id }) => id)
    await tx
      .update(dutyShifts)
      .set({ status: 'released', nextTimerAt: null, updatedAt: now })
      .where(inArray(dutyShifts.id, ids))
  }
  for (const shift of added) shift.updatedAt = now
  for (let from = 0; from < added.length; from += ROWS_AT_ONCE)
    await tx.insert(dutyShifts).values(added.slice(from, from + ROWS_AT_ONCE))
}

/** P3: the key gives the number to one publication alone. */
async function takeNumber(
  tx: Tx,
  { tenant, id: rosterId, firstDay, days, clusterIds }: KeptRoster,
  { difference, reason }: { difference: Difference; reason: string },
  { actor, now }: Act,
): Promise<RosterPublication> {
  const publication: RosterPublication = {
    tenant,
    number: (await lastPublication(tx, tenant)) + 1,
    ...{ rosterId, reason, firstDay, days, clusterIds },
    removed: difference.removed.length,
    added: difference.added.length,
    touched: touchedBy(difference),
    at: now,
    by: actor,
  }
  await tx.insert(rosterPublications).values(publication)
  return publication
}

/** The roster that has been amended says nothing any more. */
async function supersede(tx: Tx, id: string | null, act: Act): Promise<KeptRoster[]> {
  const older = id === null ? null : await rosterForUpdate(tx, act.tenant, id)
  if (older?.status !== 'published') return []
  const roster: KeptRoster = { ...older, status: 'superseded', updatedAt: act.now }
  await keepRoster(tx, { roster, kind: 'supersede' }, act)
  return [roster]
}

const released = (shift: DutyShift): DutyShift => ({ ...shift, status: 'released', nextTimerAt: null })

async function noticesOf(tx: Tx, removed: readonly DutyShift[], added: readonly DutyShift[], act: Act) {
  const of = (shifts: readonly DutyShift[]) =>
    shifts.flatMap((shift) => (shift.unitId === null ? [] : [{ unitId: shift.unitId, shift }]))
  const given = await notice(tx, 'shiftGiven', firstOfEach(of(added)), act)
  const taken = await notice(tx, 'shiftTaken', of(removed), act)
  return [...given, ...taken]
}

/** A new month is one notice, not twenty. */
const firstOfEach = <T extends { unitId: string; shift: DutyShift }>(given: readonly T[]): T[] =>
  [...Map.groupBy(given, ({ unitId }) => unitId).values()].flatMap((own) =>
    own.sort((a, b) => a.shift.startsAt - b.shift.startsAt).slice(0, 1),
  )

function announced(rosters: KeptRoster[], shifts: DutyShift[], touched: string[], act: Act): NewEvent {
  const [roster] = rosters as [KeptRoster]
  const near = shifts.filter(({ startsAt }) => startsAt < act.now + TOLD_AHEAD_MS)
  return eventOf('roster:published', act, audienceOf(roster.subdistrictCodes, touched), {
    rosters: rosters.map(headOfRoster),
    shifts: near,
  })
}
