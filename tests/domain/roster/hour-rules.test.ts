import { describe, expect, test } from 'vitest'
import { hoursByKind } from '#domain/roster/hours-by-kind.ts'
import type { HourLimits, RosterEntry, RosterHistory, RosterPerson, RosterProblem } from '#domain/roster/model.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import { cluster, days, hurtsOf, NO_HISTORY, of, person, rulesWith, world } from '#tests/support/roster-world.ts'

const agreed = (limits: Partial<HourLimits>, more: Partial<RosterPerson> = {}) =>
  person('p', { limits: { dayMinutes: null, weekMinutes: null, monthMinutes: null, ...limits }, ...more })
const past = (more: Partial<RosterHistory>) => ({ history: { ...NO_HISTORY, ...more } })
const on = (date: string, shiftId: string): RosterEntry => ({ personId: 'p', day: date, shiftId, clusterId: 'c' })

describe('agreed hours', () => {
  test('[RO12] of a day, by the day a shift starts', () => {
    const problem = world({ people: [agreed({ dayMinutes: 10 * 60 })] })
    expect(hurtsOf(problem, of('p', days('T', 2), days('N', 3), days('W', 5)), 'hoursDay')).toEqual([
      ['2026-03-02', 2],
      ['2026-03-05', 6],
    ])
  })

  test('[RO13] of a week from Monday, what was worked before the period too', () => {
    const history = { ...NO_HISTORY, recent: days('E', 1, 2, 3) }
    const rules = rulesWith({ hoursWeek: { kind: 'hard', weight: 0 } })
    const problem = world({
      firstDay: '2026-03-04',
      days: 12,
      rules,
      people: [agreed({ weekMinutes: 40 * 60 }, { history })],
    })
    // Sunday’s night belongs to the week in which it starts.
    const roster = of('p', days('E', 4, 5, 6), days('N', 8), days('E', 10, 11, 12, 13, 14))
    expect(hurtsOf(problem, roster, 'hoursWeek')).toEqual([['2026-03-08', 8]])
  })

  test('[RO14] of a month, a shift split at its midnight', () => {
    const people = [agreed({ monthMinutes: 100 * 60 }, past({ monthMinutes: 80 * 60 }))]
    const problem = world({ firstDay: '2026-03-30', days: 5, people })
    // The 24 hours from the 31st at 8: sixteen are work, two thirds of them in March. 80 + 8 + 10⅔ stays within a hundred.
    const march = [on('2026-03-30', 'E'), on('2026-03-31', 'W')]
    expect(hurtsOf(problem, march, 'hoursMonth')).toEqual([])
    const fuller = world({ ...problem, people: [agreed({ monthMinutes: 90 * 60 }, past({ monthMinutes: 80 * 60 }))] })
    const [[day, hours] = []] = hurtsOf(fuller, march, 'hoursMonth')
    expect([day, hours]).toEqual(['2026-03-31', expect.closeTo(8 + (16 * 2) / 3 - 10, 9)])
  })

  test('[RO14] a 24-hour shift before the first of the month is next month’s from midnight on', () => {
    const history = { ...NO_HISTORY, recent: [on('2026-02-28', 'W')] }
    const people = [agreed({ monthMinutes: 5 * 60 }, { history })]
    const problem = world({ firstDay: '2026-03-01', days: 7, people })
    expect(hurtsOf(problem, [], 'hoursMonth')).toEqual([['2026-03-01', expect.closeTo(16 / 3 - 5, 9)]])
  })

  test('[RO12] where the clock changes a shift has the hours that pass, not those on the wall', () => {
    const night = (firstDay: string, most: number): RosterProblem =>
      world({ timeZone: 'America/New_York', firstDay, days: 2, people: [agreed({ dayMinutes: most * 60 })] })
    // On 8 March 2026 two o’clock becomes three, on 1 November there are two of one o’clock.
    expect(hurtsOf(night('2026-03-07', 6), [on('2026-03-07', 'N')], 'hoursDay')).toEqual([['2026-03-07', 1]])
    expect(hurtsOf(night('2026-10-31', 8), [on('2026-10-31', 'N')], 'hoursDay')).toEqual([['2026-10-31', 1]])
  })

  test('[RO1] an hour that the clock leaves out is nobody’s to cover, one that comes twice is two', () => {
    const week = new Array(168).fill(1)
    const clusters = [cluster('c', { demand: [{ skill: 'unlocking', week, days: {}, slack: null }] })]
    const demand = (firstDay: string) =>
      scoreRoster(world({ timeZone: 'America/New_York', firstDay, days: 1, clusters }), []).demandHours
    expect([demand('2026-03-08'), demand('2026-03-09'), demand('2026-11-01')]).toEqual([23, 24, 25])
  })
})

describe('overtime', () => {
  const standard = (more: Partial<RosterProblem> = {}, history: Partial<RosterHistory> = {}) =>
    world({
      people: [person('p', { mode: 'standard', ...past(history) })],
      rules: rulesWith({ overtime: { kind: 'soft', weight: 7 } }),
      ...more,
    })

  test('[RO16] at most three hours a day beyond eight', () => {
    expect(hurtsOf(standard(), of('p', days('T', 2), days('E', 3)), 'overtimeDay')).toEqual([['2026-03-02', 1]])
    expect(hurtsOf(world(), of('p', days('T', 2)), 'overtimeDay')).toEqual([])
  })

  test('[RO17] at most 36 hours a month, each month by itself', () => {
    const month = { monthOvertimeMinutes: 25 * 60 }
    // Four hours each: 29, 33, 37 in March, and April begins anew.
    const roster = ['2026-03-28', '2026-03-30', '2026-03-31', '2026-04-01'].map((day) => on(day, 'T'))
    expect(hurtsOf(standard({ firstDay: '2026-03-27' }, month), roster, 'overtimeMonth')).toEqual([['2026-03-31', 1]])
  })

  test('[RO18] a long day’s last hours and a week’s beyond forty are overtime, and each costs', () => {
    const roster = of('p', days('T', 2), days('E', 3, 4, 5, 6, 7))
    expect(hurtsOf(standard(), roster, 'overtime')).toEqual([
      ['2026-03-02', 4],
      ['2026-03-07', 8],
    ])
    expect(scoreRoster(standard(), roster).points).toBe(84)
  })

  test('[RO15, RO18] a comprehensive contract balances over its cycle and may not pass it by more than its overtime', () => {
    const people = (cycleMinutes: number) => [
      person('p', { mode: 'comprehensive', cycle: 'quarter', ...past({ cycleMinutes }) }),
    ]
    const rules = rulesWith({ overtime: { kind: 'soft', weight: 7 } }, { monthMinutes: 160 * 60 })
    const roster = of('p', days('W', 2, 5, 8))
    const having = (hours: number) => world({ people: people(hours * 60), rules })
    expect(hurtsOf(having(440), roster, 'overtime')).toEqual([['2026-03-09', 8]])
    expect(hurtsOf(having(540), roster, 'hoursCycle')).toEqual([])
    // 3 × 160 and 3 × 36 are 588: 545 and 48 pass it by five.
    expect(hurtsOf(having(545), roster, 'hoursCycle')).toEqual([['2026-03-09', 5]])
    expect(hurtsOf(having(545), roster, 'overtimeMonth')).toEqual([])
  })

  test('[RO15] a cycle of a week holds what began before the period', () => {
    const recent = days('W', 2)
    const people = [person('p', { mode: 'comprehensive', cycle: 'week', ...past({ recent }) })]
    const problem = world({
      people,
      firstDay: '2026-03-04',
      days: 5,
      rules: rulesWith({ overtime: { kind: 'soft', weight: 1 } }),
    })
    expect(hurtsOf(problem, of('p', days('W', 4, 6)), 'overtime')).toEqual([['2026-03-07', expect.closeTo(8, 9)]])
  })

  test('[RO44] hours are paid by kind: ordinary, overtime, rest day, and holidays to their midnights', () => {
    const problem = standard({ holidays: ['2026-03-10'] })
    const roster = of('p', days('T', 2), days('E', 3, 4, 5, 6, 7), days('N', 9))
    const hours = hoursByKind(problem, roster, 'p')
    // The night of the ninth: two hours, then six of the holiday.
    expect(hours).toEqual({ ordinary: 42 * 60, overtime: 4 * 60, restDay: 8 * 60, holiday: 6 * 60 })
  })

  test('[RO44] what a cycle has too much is paid once, as overtime', () => {
    const rules = rulesWith({}, { monthMinutes: 20 * 60 })
    const problem = world({ rules, people: [person('p', { mode: 'comprehensive', cycle: 'month' })] })
    expect(hoursByKind(problem, of('p', days('W', 2, 5, 8)), 'p')).toEqual({
      ordinary: 20 * 60,
      overtime: 28 * 60,
      restDay: 0,
      holiday: 0,
    })
  })
})
