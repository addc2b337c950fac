/** Every rule of a roster: one function each (score of a tiny world in tests/domain/roster), RO1… in RULES.md. */
export const RULE_KEYS = [
  'coverUnder',
  'coverOver',
  'crowd',
  'relief',
  'handover',
  'qualified',
  'reach',
  'oneShift',
  'restShort',
  'restSoft',
  'succession',
  'hoursDay',
  'hoursWeek',
  'hoursMonth',
  'hoursCycle',
  'overtimeDay',
  'overtimeMonth',
  'overtime',
  'restDay',
  'consecutiveDays',
  'workRun',
  'offRun',
  'weekends',
  'splitWeekend',
  'nightRun',
  'holidays',
  'protectedStaff',
  'leave',
  'availability',
  'volunteerNight',
  'wishes',
  'fixed',
  'fairNights',
  'fairWeekends',
  'fairHolidays',
  'stability',
  'frozen',
  'closeness',
] as const
export type RuleKey = (typeof RULE_KEYS)[number]

export const RULE_KINDS = ['hard', 'soft', 'off'] as const
export type RuleKind = (typeof RULE_KINDS)[number]

export interface RuleSetting {
  kind: RuleKind
  /** Points per unit of what a soft rule measures. */
  weight: number
}

/** Numbers the rules go by. */
export interface RuleLimits {
  /** Between the end of a shift and the start of the next: never below the first, unwillingly below the second. */
  restLeastMinutes: number
  restGoodMinutes: number
  /** Shifts that may not follow on the next day: from, to. */
  successions: [fromShiftId: string, toShiftId: string][]
  /** A standard contract's day and week: what is beyond is overtime. */
  dayMinutes: number
  weekMinutes: number
  /** A month's statutory hours, over which comprehensive contracts balance. */
  monthMinutes: number
  overtimeDayMinutes: number
  overtimeMonthMinutes: number
  consecutiveDays: number
  /** Days of work in a row, and days off in a row. */
  workRun: { least: number; most: number }
  offRunLeast: number
  /** Weekends and holidays with work in the period, nights in a row. */
  weekendsMost: number
  holidaysMost: number
  nightRunMost: number
  /** Kilometres to the cluster that cost nothing. */
  freeKm: number
}

export interface RosterRules {
  settings: Record<RuleKey, RuleSetting>
  limits: RuleLimits
}

/** What the law or the facts say is hard whatever the settings say. */
const ALWAYS_HARD: ReadonlySet<RuleKey> = new Set<RuleKey>([
  'qualified',
  'oneShift',
  'hoursDay',
  'hoursMonth',
  'hoursCycle',
  'overtimeDay',
  'overtimeMonth',
  'restDay',
  'protectedStaff',
  'leave',
  'availability',
  'volunteerNight',
])

/** What an urgent repair of public facilities lifts (劳动法 42): hours and rest, never protection, leave or a volunteer's word. */
export const LIFTABLE_RULES: ReadonlySet<RuleKey> = new Set<RuleKey>([
  'oneShift',
  'restShort',
  'restSoft',
  'succession',
  'hoursDay',
  'hoursWeek',
  'hoursMonth',
  'hoursCycle',
  'overtimeDay',
  'overtimeMonth',
  'overtime',
  'restDay',
  'consecutiveDays',
  'frozen',
])

export const kindOf = ({ settings }: RosterRules, rule: RuleKey): RuleKind =>
  ALWAYS_HARD.has(rule) ? 'hard' : settings[rule].kind

const hard: RuleSetting = { kind: 'hard', weight: 0 }
const soft = (weight: number): RuleSetting => ({ kind: 'soft', weight })

/** What a city starts with. A missing hour of a skill outweighs every wish; the rest tells good rosters apart. */
export const DEFAULT_ROSTER_RULES: RosterRules = {
  settings: {
    coverUnder: soft(100),
    coverOver: soft(2),
    crowd: hard,
    relief: soft(20),
    handover: soft(10),
    qualified: hard,
    reach: hard,
    oneShift: hard,
    restShort: hard,
    restSoft: soft(20),
    succession: hard,
    hoursDay: hard,
    hoursWeek: hard,
    hoursMonth: hard,
    hoursCycle: hard,
    overtimeDay: hard,
    overtimeMonth: hard,
    overtime: soft(30),
    restDay: hard,
    consecutiveDays: hard,
    workRun: soft(10),
    offRun: soft(10),
    weekends: soft(20),
    splitWeekend: soft(5),
    nightRun: soft(20),
    holidays: soft(20),
    protectedStaff: hard,
    leave: hard,
    availability: hard,
    volunteerNight: hard,
    wishes: soft(15),
    fixed: hard,
    fairNights: soft(2),
    fairWeekends: soft(2),
    fairHolidays: soft(5),
    stability: soft(30),
    frozen: hard,
    closeness: soft(1),
  },
  limits: {
    restLeastMinutes: 8 * 60,
    restGoodMinutes: 11 * 60,
    successions: [],
    dayMinutes: 8 * 60,
    weekMinutes: 40 * 60,
    monthMinutes: 9_920, // (365 − 104 − 13) / 12 days of eight hours
    overtimeDayMinutes: 3 * 60,
    overtimeMonthMinutes: 36 * 60,
    consecutiveDays: 6,
    workRun: { least: 2, most: 5 },
    offRunLeast: 2,
    weekendsMost: 3,
    holidaysMost: 2,
    nightRunMost: 4,
    freeKm: 3,
  },
}
