import { randomUUID } from 'node:crypto'
import { and, eq, gte, lte } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { dutyPeople, fixedDuties, leaves, wishes } from '#db/schema/rosters.ts'
import { calendarOf } from '#domain/calendar.ts'
import type { DutyPerson, LeaveRecord } from '#domain/duty-roster.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { unitById } from '#server/fleet/queries.ts'
import type { Reader } from '#server/serving.ts'
import * as wire from '#wire/routes/roster-setup.ts'
import { clustersOf, holdClusters, kindsOf, leads, tenantOf } from './clusters.ts'
import {
  cardOf,
  fileOf,
  isOwn,
  type PersonRow,
  peopleOf,
  type Standing,
  servesOneOf,
  standingTo,
  withoutReason,
} from './people.ts'
import { appendRosterLog, type RosterShop, serveCommand } from './record.ts'

export function peopleRoutes(shop: RosterShop): void {
  serveReading(shop)
  serveKeeping(shop)
  serveWishes(shop)
  serveLeave(shop)
}

type Held = { row: PersonRow; standing: Standing }

/** Who is asked about, by who may know of them at all. */
async function held(tx: Tx | RosterShop['db'], reader: Reader, unitId: string): Promise<Held | Refused<'unknown'>> {
  const [row] = await peopleOf(tx, reader.tenant, [unitId])
  if (!row) return refused('unknown')
  const standing = standingTo(reader, row, await clustersOf(tx, reader.tenant))
  return standing.isOwn || standing.mayRead ? { row, standing } : refused('unknown')
}

/** The person or who makes their rosters. */
async function heldForChange(
  tx: Tx,
  reader: Reader,
  unitId: string,
): Promise<Held | Refused<'unknown' | 'notAllowed'>> {
  const found = await held(tx, reader, unitId)
  if (isRefused(found)) return found
  const { isOwn: mine, mayMake } = (found as Held).standing
  return mine || mayMake ? found : refused('notAllowed')
}

const sinceOf = async (tx: Tx | RosterShop['db'], tenant: string, now: number) => {
  const calendar = calendarOf((await tenantOf(tx, tenant)).timeZone)
  return calendar.dayOf(calendar.plusDays(now, -31))
}

function serveReading({ db, serve }: RosterShop): void {
  serve(wire.rosterPeople, async ({ tenant, reader, query }) => {
    const clusters = (await clustersOf(db, tenant)).filter((cluster) => leads(reader, 'roster.read', cluster))
    const asked = query.clusterId === undefined ? clusters : clusters.filter(({ id }) => id === query.clusterId)
    const rows = (await peopleOf(db, tenant)).filter(({ person }) => servesOneOf(person, asked))
    return rows.map((row) => cardOf(row, standingTo(reader, row, clusters).mayMake))
  })
  serve(wire.rosterPerson, async ({ tenant, reader, params, now }) => {
    const found = await held(db, reader, params.id)
    if (isRefused(found)) return found
    const { row, standing } = found as Held
    return fileOf(db, row, standing, await sinceOf(db, tenant, now))
  })
}

function serveKeeping(shop: RosterShop): void {
  serveCommand(shop, wire.keepPerson, async (tx, { params, body, tenant, reader, now }, act) => {
    const unit = await unitById(tx, tenant, params.id)
    if (!unit) return refused('unknown')
    const clusters = await holdClusters(tx, tenant, body.clusterIds, now)
    if (!clusters) return refused('unknown')
    // Whose own cluster it is decides; others may borrow a floater, and say so in theirs.
    const [own] = clusters
    if (!own || !leads(reader, 'roster.make', own)) return refused('notAllowed')
    const [before] = await peopleOf(tx, tenant, [unit.id])
    if (before && !standingTo(reader, before, await clustersOf(tx, tenant)).mayMake) return refused('notAllowed')
    const isWrong = (body.mode === 'comprehensive') !== (body.cycle !== null)
    if (isWrong || (unit.kind === 'volunteer') !== (body.mode === 'volunteer')) return refused('invalidFields')
    const person: DutyPerson = { unitId: unit.id, tenant, ...body, updatedAt: now }
    await tx.insert(dutyPeople).values(person).onConflictDoUpdate({ target: dutyPeople.unitId, set: person })
    const { protections: _, ...detail } = body
    await appendRosterLog(tx, { subject: 'person', subjectId: unit.id, kind: 'keep', detail }, act)
    const row = { unit, person }
    return { answer: await fileOf(tx, row, standingTo(reader, row, clusters), await sinceOf(tx, tenant, now)) }
  })
}

function serveWishes(shop: RosterShop): void {
  serveCommand(shop, wire.keepWishes, async (tx, { params, body, tenant, reader, now }) => {
    const found = await heldForChange(tx, reader, params.id)
    if (isRefused(found)) return found
    const { from, until } = body
    if (body.wishes.some(({ day }) => day < from || day > until)) return refused('invalidFields')
    const { row, standing } = found as Held
    const unitId = row.unit.id
    await tx.delete(wishes).where(and(eq(wishes.unitId, unitId), gte(wishes.day, from), lte(wishes.day, until)))
    const rows = body.wishes.map(({ shiftId, ...wish }) => ({ unitId, tenant, ...wish, shiftId: shiftId ?? '' }))
    if (rows.length > 0) await tx.insert(wishes).values(rows).onConflictDoNothing()
    return { answer: await fileOf(tx, row, standing, await sinceOf(tx, tenant, now)) }
  })
  serveCommand(shop, wire.keepFixed, async (tx, { params, body, tenant, reader, now }) => {
    const found = await heldForChange(tx, reader, params.id)
    if (isRefused(found)) return found
    const { row, standing } = found as Held
    if (!standing.mayMake) return refused('notAllowed')
    const { from, until, fixed } = body
    if (fixed.some(({ day }) => day < from || day > until)) return refused('invalidFields')
    const kinds = new Set((await kindsOf(tx, tenant)).map(({ id }) => id))
    const isKnown = fixed.every(
      ({ shiftId, clusterId }) => kinds.has(shiftId) && row.person.clusterIds.includes(clusterId),
    )
    if (!isKnown) return refused('unknown')
    const unitId = row.unit.id
    await tx
      .delete(fixedDuties)
      .where(and(eq(fixedDuties.unitId, unitId), gte(fixedDuties.day, from), lte(fixedDuties.day, until)))
    const rows = fixed.map(({ skill, ...slot }) => ({ unitId, tenant, ...slot, skill: skill ?? null }))
    if (rows.length > 0) await tx.insert(fixedDuties).values(rows).onConflictDoNothing()
    return { answer: await fileOf(tx, row, standing, await sinceOf(tx, tenant, now)) }
  })
}

function serveLeave(shop: RosterShop): void {
  serveCommand(shop, wire.takeLeave, async (tx, { params, body, tenant, reader, now, actor }, act) => {
    const found = await heldForChange(tx, reader, params.id)
    if (isRefused(found)) return found
    if (body.until < body.from) return refused('datesCrossed')
    const leave: LeaveRecord = {
      id: randomUUID(),
      tenant,
      unitId: params.id,
      ...body,
      reason: body.reason ?? null,
      recordedAt: now,
      recordedBy: actor,
      cancelledAt: null,
    }
    await tx.insert(leaves).values(leave)
    const { from, until } = leave
    await appendRosterLog(tx, { subject: 'person', subjectId: params.id, kind: 'leave', detail: { from, until } }, act)
    // Who recorded it for somebody else has said the reason and need not be told it.
    return { answer: isOwn(reader, params.id) ? leave : withoutReason(leave) }
  })
  serveCommand(shop, wire.cancelLeave, async (tx, { params, tenant, reader, now }, act) => {
    const [leave] = await tx
      .select()
      .from(leaves)
      .where(and(eq(leaves.tenant, tenant), eq(leaves.id, params.id)))
      .for('update')
    if (!leave) return refused('unknown')
    const found = await heldForChange(tx, reader, leave.unitId)
    if (isRefused(found)) return found
    if (leave.cancelledAt !== null) return refused('notInThisState')
    await tx.update(leaves).set({ cancelledAt: now }).where(eq(leaves.id, leave.id))
    await appendRosterLog(tx, { subject: 'person', subjectId: leave.unitId, kind: 'leaveCancelled' }, act)
    const cancelled = { ...leave, cancelledAt: now }
    return { answer: isOwn(reader, leave.unitId) ? cancelled : withoutReason(cancelled) }
  })
}
