import { Type } from 'typebox'
import type { FixSource } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'
import type { Firm, Unit } from '#domain/units.ts'
import { route } from '#wire/route.ts'
import {
  Done,
  DutyWord,
  Id,
  IdParams,
  InstantMs,
  Reason,
  SkillWord,
  shape,
  shapes,
  TravelModeWord,
  UnitKindWord,
} from '#wire/shapes.ts'

export interface Device {
  id: string
  unitId: string
  label: string
  createdAt: Instant
  revokedAt: Instant | null
  lastSeenAt: Instant | null
}

/** The secret is shown this once; only its hash is kept. */
export interface NewDevice {
  device: Device
  secret: string
}

export interface TrailPoint {
  at: Instant
  receivedAt: Instant
  lng: number
  lat: number
  accuracyM: number | null
  speedMps: number | null
  headingDeg: number | null
  source: FixSource
  /** null = it was the latest; otherwise why it was kept for the trail only. */
  why: string | null
}

export interface Trail {
  unitId: string
  from: Instant
  to: Instant
  points: TrailPoint[]
}

/** Positions of every unit over a span, thinned to one a step, for the playback slider. */
export interface Playback {
  from: Instant
  to: Instant
  stepMs: number
  units: { unitId: string; points: [step: number, lng: number, lat: number][] }[]
}

export interface TrailReading {
  id: string
  at: Instant
  /** Account name of the reader (role and number). */
  reader: string
  unitId: string
  from: Instant
  to: Instant
  ticketId: string | null
  reason: string
}

export interface Consent {
  unitId: string
  textVersion: string
  givenAt: Instant
  withdrawnAt: Instant | null
}

const UnitInput = Type.Object(
  {
    callsign: Type.String({ minLength: 1, maxLength: 40 }),
    kind: UnitKindWord,
    skills: Type.Array(SkillWord, { maxItems: 20 }),
    mode: TravelModeWord,
    firmId: Type.Optional(Id),
    homeCommunityId: Type.Optional(Id),
  },
  { additionalProperties: false },
)

export const units = route({
  method: 'GET',
  path: '/api/units',
  action: 'unit.read',
  summary: 'Units the reader may see',
  answer: shapes<Unit>('Unit'),
})
export const firms = route({
  method: 'GET',
  path: '/api/firms',
  action: 'unit.read',
  summary: 'Firms that units belong to',
  answer: shapes<Firm>('Firm'),
})
export const addUnit = route({
  method: 'POST',
  path: '/api/units',
  action: 'unit.manage',
  summary: 'Add a unit',
  command: true,
  body: UnitInput,
  answer: shape<Unit>('Unit'),
})
export const changeUnit = route({
  method: 'PATCH',
  path: '/api/units/:id',
  action: 'unit.manage',
  summary: 'Change a unit',
  command: true,
  params: IdParams,
  // A partial of a closed object is open again unless it says so: nobody may slip in an id or a tenant.
  body: Type.Partial(UnitInput, { additionalProperties: false }),
  answer: shape<Unit>('Unit'),
})
export const setDuty = route({
  method: 'POST',
  path: '/api/units/:id/duty',
  action: 'unit.duty',
  summary: 'Go on or off duty',
  command: true,
  params: IdParams,
  body: Type.Object({ duty: DutyWord }, { additionalProperties: false }),
  answer: shape<Unit>('Unit'),
})

export const devices = route({
  method: 'GET',
  path: '/api/units/:id/devices',
  action: 'device.manage',
  summary: 'Devices bound to a unit',
  params: IdParams,
  answer: shapes<Device>('Device'),
})
export const addDevice = route({
  method: 'POST',
  path: '/api/units/:id/devices',
  action: 'device.manage',
  summary: 'Bind a device; its secret is in this answer and nowhere else',
  command: true,
  params: IdParams,
  body: Type.Object({ label: Type.String({ minLength: 1, maxLength: 60 }) }, { additionalProperties: false }),
  answer: shape<NewDevice>('NewDevice'),
})
export const revokeDevice = route({
  method: 'DELETE',
  path: '/api/devices/:id',
  action: 'device.manage',
  summary: 'Revoke a device; its open sockets close at once',
  command: true,
  params: IdParams,
  answer: Done,
})

export const giveConsent = route({
  method: 'POST',
  path: '/api/consents',
  action: 'consent.give',
  summary: 'Consent to position collection on duty and on tasks; the text version is recorded',
  command: true,
  body: Type.Object(
    { unitId: Id, textVersion: Type.String({ minLength: 1, maxLength: 40 }) },
    { additionalProperties: false },
  ),
  answer: shape<Consent>('Consent'),
})
export const withdrawConsent = route({
  method: 'POST',
  path: '/api/consents/withdraw',
  action: 'consent.give',
  summary: 'Withdraw; the stream stops at once',
  command: true,
  body: Type.Object({ unitId: Id }, { additionalProperties: false }),
  answer: Done,
})
export const consents = route({
  method: 'GET',
  path: '/api/units/:id/consents',
  action: 'trail.readOwn',
  summary: 'The consents of a unit, for that unit',
  params: IdParams,
  answer: shapes<Consent>('Consent'),
})
/** A phone's page reports its own position while a task or duty is open (`source: page`). */
export const reportFixes = route({
  method: 'POST',
  path: '/api/fixes',
  action: 'fleet.report',
  summary: 'Fixes of the signed-in unit, from its page (at most 100)',
  body: Type.Object(
    {
      unitId: Id,
      fixes: Type.Array(
        Type.Object(
          {
            at: InstantMs,
            lng: Type.Number(),
            lat: Type.Number(),
            accuracyM: Type.Optional(Type.Number({ minimum: 0 })),
            speedMps: Type.Optional(Type.Number({ minimum: 0 })),
            headingDeg: Type.Optional(Type.Number({ minimum: 0, maximum: 360 })),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 100 },
      ),
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({
    taken: Type.Integer(),
    refused: Type.Array(Type.Object({ index: Type.Integer(), why: Type.String() })),
  }),
})

const SpanQuery = Type.Object({ from: InstantMs, to: InstantMs, reason: Reason, ticketId: Type.Optional(Id) })
export const trail = route({
  method: 'GET',
  path: '/api/units/:id/trail',
  action: 'trail.read',
  summary: "A unit's exact trail; each reading is recorded and shown to its subject",
  params: IdParams,
  query: SpanQuery,
  answer: shape<Trail>('Trail'),
})
export const playback = route({
  method: 'GET',
  path: '/api/fleet/playback',
  action: 'trail.read',
  summary:
    'All units over a span of at most 12 hours, for the playback slider; recorded as a reading of each unit in it',
  query: SpanQuery,
  answer: shape<Playback>('Playback'),
})
export const trailReadings = route({
  method: 'GET',
  path: '/api/trail-readings',
  action: 'trailReading.read',
  summary: 'Who read which trail, when and why',
  query: Type.Object({ unitId: Type.Optional(Id), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })) }),
  answer: shapes<TrailReading>('TrailReading'),
})
export const ownReadings = route({
  method: 'GET',
  path: '/api/units/:id/readings',
  action: 'trail.readOwn',
  summary: 'Who looked at me',
  params: IdParams,
  answer: shapes<TrailReading>('TrailReading'),
})
export const holdTrail = route({
  method: 'POST',
  path: '/api/tickets/:id/trail-hold',
  action: 'trail.read',
  summary: 'Keep the exact trail of this ticket past the retention limit, with a reason',
  command: true,
  params: IdParams,
  body: Type.Object({ reason: Reason }, { additionalProperties: false }),
  answer: Done,
})
