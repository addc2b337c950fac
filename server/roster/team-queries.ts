import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { dutyPeople } from '#db/schema/rosters.ts'
import { volunteerMembers, volunteerServices, volunteerSlots, volunteerTeams } from '#db/schema/volunteers.ts'
import { teamStanding } from '#domain/roster/volunteer-team.ts'
import {
  HOUSEKEEPERS_TARGET,
  type RosterProgressCount,
  standingOf,
  TEAMS_TARGET,
  type VolunteerMember,
  type VolunteerService,
  type VolunteerSlot,
  type VolunteerTeam,
} from '#domain/volunteers.ts'
import type { TeamCard, TeamHead } from '#wire/routes/volunteers.ts'

const active = isNull(volunteerMembers.leftAt)
const activeCount = sql<number>`(count(*) filter (where ${active}))::int`
const partyCount = sql<number>`(count(*) filter (where ${active} and ${volunteerMembers.isPartyMember}))::int`

/** VO1: teams that stand, each with how many are active in it. */
export async function teamsOf(db: DbOrTx, tenant: string): Promise<TeamHead[]> {
  const counts = await db
    .select({ teamId: volunteerMembers.teamId, active: activeCount, activePartyMembers: partyCount })
    .from(volunteerMembers)
    .where(eq(volunteerMembers.tenant, tenant))
    .groupBy(volunteerMembers.teamId)
  const byTeam = new Map(counts.map(({ teamId, ...members }) => [teamId, members]))
  const teams = await db
    .select()
    .from(volunteerTeams)
    .where(and(eq(volunteerTeams.tenant, tenant), isNull(volunteerTeams.endedAt)))
    .orderBy(asc(volunteerTeams.subdistrictCode), asc(volunteerTeams.name))
  return teams.map((team) => ({
    ...team,
    ...teamStanding(byTeam.get(team.id) ?? { active: 0, activePartyMembers: 0 }),
  }))
}

export async function teamForUpdate(tx: Tx, tenant: string, id: string): Promise<VolunteerTeam | null> {
  const [team] = await tx
    .select()
    .from(volunteerTeams)
    .where(and(eq(volunteerTeams.tenant, tenant), eq(volunteerTeams.id, id)))
    .for('update')
  return team ?? null
}

export async function teamById(db: DbOrTx, tenant: string, id: string): Promise<VolunteerTeam | null> {
  const [team] = await db
    .select()
    .from(volunteerTeams)
    .where(and(eq(volunteerTeams.tenant, tenant), eq(volunteerTeams.id, id)))
  return team ?? null
}

export const membersOf = (db: DbOrTx, teamId: string): Promise<VolunteerMember[]> =>
  db.select().from(volunteerMembers).where(eq(volunteerMembers.teamId, teamId)).orderBy(asc(volunteerMembers.label))

export async function cardOfTeam(db: DbOrTx, team: VolunteerTeam): Promise<TeamCard> {
  const members = await membersOf(db, team.id)
  const slots = await db
    .select()
    .from(volunteerSlots)
    .where(eq(volunteerSlots.teamId, team.id))
    .orderBy(asc(volunteerSlots.startsAt))
  const services = await servicesOf(
    db,
    slots.map(({ id }) => id),
  )
  return {
    team: { ...team, ...standingOf(members) },
    members,
    slots: slots.map((slot) => ({ ...slot, services: services.filter(({ slotId }) => slotId === slot.id) })),
  }
}

export const servicesOf = async (db: DbOrTx, slotIds: readonly string[]): Promise<VolunteerService[]> =>
  slotIds.length === 0
    ? []
    : db
        .select()
        .from(volunteerServices)
        .where(inArray(volunteerServices.slotId, [...slotIds]))
        .orderBy(asc(volunteerServices.memberId))

export async function slotForUpdate(tx: Tx, tenant: string, id: string): Promise<VolunteerSlot | null> {
  const [slot] = await tx
    .select()
    .from(volunteerSlots)
    .where(and(eq(volunteerSlots.tenant, tenant), eq(volunteerSlots.id, id)))
    .for('update')
  return slot ?? null
}

export async function memberOfUnit(
  db: DbOrTx,
  tenant: string,
  unitIds: readonly string[],
): Promise<VolunteerMember | null> {
  if (unitIds.length === 0) return null
  const [member] = await db
    .select()
    .from(volunteerMembers)
    .where(and(eq(volunteerMembers.tenant, tenant), inArray(volunteerMembers.unitId, [...unitIds]), active))
  return member ?? null
}

export async function saveService(tx: Tx, service: VolunteerService): Promise<void> {
  const target = [volunteerServices.slotId, volunteerServices.memberId]
  await tx.insert(volunteerServices).values(service).onConflictDoUpdate({ target, set: service })
}

/** VO4: the programme's two promises in numbers: a team counts when it is valid, a housekeeper when rostered. */
export async function progressOf(db: DbOrTx, tenant: string): Promise<RosterProgressCount> {
  const teams = await teamsOf(db, tenant)
  const sum = (of: (team: TeamHead) => number) => teams.reduce((all, team) => all + of(team), 0)
  const housekeepers = await db.$count(units, and(eq(units.tenant, tenant), eq(units.kind, 'housekeeper')))
  const [rostered] = await db
    .select({ n: sql<number>`count(*)::int` })
    .from(dutyPeople)
    .innerJoin(units, eq(units.id, dutyPeople.unitId))
    .where(and(eq(dutyPeople.tenant, tenant), eq(dutyPeople.isActive, true), eq(units.kind, 'housekeeper')))
  const [confirmed] = await db
    .select({ minutes: sql<number>`coalesce(sum(${volunteerServices.confirmedMinutes}), 0)::int` })
    .from(volunteerServices)
    .where(eq(volunteerServices.tenant, tenant))
  return {
    teams: teams.length,
    teamsValid: teams.filter(({ isValid }) => isValid).length,
    teamsTarget: TEAMS_TARGET,
    volunteers: sum(({ active: n }) => n),
    volunteerPartyMembers: sum(({ activePartyMembers }) => activePartyMembers),
    confirmedHours: (confirmed?.minutes ?? 0) / 60,
    housekeepers,
    housekeepersRostered: rostered?.n ?? 0,
    housekeepersTarget: HOUSEKEEPERS_TARGET,
  }
}
