import { Type } from 'typebox'
import { CONTRACT_CYCLES, CONTRACT_KINDS, HOURS_A_WEEK, PROTECTED_KINDS } from '#domain/duty-roster.ts'
import { Code, Id, nullable, SkillWord, word } from '#wire/shapes.ts'

/** Parts of what is said about rosters to the server. */

export const closed = { additionalProperties: false }
export const DayBody = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  description: 'YYYY-MM-DD',
})
export const MonthBody = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' })
export const Revision = Type.Integer({ minimum: 1 })
export const NameBody = Type.String({ minLength: 1, maxLength: 80 })
export const DaysBody = Type.Integer({ minimum: 1, maximum: 92 })
const minuteOfDay = (maximum: number) => Type.Integer({ minimum: 0, maximum })

export const SettingsBody = {
  relief: Type.Integer({ minimum: 0, maximum: 50 }),
  overlapMinutes: Type.Integer({ minimum: 0, maximum: 120 }),
  swapsNeedApproval: Type.Boolean(),
  coverTtlMs: Type.Integer({ minimum: 30_000, maximum: 86_400_000 }),
  frozenDays: Type.Integer({ minimum: 0, maximum: 60 }),
}

export const KindBody = {
  code: Type.String({ pattern: '^[A-Za-z0-9]{1,8}$' }),
  name: Type.Object({ zh: NameBody, en: NameBody }, closed),
  startMinute: minuteOfDay(1_439),
  minutes: Type.Integer({ minimum: 30, maximum: 1_440 }),
  countedMinutes: minuteOfDay(1_440),
  isActive: Type.Boolean(),
}

export const PersonBody = {
  clusterId: Id,
  contract: word(CONTRACT_KINDS),
  cycle: nullable(word(CONTRACT_CYCLES)),
  weeklyHours: Type.Number({ minimum: 0, maximum: 60 }),
  mostMonthlyHours: nullable(Type.Number({ minimum: 0, maximum: 400 })),
  protected: nullable(word(PROTECTED_KINDS)),
  protectedUntil: nullable(DayBody),
  isFloater: Type.Boolean(),
  availability: nullable(
    Type.Array(
      Type.Object(
        {
          weekday: Type.Integer({ minimum: 1, maximum: 7 }),
          fromMinute: minuteOfDay(1_440),
          toMinute: minuteOfDay(1_440),
        },
        closed,
      ),
      { maxItems: 50 },
    ),
  ),
  isActive: Type.Boolean(),
}

export const WishBody = Type.Object(
  {
    day: DayBody,
    kind: nullable(Code),
    isOn: Type.Boolean(),
    weight: Type.Integer({ minimum: 1, maximum: 5 }),
  },
  closed,
)

export const FixedBody = Type.Object({ day: DayBody, kind: nullable(Code) }, closed)

export const HoursBody = Type.Array(Type.Integer({ minimum: 0, maximum: 200 }), {
  minItems: HOURS_A_WEEK,
  maxItems: HOURS_A_WEEK,
})

export const EditsBody = Type.Array(
  Type.Object(
    {
      unitId: Id,
      day: DayBody,
      kind: nullable(Code),
      clusterId: Type.Optional(Id),
      skill: Type.Optional(nullable(SkillWord)),
    },
    closed,
  ),
  { minItems: 1, maxItems: 5_000 },
)
