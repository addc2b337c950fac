import { and, asc, eq, gte, inArray, isNull, lte } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { dutyPeople, fixedDuties, leaves, wishes } from '#db/schema/rosters.ts'
import { may } from '#domain/access.ts'
import type { DutyCluster, DutyPerson, LeaveRecord, PersonFixed, PersonWish } from '#domain/duty-roster.ts'
import type { LocalDay } from '#domain/roster/model.ts'
import type { Unit } from '#domain/units.ts'
import type { Reader } from '#server/serving.ts'
import type { PersonCard, PersonFile } from '#wire/roster-shapes.ts'
import { leads } from './clusters.ts'

export type PersonRow = { person: DutyPerson; unit: Unit }

/** The people who are rostered, with their units; inactive ones only when asked for by id. */
export function peopleOf(db: DbOrTx, tenant: string, unitIds?: readonly string[]): Promise<PersonRow[]> {
  const which = unitIds === undefined ? eq(dutyPeople.isActive, true) : inArray(dutyPeople.unitId, [...unitIds])
  if (unitIds?.length === 0) return Promise.resolve([])
  return db
    .select({ person: dutyPeople, unit: units })
    .from(dutyPeople)
    .innerJoin(units, eq(units.id, dutyPeople.unitId))
    .where(and(eq(dutyPeople.tenant, tenant), which))
    .orderBy(asc(units.index))
}

/** RD6: protection is nobody's business but the person's own and that of who makes rosters. */
export function cardOf({ person, unit }: PersonRow, isTrusted: boolean): PersonCard {
  const { protections, ...open } = person
  const { callsign, kind, skills, homeCommunityId } = unit
  return { ...open, callsign, kind, skills, homeCommunityId, ...(isTrusted && { protections }) }
}

/** Days in the text of a date sort as dates. */
const within = (from: LocalDay, until: LocalDay) => and(gte(wishes.day, from), lte(wishes.day, until))

export async function wishesOf(
  db: DbOrTx,
  unitIds: readonly string[],
  from: LocalDay,
  until: LocalDay,
): Promise<PersonWish[]> {
  if (unitIds.length === 0) return []
  const rows = await db
    .select()
    .from(wishes)
    .where(and(inArray(wishes.unitId, [...unitIds]), within(from, until)))
    .orderBy(asc(wishes.day))
  return rows.map(({ unitId, day, wants, shiftId, weight }) => ({
    unitId,
    day,
    wants,
    shiftId: shiftId || null,
    weight,
  }))
}

export async function fixedOf(
  db: DbOrTx,
  unitIds: readonly string[],
  from: LocalDay,
  until: LocalDay,
): Promise<PersonFixed[]> {
  if (unitIds.length === 0) return []
  const rows = await db
    .select()
    .from(fixedDuties)
    .where(and(inArray(fixedDuties.unitId, [...unitIds]), gte(fixedDuties.day, from), lte(fixedDuties.day, until)))
    .orderBy(asc(fixedDuties.day))
  return rows.map(({ unitId, day, shiftId, clusterId, skill }) => ({
    unitId,
    day,
    shiftId,
    clusterId,
    ...(skill && { skill }),
  }))
}

/** Leave that stands and touches these days. */
export const leavesOf = async (
  db: DbOrTx,
  unitIds: readonly string[],
  from: LocalDay,
  until: LocalDay,
): Promise<LeaveRecord[]> =>
  unitIds.length === 0
    ? []
    : db
        .select()
        .from(leaves)
        .where(
          and(
            inArray(leaves.unitId, [...unitIds]),
            isNull(leaves.cancelledAt),
            lte(leaves.from, until),
            gte(leaves.until, from),
          ),
        )
        .orderBy(asc(leaves.from))

/** RD6: why somebody is away is told to nobody else; that they are away, to who rosters them. */
export const withoutReason = (leave: LeaveRecord): LeaveRecord => ({ ...leave, kind: null, reason: null })

export const isOwn = (reader: Reader, unitId: string): boolean =>
  may(reader.grants, 'duty.own', { tenant: reader.tenant, unitIds: [unitId] })

/** The clusters a person serves, of those the reader may see. */
export const servesOneOf = (person: DutyPerson, clusters: readonly Pick<DutyCluster, 'id'>[]): boolean =>
  clusters.some(({ id }) => person.clusterIds.includes(id))

export interface Standing {
  isOwn: boolean
  mayRead: boolean
  mayMake: boolean
}

/** What a reader is to a person: by the cluster that is the person's own. */
export function standingTo(reader: Reader, { unit, person }: PersonRow, clusters: readonly DutyCluster[]): Standing {
  const own = clusters.find(({ id }) => id === person.clusterIds[0])
  return {
    isOwn: isOwn(reader, unit.id),
    mayRead: own !== undefined && leads(reader, 'roster.read', own),
    mayMake: own !== undefined && leads(reader, 'roster.make', own),
  }
}

const FAR_BACK = '0000-00-00'
const FAR_AHEAD = '9999-99-99'

export async function fileOf(
  db: DbOrTx,
  row: PersonRow,
  { isOwn: mine, mayMake }: Standing,
  since: LocalDay = FAR_BACK,
): Promise<PersonFile> {
  const ids = [row.unit.id]
  const away = await leavesOf(db, ids, since, FAR_AHEAD)
  return {
    person: cardOf(row, mine || mayMake),
    leaves: mine ? away : away.map(withoutReason),
    wishes: await wishesOf(db, ids, since, FAR_AHEAD),
    fixed: await fixedOf(db, ids, since, FAR_AHEAD),
  }
}
