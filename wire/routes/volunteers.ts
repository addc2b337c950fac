import { Type } from 'typebox'
import type { TeamStanding } from '#domain/roster/volunteer-team.ts'
import type {
  RosterProgressCount,
  VolunteerMember,
  VolunteerService,
  VolunteerSlot,
  VolunteerTeam,
} from '#domain/volunteers.ts'
import { commandsOn } from '#wire/command.ts'
import { closed, NameBody } from '#wire/roster-bodies.ts'
import { route } from '#wire/route.ts'
import { Code, Id, IdParams, InstantMs, nullable, Reason, shape, shapes } from '#wire/shapes.ts'

export type TeamHead = VolunteerTeam & TeamStanding

export interface TeamCard {
  team: TeamHead
  members: VolunteerMember[]
  slots: (VolunteerSlot & { services: VolunteerService[] })[]
}

export interface MyVolunteering {
  team: TeamHead | null
  member: VolunteerMember | null
  slots: (VolunteerSlot & { service: VolunteerService })[]
  confirmedMinutes: number
}

const teamCommand = commandsOn('volunteer-teams', shape<TeamCard>('TeamCard'))
const slotCommand = commandsOn('volunteer-slots', shape<VolunteerSlot & { services: VolunteerService[] }>('SlotCard'))

export const rosterProgress = route({
  method: 'GET',
  path: '/api/roster-progress',
  action: 'roster.read',
  summary: 'n of 1,000 teams and n of 1,000 housekeepers',
  answer: shape<RosterProgressCount>('RosterProgressCount'),
})

export const volunteerTeams = route({
  method: 'GET',
  path: '/api/volunteer-teams',
  action: 'team.read',
  summary: 'Teams with their active members and Party share; valid from ten',
  answer: shapes<TeamHead>('TeamHead'),
})

export const foundTeam = route({
  method: 'POST',
  path: '/api/volunteer-teams',
  action: 'team.keep',
  summary: 'Found a team',
  command: true,
  body: Type.Object({ name: NameBody, subdistrictCode: Code, communityId: Type.Optional(nullable(Id)) }, closed),
  answer: shape<TeamCard>('TeamCard'),
})

export const teamCard = route({
  method: 'GET',
  path: '/api/volunteer-teams/:id',
  action: 'team.read',
  summary: 'One team with its members and slots',
  params: IdParams,
  answer: shape<TeamCard>('TeamCard'),
})

export const changeTeam = teamCommand('change', 'team.keep', 'Rename a team, or end it', {
  name: Type.Optional(NameBody),
  ended: Type.Optional(Type.Literal(true)),
})

export const addMembers = teamCommand('members', 'team.keep', 'Members who have asked to join', {
  members: Type.Array(
    Type.Object({ label: NameBody, unitId: Type.Optional(nullable(Id)), isPartyMember: Type.Boolean() }, closed),
    { minItems: 1, maxItems: 200 },
  ),
})

export const leaveTeam = route({
  method: 'POST',
  path: '/api/volunteer-members/:id/leave',
  action: 'team.keep',
  orAction: 'duty.own',
  summary: 'A member leaves, by their own word or on record',
  command: true,
  params: IdParams,
  body: Type.Object({}, closed),
  answer: shape<TeamCard>('TeamCard'),
})

export const offerSlot = teamCommand(
  'slots',
  'team.keep',
  'Ask the members for a time: nobody is put in it without a yes',
  {
    title: NameBody,
    startsAt: InstantMs,
    endsAt: InstantMs,
    wanted: Type.Integer({ minimum: 1, maximum: 200 }),
  },
)

export const cancelSlot = slotCommand('cancel', 'team.keep', 'The time is not needed any more', { reason: Reason })

export const answerSlot = slotCommand('answer', 'duty.own', 'Yes or no of a member, or a yes taken back', {
  yes: Type.Boolean(),
})

export const recordHours = slotCommand(
  'record',
  'team.keep',
  'Minutes a member was there; counted once the member confirms',
  {
    memberId: Id,
    minutes: Type.Integer({ minimum: 0, maximum: 1_440 }),
  },
)

export const confirmHours = slotCommand('confirm', 'duty.own', 'The recorded minutes are right, or not', {
  isRight: Type.Boolean(),
})

export const myVolunteering = route({
  method: 'GET',
  path: '/api/my-volunteering',
  action: 'duty.own',
  summary: 'Own team, slots asked for, hours to confirm and confirmed',
  answer: shape<MyVolunteering>('MyVolunteering'),
})
