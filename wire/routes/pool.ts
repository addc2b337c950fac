import { Type } from 'typebox'
import type { EmergencyLogEntry } from '#domain/emergency-log.ts'
import type { Engagement } from '#domain/engagement.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { type Amounts, RATING_BANDS, SERVICE_TIERS, SERVICES } from '#domain/services.ts'
import type { Firm } from '#domain/units.ts'
import { commandsOn } from '#wire/command.ts'
import { route } from '#wire/route.ts'
import { Code, Id, IdParams, InstantMs, Lat, Lng, nullable, Reason, shape, shapes, word } from '#wire/shapes.ts'

const closed = { additionalProperties: false }

/** An entry with what its running engagements take of its capacity. */
export interface PoolLine {
  entry: PoolEntry
  firm: Firm
  /** Of the engagements it has said yes to. */
  committed: Amounts
  communities: number
}

export interface PoolCard extends PoolLine {
  /** Newest first. */
  engagements: Engagement[]
  log: EmergencyLogEntry[]
  names: Record<string, string>
}

/** What importing one row would do. */
export interface PoolImportRow {
  /** The header is line 1. */
  line: number
  firmName: string
  does: 'add' | 'change' | 'same' | 'refuse'
  /** Field, as it is, as it would be; of a new entry everything. */
  changes: { field: string; from: string | null; to: string }[]
  /** Why it would be refused: every problem of the row. */
  problems: { column: string; value: string; why: string }[]
}

export interface PoolPreview {
  /** Says what this preview was made from: the import is refused when that has changed. */
  stamp: string
  rows: PoolImportRow[]
  added: number
  changed: number
  same: number
  refused: number
}

const Quantity = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })

const OfferFields = {
  services: Type.Array(word(SERVICES), { minItems: 1, maxItems: SERVICES.length, uniqueItems: true }),
  tier: word(SERVICE_TIERS),
  capacity: Type.Object(
    { cleaners: Quantity, guards: Quantity, liftOperators: Quantity, moneyAtRisk: Quantity },
    closed,
  ),
  districtCodes: Type.Array(Code, { minItems: 1, maxItems: 100, uniqueItems: true }),
  price: Type.Number({ minimum: 0, maximum: 1_000 }),
  openingCost: Quantity,
}

/** Where the firm's office is. */
const Office = { subdistrictCode: Code, lng: Lng, lat: Lat }

const poolCommand = commandsOn('pool', shape<PoolEntry>('PoolEntry'))

export const pool = route({
  method: 'GET',
  path: '/api/pool',
  action: 'pool.read',
  summary: 'The pool of standby emergency providers, with their loads; a firm sees itself',
  answer: shapes<PoolLine>('PoolLine'),
})

export const poolCard = route({
  method: 'GET',
  path: '/api/pool/:id',
  action: 'pool.read',
  summary: 'One firm of the pool, whole',
  params: IdParams,
  answer: shape<PoolCard>('PoolCard'),
})

export const applyToPool = route({
  method: 'POST',
  path: '/api/pool',
  action: 'pool.apply',
  summary: 'A firm applies',
  command: true,
  body: Type.Object({ firmId: Id, ...Office, ...OfferFields }, closed),
  answer: shape<PoolEntry>('PoolEntry'),
})

export const changeOffer = route({
  method: 'PATCH',
  path: '/api/pool/:id',
  action: 'pool.apply',
  summary: 'A firm keeps its own data',
  command: true,
  params: IdParams,
  body: Type.Partial(Type.Object({ ...Office, ...OfferFields }), closed),
  answer: shape<PoolEntry>('PoolEntry'),
})

export const admitToPool = poolCommand(
  'admit',
  'pool.review',
  'Take into the pool; below the entry criteria with a reason',
  {
    reason: Type.Optional(Reason),
  },
)
export const suspendFromPool = poolCommand('suspend', 'pool.review', 'Suspend: nothing new', { reason: Reason })
export const reinstateInPool = poolCommand('reinstate', 'pool.review', 'End a suspension', { reason: Reason })
export const removeFromPool = poolCommand('remove', 'pool.review', 'Remove; may apply again', { reason: Reason })
export const scoreProvider = poolCommand('score', 'pool.review', 'Scores of the last rating', {
  partyBuilding: nullable(Type.Integer({ minimum: 0, maximum: 100 })),
  quality: nullable(Type.Integer({ minimum: 0, maximum: 100 })),
  ratingBand: nullable(word(RATING_BANDS)),
  reason: Type.Optional(Reason),
})
export const lightProvider = poolCommand('yellow-light', 'pool.review', '亮黄灯, or clear it after a new rating', {
  lit: Type.Boolean(),
  reason: Reason,
})
export const banProvider = poolCommand('ban', 'pool.review', 'Ban until a moment; null lifts the ban', {
  until: nullable(InstantMs),
  reason: Reason,
})

/** The file's text; columns as exported. */
const Csv = Type.String({ minLength: 1, maxLength: 200_000 })

export const previewPoolImport = route({
  method: 'POST',
  path: '/api/imports/pool/preview',
  action: 'pool.import',
  summary: 'What importing the file would add, change and refuse, and why; writes nothing',
  body: Type.Object({ csv: Csv }, closed),
  answer: shape<PoolPreview>('PoolPreview'),
})

export const importPool = route({
  method: 'POST',
  path: '/api/imports/pool',
  action: 'pool.import',
  summary: 'Does what the preview said, or refuses when the pool or the file is no longer the same',
  command: true,
  body: Type.Object({ csv: Csv, stamp: Type.String({ maxLength: 64 }) }, closed),
  answer: shape<PoolPreview>('PoolPreview'),
})

export const exportPool = route({
  method: 'GET',
  path: '/api/exports/pool.csv',
  action: 'pool.export',
  summary: 'The pool as CSV (UTF-8 with BOM), in the columns of the import',
  answer: Type.String(),
})
