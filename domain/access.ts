/** The one permission table: role × action × scope. Deny by default; what is not listed is refused (rules AC1…). */

import { EMERGENCY, EMERGENCY_ACTIONS } from './access-emergency.ts'
import { RESPONSE, RESPONSE_ACTIONS } from './access-response.ts'
import { ROSTER, ROSTER_ACTIONS } from './access-roster.ts'
import { TICKET_ACTIONS, TICKETS } from './access-tickets.ts'

export const ROLES = [
  'cityAdmin',
  'housingAuthority',
  'subdistrictOfficer',
  'neighbourhoodWorker',
  'dispatcher',
  'shiftSupervisor',
  'manager',
  'providerManager',
  'fieldWorker',
  'volunteer',
  'resident',
  'auditor',
] as const
export type Role = (typeof ROLES)[number]

export const ACTIONS = [
  'session.read',
  'place.read',
  'tenant.manage',
  'user.read',
  'user.manage',
  'unit.read',
  'unit.manage',
  'unit.duty',
  'device.manage',
  'consent.give',
  'fleet.watch',
  'fleet.report',
  'trail.read',
  'trail.readOwn',
  'trailReading.read',
  ...TICKET_ACTIONS,
  'feed.read',
  'alarm.acknowledge',
  ...RESPONSE_ACTIONS,
  ...EMERGENCY_ACTIONS,
  ...ROSTER_ACTIONS,
] as const
export type Action = (typeof ACTIONS)[number]

/** How far a permission reaches: everything in the tenant, or only what bears the grant's own code or id. */
export const SCOPES = [
  'tenant',
  'district',
  'subdistrict',
  'cluster',
  'neighbourhood',
  'firm',
  'unit',
  'ticket',
  'self',
] as const
export type Scope = (typeof SCOPES)[number]

type Row = Partial<Record<Action, Scope>>

const DISPATCH_ROOM: Row = {
  ...EMERGENCY.ROOM,
  ...ROSTER.ROOM,
  ...TICKETS.ROOM,
  'session.read': 'self',
  'place.read': 'tenant',
  'unit.read': 'tenant',
  'unit.duty': 'tenant',
  'fleet.watch': 'tenant',
  'feed.read': 'tenant',
  'alarm.acknowledge': 'tenant',
  ...RESPONSE.TIMES,
  ...RESPONSE.COVER,
}

const FIELD: Row = {
  ...ROSTER.OWN,
  ...TICKETS.FIELD,
  'session.read': 'self',
  'place.read': 'tenant',
  'unit.read': 'unit',
  'unit.duty': 'unit',
  'consent.give': 'unit',
  'fleet.report': 'unit',
  'trail.readOwn': 'unit',
  'feed.read': 'unit',
}

export const ACCESS: Readonly<Record<Role, Readonly<Row>>> = {
  cityAdmin: {
    ...DISPATCH_ROOM,
    ...EMERGENCY.OFFICE,
    ...ROSTER.CITY,
    'tenant.manage': 'tenant',
    'user.read': 'tenant',
    'user.manage': 'tenant',
    'unit.manage': 'tenant',
    'device.manage': 'tenant',
    'trail.read': 'tenant',
    'trailReading.read': 'tenant',
    'ticket.export': 'tenant',
    'response.verify': 'tenant',
    ...RESPONSE.STUDIES,
  },
  dispatcher: { ...DISPATCH_ROOM, 'trail.read': 'tenant' },
  shiftSupervisor: {
    ...DISPATCH_ROOM,
    ...ROSTER.SUPERVISOR,
    'unit.manage': 'tenant',
    'device.manage': 'tenant',
    'trail.read': 'tenant',
    'user.read': 'tenant',
    ...RESPONSE.STUDIES,
  },
  manager: {
    ...EMERGENCY.READER,
    ...ROSTER.READER,
    'session.read': 'self',
    'place.read': 'tenant',
    'unit.read': 'tenant',
    'fleet.watch': 'tenant',
    'ticket.read': 'tenant',
    'ticket.export': 'tenant',
    'photo.read': 'tenant',
    'feed.read': 'tenant',
    ...RESPONSE.TIMES,
    ...RESPONSE.COVER,
    ...RESPONSE.STUDIES,
  },
  housingAuthority: {
    ...EMERGENCY.OFFICE,
    ...ROSTER.READER,
    'session.read': 'self',
    'place.read': 'tenant',
    'unit.read': 'tenant',
    'ticket.read': 'tenant',
    'ticket.export': 'tenant',
    'photo.read': 'tenant',
    'feed.read': 'tenant',
    ...RESPONSE.TIMES,
    ...RESPONSE.STUDIES,
  },
  subdistrictOfficer: {
    ...EMERGENCY.SUBDISTRICT,
    ...ROSTER.SUBDISTRICT,
    'session.read': 'self',
    'place.read': 'tenant',
    'unit.read': 'subdistrict',
    'ticket.read': 'subdistrict',
    'ticket.report': 'subdistrict',
    'ticket.place': 'subdistrict',
    'ticket.note': 'subdistrict',
    'ticket.visit': 'subdistrict',
    'photo.read': 'subdistrict',
    'requester.read': 'subdistrict',
    'feed.read': 'subdistrict',
    'response.read': 'subdistrict',
    'response.drill': 'subdistrict',
  },
  neighbourhoodWorker: {
    ...EMERGENCY.NEIGHBOURHOOD,
    'session.read': 'self',
    'place.read': 'tenant',
    'ticket.read': 'neighbourhood',
    'ticket.report': 'neighbourhood',
    'ticket.place': 'neighbourhood',
    'ticket.note': 'neighbourhood',
    'ticket.visit': 'neighbourhood',
    'photo.add': 'neighbourhood',
    'photo.read': 'neighbourhood',
    'requester.read': 'neighbourhood',
    'feed.read': 'neighbourhood',
  },
  providerManager: {
    ...EMERGENCY.PROVIDER,
    'session.read': 'self',
    'place.read': 'tenant',
    'unit.read': 'firm',
    'unit.duty': 'firm',
    'fleet.watch': 'firm',
    'ticket.read': 'firm',
    'photo.read': 'firm',
    'feed.read': 'firm',
    // How its tickets add up, beside the tickets it sees anyway; never whose small number a figure is.
    'response.read': 'firm',
  },
  fieldWorker: { ...FIELD, ...EMERGENCY.CREW },
  volunteer: FIELD,
  resident: { 'ticket.read': 'ticket', 'ticket.rate': 'ticket', 'photo.add': 'ticket' },
  auditor: {
    ...EMERGENCY.READER,
    ...ROSTER.READER,
    'session.read': 'self',
    'place.read': 'tenant',
    'user.read': 'tenant',
    'unit.read': 'tenant',
    'ticket.read': 'tenant',
    'trailReading.read': 'tenant',
    'ticket.export': 'tenant',
    'feed.read': 'tenant',
    ...RESPONSE.TIMES,
    'response.verify': 'tenant',
    'study.read': 'tenant',
  },
}

/** What an account may be: one role in one tenant, with the code or id its scope is measured by. */
export interface Grant {
  tenant: string
  role: Role
  districtCode: string | null
  subdistrictCode: string | null
  neighbourhoodCode: string | null
  firmId: string | null
  unitId: string | null
  ticketId: string | null
}

/** The thing an action touches, by whatever it bears. A null never matches a grant. */
export interface Subject {
  tenant: string
  districtCode?: string | null
  subdistrictCode?: string | null
  /** Of what lies in several (a duty cluster). */
  subdistrictCodes?: readonly string[]
  neighbourhoodCode?: string | null
  firmIds?: readonly string[]
  unitIds?: readonly string[]
  ticketId?: string | null
}

const same = (mine: string | null, theirs: string | null | undefined) => mine !== null && mine === theirs
const among = (mine: string | null, theirs: readonly string[] | undefined) =>
  mine !== null && (theirs?.includes(mine) ?? false)

const REACHES: Record<Scope, (grant: Grant, subject: Subject) => boolean> = {
  tenant: () => true,
  self: () => true,
  district: (grant, subject) => same(grant.districtCode, subject.districtCode),
  subdistrict: (grant, subject) =>
    same(grant.subdistrictCode, subject.subdistrictCode) || among(grant.subdistrictCode, subject.subdistrictCodes),
  /** AC9: a supervisor's grant that names a sub-district leads the clusters it lies in; one that names none leads them all. */
  cluster: (grant, subject) =>
    grant.subdistrictCode === null ||
    same(grant.subdistrictCode, subject.subdistrictCode) ||
    among(grant.subdistrictCode, subject.subdistrictCodes),
  neighbourhood: (grant, subject) => same(grant.neighbourhoodCode, subject.neighbourhoodCode),
  firm: (grant, subject) => among(grant.firmId, subject.firmIds),
  unit: (grant, subject) => among(grant.unitId, subject.unitIds),
  ticket: (grant, subject) => same(grant.ticketId, subject.ticketId),
}

/** The scope a role has for an action; undefined = refused. */
export const scopeOf = (role: Role, action: Action): Scope | undefined => ACCESS[role][action]

/** AC1: allowed only if some grant in the subject's own tenant lists the action and reaches the subject. */
export function may(grants: readonly Grant[], action: Action, subject: Subject): boolean {
  return grants.some((grant) => {
    const scope = scopeOf(grant.role, action)
    return scope !== undefined && grant.tenant === subject.tenant && REACHES[scope](grant, subject)
  })
}

/** AC2: whether the action could be allowed for anything at all in the tenant; the door's first question, before the subject is known. */
export function mayEver(grants: readonly Grant[], action: Action, tenant: string): boolean {
  return grants.some((grant) => grant.tenant === tenant && scopeOf(grant.role, action) !== undefined)
}

const BEARS: Record<Scope, (grant: Grant) => boolean> = {
  tenant: () => true,
  self: () => true,
  district: ({ districtCode }) => districtCode !== null,
  subdistrict: ({ subdistrictCode }) => subdistrictCode !== null,
  cluster: () => true,
  neighbourhood: ({ neighbourhoodCode }) => neighbourhoodCode !== null,
  firm: ({ firmId }) => firmId !== null,
  unit: ({ unitId }) => unitId !== null,
  ticket: ({ ticketId }) => ticketId !== null,
}

/** AC3: a grant bears the code or id that its role's scopes are measured by; without it, it would allow nothing and look as if it did. */
export const isComplete = (grant: Grant): boolean =>
  Object.values(ACCESS[grant.role]).every((scope) => BEARS[scope](grant))
