/** The roster module's part of the permission table (domain/access.ts): rosters, duty, payroll, volunteer teams. */

export const ROSTER_ACTIONS = [
  'roster.read',
  'roster.make',
  'roster.publish',
  'roster.configure',
  'duty.own',
  'duty.direct',
  'duty.acknowledge',
  'payroll.read',
  'team.read',
  'team.keep',
] as const
type RosterAction = (typeof ROSTER_ACTIONS)[number]

type Row = Partial<Record<RosterAction, 'tenant' | 'cluster' | 'subdistrict' | 'unit'>>

/** The dispatch room sees who is on duty and hears who is not. */
const ROOM: Row = { 'roster.read': 'tenant', 'duty.acknowledge': 'tenant', 'team.read': 'tenant' }

/** Looks at everything and changes nothing. */
const READER: Row = { 'roster.read': 'tenant', 'payroll.read': 'tenant', 'team.read': 'tenant' }

/** A supervisor makes and leads the rosters of the own duty clusters (rule AC9). */
const SUPERVISOR: Row = {
  'roster.read': 'cluster',
  'roster.make': 'cluster',
  'roster.publish': 'cluster',
  'duty.direct': 'cluster',
  'duty.acknowledge': 'cluster',
  'payroll.read': 'cluster',
  'team.read': 'cluster',
  'team.keep': 'cluster',
}

const CITY: Row = {
  ...READER,
  'roster.make': 'tenant',
  'roster.publish': 'tenant',
  'roster.configure': 'tenant',
  'duty.direct': 'tenant',
  'duty.acknowledge': 'tenant',
  'team.keep': 'tenant',
}

/** 街道 keeps its volunteers and sees who is on duty in it. */
const SUBDISTRICT: Row = { 'roster.read': 'subdistrict', 'team.read': 'subdistrict', 'team.keep': 'subdistrict' }

/** A person: the own roster, shifts, swaps, leave. */
const OWN: Row = { 'duty.own': 'unit' }

export const ROSTER = { ROOM, READER, SUPERVISOR, CITY, SUBDISTRICT, OWN }
