import type { Instant } from './instant.ts'
import { type TeamStanding, teamStanding } from './roster/volunteer-team.ts'
import type { Actor } from './ticket.ts'

/** 我是雷锋 teams: asked and never ordered (志愿服务条例 25), unpaid, their hours their own to confirm. */
export interface VolunteerTeam {
  id: string
  tenant: string
  name: string
  districtCode: string
  subdistrictCode: string
  communityId: string | null
  createdAt: Instant
  endedAt: Instant | null
}

export interface VolunteerMember {
  id: string
  tenant: string
  teamId: string
  /** Role and number; never a person's name. */
  label: string
  /** The unit whose page the member uses; null = has none. */
  unitId: string | null
  isPartyMember: boolean
  joinedAt: Instant
  leftAt: Instant | null
}

/** VO1: a team by its members that are active; Party members are counted, never required. */
export function standingOf(members: readonly Pick<VolunteerMember, 'isPartyMember' | 'leftAt'>[]): TeamStanding {
  const active = members.filter(({ leftAt }) => leftAt === null)
  return teamStanding({
    active: active.length,
    activePartyMembers: active.filter(({ isPartyMember }) => isPartyMember).length,
  })
}

/** A time and a place for which volunteers are asked. */
export interface VolunteerSlot {
  id: string
  tenant: string
  teamId: string
  subdistrictCode: string
  title: string
  startsAt: Instant
  endsAt: Instant
  wanted: number
  createdAt: Instant
  createdBy: Actor
  cancelledAt: Instant | null
}

export const SERVICE_STATUSES = [
  'offered',
  'accepted',
  'declined',
  'withdrawn',
  'recorded',
  'confirmed',
  'disputed',
] as const
export type VolunteerServiceStatus = (typeof SERVICE_STATUSES)[number]

/** One member and one slot: asked, answered, done, confirmed. */
export interface VolunteerService {
  slotId: string
  memberId: string
  tenant: string
  status: VolunteerServiceStatus
  offeredAt: Instant
  answeredAt: Instant | null
  /** As recorded by somebody else; counts for nothing until the member confirms it. */
  recordedMinutes: number | null
  recordedBy: Actor | null
  confirmedMinutes: number | null
  confirmedAt: Instant | null
}

type Step = 'accept' | 'decline' | 'withdraw' | 'record' | 'confirm' | 'dispute'

const NEXT: Record<Step, Partial<Record<VolunteerServiceStatus, VolunteerServiceStatus>>> = {
  accept: { offered: 'accepted' },
  decline: { offered: 'declined' },
  // Whoever has said yes may go at any time: nobody is ordered.
  withdraw: { accepted: 'withdrawn' },
  record: { accepted: 'recorded', recorded: 'recorded', disputed: 'recorded' },
  confirm: { recorded: 'confirmed' },
  dispute: { recorded: 'disputed' },
}

/** VO2: there is no step that puts somebody into a slot without their yes. null = refused. */
export const nextService = (status: VolunteerServiceStatus, step: Step): VolunteerServiceStatus | null =>
  NEXT[step][status] ?? null

/** The programme's promises in numbers. */
export interface RosterProgressCount {
  teams: number
  teamsValid: number
  teamsTarget: number
  volunteers: number
  volunteerPartyMembers: number
  confirmedHours: number
  housekeepers: number
  housekeepersRostered: number
  housekeepersTarget: number
}

export const TEAMS_TARGET = 1_000
export const HOUSEKEEPERS_TARGET = 1_000
