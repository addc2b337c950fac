import { and, eq, inArray, ne } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { dutyShifts } from '#db/schema/duties.ts'
import { units } from '#db/schema/fleet.ts'
import { communities } from '#db/schema/places.ts'
import { changeDuty } from '#domain/duty.ts'
import type { DutyShift } from '#domain/duty-shift.ts'
import { endShift, startShift } from '#domain/duty-verbs.ts'
import { haversineM } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { DutyState, Unit } from '#domain/units.ts'
import type { NewEvent } from '#server/feed/append.ts'
import { unitForUpdate } from '#server/fleet/queries.ts'
import { closeGap } from './cover.ts'
import * as kept from './duty-queries.ts'
import { type Act, appendRosterLog, audienceOf, eventOf, type Told } from './record.ts'
import { settleDutyAlarms } from './settle.ts'

export interface StartSaid {
  /** Where the person is; asked only of who has consented (个保法 29). */
  at: LngLat | null
  isForThem: boolean
}

type Refusal = Refused<
  'unknown' | 'notInThisState' | 'tooEarly' | 'tooLate' | 'missingReason' | 'unitBusy' | 'alreadyTaken'
>

/** RD4: the shift has begun, and the unit can be sent from now on: duty of the map, of dispatch and of the cover are one. */
export async function start(tx: Tx, shift: DutyShift, said: StartSaid, act: Act): Promise<Told<DutyShift> | Refusal> {
  const unit = shift.unitId === null ? null : await unitForUpdate(tx, act.tenant, shift.unitId)
  if (!unit) return refused('unknown')
  const distanceM = said.at && unit.tracked ? await distanceTo(tx, shift, said.at) : null
  const decided = startShift(shift, { distanceM, isForThem: said.isForThem }, act.now)
  if (!decided.ok) return decided
  const gap = await kept.gapForUpdate(tx, shift.id)
  if (gap && gap.status !== 'open') return refused('alreadyTaken')
  // Who is a volunteer on a task, or has begun by word already, is on duty as it is.
  const duty = unit.duty === 'offDuty' ? await turn(tx, unit, 'onDuty', act) : []
  await kept.saveShift(tx, decided.shift)
  const detail = { distanceM, forThem: said.isForThem }
  await appendRosterLog(tx, { subject: 'shift', subjectId: shift.id, kind: 'start', detail }, act)
  const quiet = await settleDutyAlarms(tx, ['dutyNoShow'], shift, act)
  const closed = gap ? await closeGap(tx, gap, 'released', act) : []
  const exhausted = gap ? await settleDutyAlarms(tx, ['coverExhausted'], gap, act) : []
  const told = eventOf('duty:started', act, audienceOf(shift.subdistrictCodes, [unit.id]), { shifts: [decided.shift] })
  return { answer: decided.shift, events: [told, ...duty, ...quiet, ...closed, ...exhausted], reload: [unit.id] }
}

/** RD4: the shift has ended; who has a task finishes it or gives it back first. */
export async function end(
  tx: Tx,
  shift: DutyShift,
  reason: string | null,
  act: Act,
): Promise<Told<DutyShift> | Refusal> {
  const unit = shift.unitId === null ? null : await unitForUpdate(tx, act.tenant, shift.unitId)
  if (!unit) return refused('unknown')
  const decided = endShift(shift, reason, act.now)
  if (!decided.ok) return decided
  const isOnAgain = await hasStarted(tx, unit.id, shift.id)
  if (!isOnAgain && unit.duty === 'busy' && unit.kind !== 'volunteer') return refused('unitBusy')
  const duty = isOnAgain || unit.duty === 'offDuty' ? [] : await turn(tx, unit, 'offDuty', act)
  await kept.saveShift(tx, decided.shift)
  await appendRosterLog(tx, { subject: 'shift', subjectId: shift.id, kind: 'end', reason }, act)
  const told = eventOf('duty:ended', act, audienceOf(shift.subdistrictCodes, [unit.id]), { shifts: [decided.shift] })
  return { answer: decided.shift, events: [told, ...duty], reload: [unit.id] }
}

/** RD4: the place is checked against the communities of the cluster, the nearest counts. */
async function distanceTo(db: DbOrTx, shift: DutyShift, at: LngLat): Promise<number | null> {
  const places = await db
    .select({ lng: communities.lng, lat: communities.lat })
    .from(communities)
    .where(and(eq(communities.tenant, shift.tenant), inArray(communities.subdistrictCode, shift.subdistrictCodes)))
  if (places.length === 0) return null
  return Math.round(Math.min(...places.map(({ lng, lat }) => haversineM([lng, lat], at))))
}

async function turn(tx: Tx, unit: Unit, to: DutyState, act: Act): Promise<NewEvent[]> {
  const changed = changeDuty(unit, to, act.now)
  if (!changed.ok || changed.unit === unit) return []
  const { duty, dutySince } = changed.unit
  await tx.update(units).set({ duty, dutySince }).where(eq(units.id, unit.id))
  const audience = {
    districtCode: unit.districtCode,
    subdistrictCode: unit.subdistrictCode,
    neighbourhoodCode: null,
    firmIds: unit.firmId === null ? [] : [unit.firmId],
    unitIds: [unit.id],
  }
  return [eventOf('unit:dutyChanged', act, audience, { units: [changed.unit] })]
}

async function hasStarted(tx: Tx, unitId: string, notId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: dutyShifts.id })
    .from(dutyShifts)
    .where(and(eq(dutyShifts.unitId, unitId), eq(dutyShifts.status, 'started'), ne(dutyShifts.id, notId)))
    .limit(1)
  return rows.length > 0
}
