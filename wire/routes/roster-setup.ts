import { Type } from 'typebox'
import {
  type ClusterDemand,
  type DutyCluster,
  type KeptShiftKind,
  LEAVE_KINDS,
  type LeaveRecord,
  type RosterRulesVersion,
} from '#domain/duty-roster.ts'
import { commandsOn } from '#wire/command.ts'
import * as say from '#wire/roster-bodies.ts'
import type * as part from '#wire/roster-shapes.ts'
import { route } from '#wire/route.ts'
import { Code, Id, IdParams, SkillWord, shape, shapes } from '#wire/shapes.ts'

const clusterCommand = commandsOn('duty-clusters', shape<DutyCluster>('DutyCluster'))
const personCommand = commandsOn('roster-people', shape<part.PersonFile>('PersonFile'))

export const dutyClusters = route({
  method: 'GET',
  path: '/api/duty-clusters',
  action: 'roster.read',
  orAction: 'duty.own',
  summary: 'Every duty cluster: one a sub-district unless several have been joined',
  answer: shapes<DutyCluster>('DutyCluster'),
})

export const joinCluster = route({
  method: 'POST',
  path: '/api/duty-clusters',
  action: 'roster.make',
  summary: 'Join sub-districts (towns, townships) to one cluster, or part one again; rosters that stand keep theirs',
  command: true,
  body: Type.Object(
    { name: say.NameBody, subdistrictCodes: Type.Array(Code, { minItems: 1, maxItems: 60, uniqueItems: true }) },
    say.closed,
  ),
  answer: shape<DutyCluster>('DutyCluster'),
})

export const changeCluster = clusterCommand('change', 'roster.make', 'Name and settings of a cluster', {
  name: Type.Optional(say.NameBody),
  settings: Type.Optional(Type.Partial(Type.Object(say.SettingsBody), say.closed)),
})

export const shiftKinds = route({
  method: 'GET',
  path: '/api/shift-kinds',
  action: 'roster.read',
  orAction: 'duty.own',
  summary: 'The kinds of shift of the city',
  answer: shapes<KeptShiftKind>('KeptShiftKind'),
})

export const keepKind = route({
  method: 'POST',
  path: '/api/shift-kinds',
  action: 'roster.configure',
  summary: 'Add a kind of shift, or change the one of this code; published shifts keep their hours',
  command: true,
  body: Type.Object(say.KindBody, say.closed),
  answer: shape<KeptShiftKind>('KeptShiftKind'),
})

export const rosterRules = route({
  method: 'GET',
  path: '/api/roster-rules',
  action: 'roster.read',
  summary:
    'The versions of the rules rosters are judged by, newest first; a city that has said nothing goes by the defaults',
  answer: shapes<RosterRulesVersion>('RosterRulesVersion'),
})

export const keepRosterRules = route({
  method: 'POST',
  path: '/api/roster-rules',
  action: 'roster.configure',
  summary: 'A new version of the rules; what the law makes hard stays hard whatever is said here',
  command: true,
  body: Type.Object({ rules: say.RulesBody, note: Type.String({ minLength: 1, maxLength: 500 }) }, say.closed),
  answer: shape<RosterRulesVersion>('RosterRulesVersion'),
})

export const demandOf = route({
  method: 'GET',
  path: '/api/duty-clusters/:id/demand',
  action: 'roster.read',
  summary: 'People wanted by skill and hour of the week',
  params: IdParams,
  answer: shapes<ClusterDemand>('ClusterDemand'),
})

export const keepDemand = route({
  method: 'POST',
  path: '/api/duty-clusters/:id/demand',
  action: 'roster.make',
  summary: 'Type the demand of a skill (168 hours from Monday 00:00), or take a proposal over',
  command: true,
  params: IdParams,
  body: Type.Object(say.DemandBody, say.closed),
  answer: shapes<ClusterDemand>('ClusterDemand'),
})

export const copyDemand = route({
  method: 'POST',
  path: '/api/duty-clusters/:id/copy-demand',
  action: 'roster.make',
  summary: "Copy another cluster's demand, all skills",
  command: true,
  params: IdParams,
  body: Type.Object({ fromClusterId: Id }, say.closed),
  answer: shapes<ClusterDemand>('ClusterDemand'),
})

export const proposeDemand = route({
  method: 'GET',
  path: '/api/duty-clusters/:id/demand-proposal',
  action: 'roster.read',
  summary:
    'People needed by hour for a share answered at once, from the tickets of the last weeks (Erlang C), with its arithmetic',
  params: IdParams,
  query: Type.Object({
    skill: SkillWord,
    share: Type.Optional(Type.Number({ minimum: 0.5, maximum: 0.999 })),
    weeks: Type.Optional(Type.Integer({ minimum: 1, maximum: 53 })),
  }),
  answer: shape<part.DemandProposal>('DemandProposal'),
})

export const rosterPeople = route({
  method: 'GET',
  path: '/api/roster-people',
  action: 'roster.read',
  summary: 'The people who are rostered',
  query: Type.Object({ clusterId: Type.Optional(Id) }),
  answer: shapes<part.PersonCard>('PersonCard'),
})

export const rosterPerson = route({
  method: 'GET',
  path: '/api/roster-people/:id',
  action: 'roster.read',
  orAction: 'duty.own',
  summary: 'One person with leave, wishes and fixed duties; kinds and reasons of leave only for the person',
  params: IdParams,
  answer: shape<part.PersonFile>('PersonFile'),
})

export const keepPerson = personCommand(
  'keep',
  'roster.make',
  'Roster a unit, or change how it is rostered',
  say.PersonBody,
)

const ownWord = { ...personCommand('wishes', 'duty.own', '', {}), orAction: 'roster.make' as const }
export const keepWishes = route({
  ...ownWord,
  summary: 'The wishes of a person for these days, all of them at once',
  body: Type.Object(
    { from: say.DayBody, until: say.DayBody, wishes: Type.Array(say.WishBody, { maxItems: 200 }) },
    say.closed,
  ),
})

export const keepFixed = personCommand('fixed', 'roster.make', 'What a person works on these days in any case', {
  from: say.DayBody,
  until: say.DayBody,
  fixed: Type.Array(say.FixedBody, { maxItems: 200 }),
})

export const takeLeave = route({
  method: 'POST',
  path: '/api/roster-people/:id/leaves',
  action: 'duty.own',
  orAction: 'roster.make',
  summary: 'Record leave; its kind and reason are for the person alone',
  command: true,
  params: IdParams,
  body: Type.Object(
    {
      from: say.DayBody,
      until: say.DayBody,
      kind: Type.Unsafe<(typeof LEAVE_KINDS)[number]>(Type.Enum([...LEAVE_KINDS])),
      reason: Type.Optional(Type.String({ maxLength: 500 })),
    },
    say.closed,
  ),
  answer: shape<LeaveRecord>('Leave'),
})

export const cancelLeave = route({
  method: 'POST',
  path: '/api/leaves/:id/cancel',
  action: 'duty.own',
  orAction: 'roster.make',
  summary: 'Leave that is not taken after all',
  command: true,
  params: IdParams,
  body: Type.Object({}, say.closed),
  answer: shape<LeaveRecord>('Leave'),
})
