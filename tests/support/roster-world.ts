import type {
  DutyCluster,
  Roster,
  RosterEntry,
  RosterHistory,
  RosterPerson,
  RosterProblem,
  RosterSlot,
  ShiftKind,
} from '#domain/roster/model.ts'
import {
  DEFAULT_ROSTER_RULES,
  type RosterRules,
  RULE_KEYS,
  type RuleKey,
  type RuleLimits,
  type RuleSetting,
} from '#domain/roster/rules.ts'
import { scoreRoster } from '#domain/roster/score.ts'

/** A world of a few people and one cluster, in which a rule can be seen alone. */

const shift = (id: string, startMinute: number, hours: number, more: Partial<ShiftKind> = {}): ShiftKind => ({
  id,
  name: id,
  startMinute,
  lengthMinutes: hours * 60,
  restMinutes: 0,
  isNight: false,
  ...more,
})

/** Early, late and night of eight hours, a day of twelve and one of 24 with eight hours of rest. */
export const SHIFTS: ShiftKind[] = [
  shift('E', 6 * 60, 8),
  shift('L', 14 * 60, 8),
  shift('N', 22 * 60, 8, { isNight: true }),
  shift('T', 8 * 60, 12),
  shift('W', 8 * 60, 24, { restMinutes: 8 * 60, isNight: true }),
]

export const NO_HISTORY: RosterHistory = {
  recent: [],
  nights: 0,
  weekends: 0,
  holidays: 0,
  monthMinutes: 0,
  cycleMinutes: 0,
  monthOvertimeMinutes: 0,
}

export const person = (id: string, more: Partial<RosterPerson> = {}): RosterPerson => ({
  id,
  callsign: id,
  skills: ['pipeMaintenance', 'unlocking'],
  home: null,
  clusterIds: ['c'],
  mode: 'irregular',
  cycle: null,
  limits: { dayMinutes: null, weekMinutes: null, monthMinutes: null },
  protections: [],
  leave: [],
  available: null,
  takesNights: false,
  wishes: [],
  fixed: [],
  history: NO_HISTORY,
  ...more,
})

export const cluster = (id: string, more: Partial<DutyCluster> = {}): DutyCluster => ({
  id,
  name: id,
  lng: 123.4,
  lat: 41.8,
  demand: [{ skill: 'unlocking', week: new Array(168).fill(0), days: {}, slack: null }],
  mostAtOnce: null,
  reliefs: 0,
  handoverMinutes: 0,
  ...more,
})

/** Every rule off that may be, but for these. */
export function rulesWith(
  settings: Partial<Record<RuleKey, RuleSetting>>,
  limits: Partial<RuleLimits> = {},
): RosterRules {
  const off = Object.fromEntries(RULE_KEYS.map((key) => [key, { kind: 'off', weight: 0 }]))
  return {
    settings: { ...(off as RosterRules['settings']), ...settings },
    limits: { ...DEFAULT_ROSTER_RULES.limits, ...limits },
  }
}

/** Two weeks from a Monday, in a zone whose clock does not change. */
export const world = (more: Partial<RosterProblem> = {}): RosterProblem => ({
  timeZone: 'Asia/Shanghai',
  firstDay: '2026-03-02',
  days: 14,
  holidays: [],
  shifts: SHIFTS,
  clusters: [cluster('c')],
  people: [person('p')],
  rules: rulesWith({}),
  overrides: [],
  published: null,
  frozenUntil: null,
  ...more,
})

/** `days('E', 2, 3)`: that shift on the second and third of March 2026. */
export const days = (shiftId: string, ...dates: number[]): RosterSlot[] =>
  dates.map((date) => ({ day: marchDay(date), shiftId, clusterId: 'c' }))

/** The day of March 2026 with that number; 0 is the last of February. */
export const marchDay = (date: number): string => new Date(Date.UTC(2026, 2, date)).toISOString().slice(0, 10)

export const of = (personId: string, ...slots: RosterSlot[][]): RosterEntry[] =>
  slots.flat().map((slot) => ({ ...slot, personId }))

/** What one rule says of a roster: `[day, amount]` of each hurt, in order of the days. */
export const hurtsOf = (problem: RosterProblem, roster: Roster, rule: RuleKey): [day: string, amount: number][] =>
  scoreRoster(problem, roster)
    .hurts.filter((hurt) => hurt.rule === rule)
    .map(({ day, amount }): [string, number] => [day, amount])
    .sort(([one], [other]) => (one < other ? -1 : 1))
