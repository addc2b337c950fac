import { randomUUID } from 'node:crypto'
import { and, eq, ne, sql } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { firms } from '#db/schema/places.ts'
import { type Action, may } from '#domain/access.ts'
import { changeDuty } from '#domain/duty.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import type { Unit } from '#domain/units.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask, Reader } from '#server/serving.ts'
import type { BodyOf } from '#wire/route.ts'
import * as wire from '#wire/routes/fleet.ts'
import * as kept from './queries.ts'
import type { FleetShop } from './routes.ts'

export const permits = (reader: Reader, action: Action, unit: Unit): boolean =>
  may(reader.grants, action, kept.subjectOfUnit(unit))

export function unitRoutes(shop: FleetShop): void {
  const { db, serve } = shop
  serve(wire.units, async ({ tenant, reader }) => {
    const all = await kept.unitsOfTenant(db, tenant)
    return all.filter((unit) => permits(reader, 'unit.read', unit))
  })
  serve(wire.firms, async ({ tenant, reader }) => {
    const all = await kept.firmsOfTenant(db, tenant)
    return all.filter(({ id }) => may(reader.grants, 'unit.read', { tenant, firmIds: [id] }))
  })
  serve(wire.addUnit, (ask) =>
    carryAndTell(
      shop,
      ask,
      carryOut(db, ask.command, ask.now, (tx) => addUnit(tx, ask)),
    ),
  )
  serve(wire.changeUnit, (ask) =>
    carryAndTell(
      shop,
      ask,
      carryOut(db, ask.command, ask.now, (tx) => changeUnit(tx, ask)),
    ),
  )
  serve(wire.setDuty, (ask) =>
    carryAndTell(
      shop,
      ask,
      carryOut(db, ask.command, ask.now, (tx) => setDuty(tx, ask)),
    ),
  )
}

/** After the commit: the live fleet judges by the new row, and the consoles look. */
async function carryAndTell<W extends string>(
  shop: FleetShop,
  { tenant }: { tenant: string },
  carried: Promise<Unit | Refused<W>>,
): Promise<Unit | Refused<W>> {
  const answer = await carried
  if (!isRefused(answer)) {
    await shop.fleet.reload([(answer as Unit).id])
    shop.wake(tenant)
  }
  return answer
}

/** A unit without a home has no jurisdiction, and nowhere to stand before its first fix. */
async function homeOf(tx: Tx, tenant: string, communityId: string | null | undefined) {
  const home = communityId ? await kept.communityById(tx, tenant, communityId) : null
  if (!home) return null
  const { id, lng, lat, districtCode, subdistrictCode } = home
  return { homeCommunityId: id, postLng: lng, postLat: lat, districtCode, subdistrictCode }
}

const isFirm = async (tx: Tx, tenant: string, id: string) =>
  (
    await tx
      .select({ id: firms.id })
      .from(firms)
      .where(and(eq(firms.tenant, tenant), eq(firms.id, id)))
  ).length === 1

const isTaken = async (tx: Tx, tenant: string, callsign: string, exceptId: string) =>
  (
    await tx
      .select({ id: units.id })
      .from(units)
      .where(and(eq(units.tenant, tenant), eq(units.callsign, callsign), ne(units.id, exceptId)))
  ).length > 0

type UnitRefusal = Refused<'unknown' | 'notAllowed' | 'codeTaken' | 'invalidFields'>

async function addUnit(tx: Tx, ask: Ask<typeof wire.addUnit>): Promise<Unit | UnitRefusal> {
  const { tenant, reader, now } = ask
  const { homeCommunityId, firmId: firm, ...given }: BodyOf<typeof wire.addUnit> = ask.body
  const firmId = firm ?? null
  if (!homeCommunityId) return refused('invalidFields')
  await kept.lockTenant(tx, tenant)
  const home = await homeOf(tx, tenant, homeCommunityId)
  if (!home || (firmId !== null && !(await isFirm(tx, tenant, firmId)))) return refused('unknown')
  if (await isTaken(tx, tenant, given.callsign, '')) return refused('codeTaken')
  const [last] = await tx
    .select({ index: sql<number>`coalesce(max(${units.index}), 0)::int` })
    .from(units)
    .where(eq(units.tenant, tenant))
  const unit: Unit = {
    id: randomUUID(),
    tenant,
    index: (last?.index ?? 0) + 1,
    ...given,
    ...home,
    firmId,
    duty: 'offDuty',
    dutySince: now,
    tracked: false,
    synthetic: false,
  }
  if (!permits(reader, 'unit.manage', unit)) return refused('notAllowed')
  await tx.insert(units).values(unit)
  await kept.announceUnit(tx, unit, 'unit:changed', ask)
  return unit
}

async function changeUnit(tx: Tx, ask: Ask<typeof wire.changeUnit>): Promise<Unit | UnitRefusal> {
  const { tenant, reader, params } = ask
  const { homeCommunityId, ...given }: BodyOf<typeof wire.changeUnit> = ask.body
  await kept.lockTenant(tx, tenant)
  const before = await kept.unitForUpdate(tx, tenant, params.id)
  if (!before || !permits(reader, 'unit.read', before)) return refused('unknown')
  if (!permits(reader, 'unit.manage', before)) return refused('notAllowed')
  const home = homeCommunityId ? await homeOf(tx, tenant, homeCommunityId) : {}
  if (!home || (given.firmId && !(await isFirm(tx, tenant, given.firmId)))) return refused('unknown')
  const unit: Unit = { ...before, ...given, ...home }
  if (!permits(reader, 'unit.manage', unit)) return refused('notAllowed')
  if (await isTaken(tx, tenant, unit.callsign, unit.id)) return refused('codeTaken')
  await kept.recordUnit(tx, unit, 'unit:changed', ask, before.firmId)
  return unit
}

async function setDuty(
  tx: Tx,
  ask: Ask<typeof wire.setDuty>,
): Promise<Unit | Refused<'unknown' | 'notAllowed' | 'notInThisState' | 'unitBusy'>> {
  const { tenant, reader, params, body, now } = ask
  const before = await kept.unitForUpdate(tx, tenant, params.id)
  if (!before || !permits(reader, 'unit.read', before)) return refused('unknown')
  if (!permits(reader, 'unit.duty', before)) return refused('notAllowed')
  const decided = changeDuty(before, body.duty, now)
  if (!decided.ok) return decided
  if (decided.unit !== before) await kept.recordUnit(tx, decided.unit, 'unit:dutyChanged', ask)
  return decided.unit
}
