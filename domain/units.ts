import type { Instant } from './instant.ts'

/** Everything a unit can be good for. A ticket's category names the skills it needs. */
export const SKILLS = [
  'plumbingElectrical',
  'pipeMaintenance',
  'unlocking',
  'liftRescue',
  'cleaning',
  'orderKeeping',
  'heating',
  'fallingObject',
  'generalHelp',
] as const
export type Skill = (typeof SKILLS)[number]

/** A unit is a person or crew that can be sent to a ticket for minutes (a firm engaged for months is a provider). */
export const UNIT_KINDS = ['housekeeper', 'volunteer', 'crew'] as const
export type UnitKind = (typeof UNIT_KINDS)[number]

export const DUTY_STATES = ['offDuty', 'onDuty', 'busy'] as const
export type DutyState = (typeof DUTY_STATES)[number]

export const TRAVEL_MODES = ['foot', 'ebike', 'car'] as const
export type TravelMode = (typeof TRAVEL_MODES)[number]

export interface Unit {
  id: string
  tenant: string
  /** Small number, unique in the tenant: how a unit is named in binary frames. */
  index: number
  /** Role and number, e.g. 管家 0132. Never a person's name. */
  callsign: string
  kind: UnitKind
  skills: Skill[]
  mode: TravelMode
  firmId: string | null
  homeCommunityId: string | null
  /** Where the unit stands when it has no fix: its post (home community's centre). */
  postLng: number
  postLat: number
  districtCode: string
  subdistrictCode: string
  duty: DutyState
  dutySince: Instant
  /** True while a consent stands: positions may be taken on duty or on a task. */
  tracked: boolean
  synthetic: boolean
}

export interface Firm {
  id: string
  tenant: string
  /** Numbered: 物业企业 012. */
  name: string
  synthetic: boolean
}
