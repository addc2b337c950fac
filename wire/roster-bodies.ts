import { Type } from 'typebox'
import { HOURS_A_WEEK } from '#domain/duty-roster.ts'
import { CONTRACT_MODES, HOUR_CYCLES, PROTECTED_STATUSES } from '#domain/roster/model.ts'
import { type RosterRules, RULE_KEYS, RULE_KINDS } from '#domain/roster/rules.ts'
import { Code, Id, nullable, Reason, SkillWord, word } from '#wire/shapes.ts'

/** Parts of what is said about rosters to the server. */

export const closed = { additionalProperties: false }
export const DayBody = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  description: 'YYYY-MM-DD, a day of the city',
})
export const MonthBody = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', description: 'YYYY-MM' })
export const Revision = Type.Integer({ minimum: 1 })
export const NameBody = Type.String({ minLength: 1, maxLength: 80 })
export const DaysBody = Type.Integer({ minimum: 1, maximum: 92 })
const minutes = (maximum: number) => Type.Integer({ minimum: 0, maximum })
const weight = Type.Number({ minimum: 0, maximum: 1_000_000 })

export const SettingsBody = {
  mostAtOnce: nullable(Type.Integer({ minimum: 1, maximum: 1_000 })),
  reliefs: Type.Integer({ minimum: 0, maximum: 50 }),
  handoverMinutes: minutes(120),
  swapsNeedApproval: Type.Boolean(),
  coverTtlMs: Type.Integer({ minimum: 30_000, maximum: 86_400_000 }),
  frozenDays: Type.Integer({ minimum: 0, maximum: 60 }),
}

export const KindBody = {
  id: Type.String({ pattern: '^[A-Za-z0-9]{1,8}$' }),
  name: NameBody,
  startMinute: minutes(1_439),
  lengthMinutes: Type.Integer({ minimum: 30, maximum: 1_440 }),
  restMinutes: minutes(1_440),
  isNight: Type.Boolean(),
  isActive: Type.Boolean(),
}

const Limit = nullable(Type.Integer({ minimum: 0, maximum: 44_640 }))
export const PersonBody = {
  clusterIds: Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true }),
  mode: word(CONTRACT_MODES),
  cycle: nullable(word(HOUR_CYCLES)),
  limits: Type.Object({ dayMinutes: Limit, weekMinutes: Limit, monthMinutes: Limit }, closed),
  protections: Type.Array(Type.Object({ status: word(PROTECTED_STATUSES), from: DayBody, until: DayBody }, closed), {
    maxItems: 10,
  }),
  availability: nullable(
    Type.Array(
      Type.Object(
        { weekday: Type.Integer({ minimum: 1, maximum: 7 }), fromMinute: minutes(1_440), untilMinute: minutes(2_880) },
        closed,
      ),
      { maxItems: 50 },
    ),
  ),
  takesNights: Type.Boolean(),
  isActive: Type.Boolean(),
}

export const WishBody = Type.Object(
  {
    day: DayBody,
    wants: word(['on', 'off'] as const),
    shiftId: nullable(Code),
    weight: Type.Integer({ minimum: 1, maximum: 5 }),
  },
  closed,
)

export const FixedBody = Type.Object(
  { day: DayBody, shiftId: Code, clusterId: Id, skill: Type.Optional(SkillWord) },
  closed,
)

export const WeekBody = Type.Array(Type.Integer({ minimum: 0, maximum: 200 }), {
  minItems: HOURS_A_WEEK,
  maxItems: HOURS_A_WEEK,
})
const DayHours = Type.Array(Type.Integer({ minimum: 0, maximum: 200 }), { minItems: 24, maxItems: 24 })
export const DemandBody = {
  skill: SkillWord,
  week: WeekBody,
  days: Type.Optional(Type.Record(DayBody, DayHours)),
  slack: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 200 }))),
  isProposal: Type.Optional(Type.Boolean()),
}

export const EditsBody = Type.Array(
  Type.Object(
    {
      personId: Id,
      day: DayBody,
      shiftId: nullable(Code),
      clusterId: Type.Optional(Id),
      skill: Type.Optional(SkillWord),
    },
    closed,
  ),
  { minItems: 1, maxItems: 5_000 },
)

export const OverridesBody = Type.Array(
  Type.Object(
    {
      rules: Type.Array(word(RULE_KEYS), { minItems: 1, maxItems: RULE_KEYS.length, uniqueItems: true }),
      personId: nullable(Id),
      from: DayBody,
      until: DayBody,
      reason: Reason,
    },
    closed,
  ),
  { maxItems: 200 },
)

const Setting = Type.Object({ kind: word(RULE_KINDS), weight }, closed)
export const RulesBody = Type.Unsafe<RosterRules>(
  Type.Object(
    {
      settings: Type.Object(Object.fromEntries(RULE_KEYS.map((key) => [key, Setting])), closed),
      limits: Type.Object(
        {
          restLeastMinutes: minutes(2_880),
          restGoodMinutes: minutes(2_880),
          successions: Type.Array(Type.Tuple([Code, Code]), { maxItems: 200 }),
          dayMinutes: minutes(1_440),
          weekMinutes: minutes(10_080),
          monthMinutes: minutes(44_640),
          overtimeDayMinutes: minutes(1_440),
          overtimeMonthMinutes: minutes(44_640),
          consecutiveDays: Type.Integer({ minimum: 1, maximum: 31 }),
          workRun: Type.Object({ least: minutes(31), most: minutes(31) }, closed),
          offRunLeast: minutes(31),
          weekendsMost: minutes(20),
          holidaysMost: minutes(31),
          nightRunMost: minutes(31),
          freeKm: Type.Number({ minimum: 0, maximum: 1_000 }),
        },
        closed,
      ),
    },
    closed,
  ),
)
