import { Type } from 'typebox'
import { POLICIES } from '#domain/policy.ts'
import { STATION_DEMANDS, STATION_OBJECTIVES } from '#domain/stations.ts'
import { STUDY_KINDS, type Study, type StudyHead } from '#domain/study.ts'
import { commandsOn } from '#wire/command.ts'
import { route } from '#wire/route.ts'
import {
  Code,
  IdParams,
  Lat,
  Lng,
  nullable,
  SkillWord,
  shape,
  shapes,
  TravelModeWord,
  UnitKindWord,
  word,
} from '#wire/shapes.ts'

const closed = { additionalProperties: false }
const Spot = { lng: Lng, lat: Lat }
const Seed = Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 }))
const MOST_SPOTS = 500

const StationsAsked = Type.Object(
  {
    districts: Type.Array(Code, { maxItems: 100 }),
    skill: nullable(SkillWord),
    unitKind: UnitKindWord,
    mode: TravelModeWord,
    posts: Type.Integer({ minimum: 1, maximum: 500 }),
    objective: word(STATION_OBJECTIVES),
    demand: word(STATION_DEMANDS),
    days: Type.Integer({ minimum: 1, maximum: 3_650 }),
    withinMin: Type.Number({ minimum: 1, maximum: 60 }),
    keepsStanding: Type.Boolean(),
    slack: Type.Number({ minimum: 1, maximum: 10 }),
  },
  closed,
)

const PolicyAsked = Type.Object(
  {
    days: Type.Integer({ minimum: 1, maximum: 3_650 }),
    withinMin: Type.Number({ minimum: 1, maximum: 60 }),
    seeds: Type.Integer({ minimum: 1, maximum: 100 }),
    policies: Type.Array(word(POLICIES), { minItems: 1, maxItems: POLICIES.length }),
    more: Type.Array(Type.Object({ ...Spot, type: nullable(Type.String({ maxLength: 64 })) }, closed), {
      maxItems: MOST_SPOTS,
    }),
    posts: nullable(Type.Array(Type.Object(Spot, closed), { minItems: 1, maxItems: MOST_SPOTS })),
    onDuty: nullable(Type.Array(Type.Number({ minimum: 0, maximum: 100_000 }), { minItems: 24, maxItems: 24 })),
  },
  closed,
)

export const studies = route({
  method: 'GET',
  path: '/api/studies',
  action: 'study.read',
  summary: 'Studies, newest first: kept ones and those of late',
  query: Type.Object({ kind: Type.Optional(word(STUDY_KINDS)) }, closed),
  answer: shapes<StudyHead>('StudyHead'),
})

export const study = route({
  method: 'GET',
  path: '/api/studies/:id',
  action: 'study.read',
  summary: 'One study with its progress and its best answer so far: poll it about twice a second while it is live',
  params: IdParams,
  answer: shape<Study>('Study'),
})

export const askStations = route({
  method: 'POST',
  path: '/api/studies/stations',
  action: 'study.make',
  summary: 'Where to station people: starts the search',
  command: true,
  body: Type.Object(
    { asked: StationsAsked, seconds: Type.Optional(Type.Integer({ minimum: 2, maximum: 600 })), seed: Seed },
    closed,
  ),
  answer: shape<Study>('Study'),
})

export const askPolicy = route({
  method: 'POST',
  path: '/api/studies/policy',
  action: 'study.make',
  summary: 'What would have happened: starts the replay of the own history',
  command: true,
  body: Type.Object({ asked: PolicyAsked, seed: Seed }, closed),
  answer: shape<Study>('Study'),
})

const studyCommand = commandsOn('studies', shape<Study>('Study'))

export const stopStudy = studyCommand('stop', 'study.make', 'Stop it; the best so far is kept', {})
export const keepStudy = studyCommand('keep', 'study.make', 'Give it a name, by which it is kept', {
  name: Type.String({ minLength: 1, maxLength: 80 }),
})

export const studyCsv = route({
  method: 'GET',
  path: '/api/exports/studies/:id',
  action: 'study.read',
  summary: 'The answer as CSV (UTF-8 with BOM): a line for each post, or for each policy',
  params: IdParams,
  answer: Type.String(),
})
