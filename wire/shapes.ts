import { type TSchema, Type } from 'typebox'
import type { FeedRange } from '#domain/feed.ts'
import { CATEGORIES, ORIGINS, PRIORITIES, TICKET_CLASSES, TICKET_STATUSES, WORK_FIELDS } from '#domain/ticket.ts'
import { DUTY_STATES, SKILLS, TRAVEL_MODES, UNIT_KINDS } from '#domain/units.ts'

/** A closed word list as a schema. */
export const word = <const T extends readonly string[]>(words: T) => Type.Unsafe<T[number]>(Type.Enum([...words]))

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A domain type as an answer: the row is the payload, so its shape is the interface of that name in `domain/`. */
export const shape = <T>(title: string) => Type.Unsafe<T>(Type.Object({}, { title, additionalProperties: true }))
export const shapes = <T>(title: string) =>
  Type.Unsafe<T[]>(Type.Array(Type.Object({}, { title, additionalProperties: true })))

export const InstantMs = Type.Integer({
  minimum: 0,
  maximum: 8_640_000_000_000_000,
  description: 'epoch milliseconds, UTC',
})
export const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
export const Code = Type.String({ minLength: 1, maxLength: 32, pattern: '^[A-Za-z0-9_-]+$' })
export const Lng = Type.Number({ minimum: -180, maximum: 180, description: 'WGS-84 degrees' })
export const Lat = Type.Number({ minimum: -90, maximum: 90, description: 'WGS-84 degrees' })
export const Reason = Type.String({ minLength: 1, maxLength: 500 })
export const Text = Type.String({ maxLength: 2_000 })

export const TicketClassWord = word(TICKET_CLASSES)
export const TicketStatusWord = word(TICKET_STATUSES)
export const PriorityWord = word(PRIORITIES)
export const CategoryWord = word(CATEGORIES)
export const WorkFieldWord = word(WORK_FIELDS)
export const OriginWord = word(ORIGINS)
export const SkillWord = word(SKILLS)
export const UnitKindWord = word(UNIT_KINDS)
export const TravelModeWord = word(TRAVEL_MODES)
export const DutyWord = word(DUTY_STATES)

/** Of a list read page by page: the last one seen. */
export const After = Type.Optional(Id)
export const IdParams = Type.Object({ id: Id })
export const Done = Type.Object({ ok: Type.Literal(true) })
export const FeedRangeShape = shape<FeedRange>('FeedRange')
