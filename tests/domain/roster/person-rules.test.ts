import { describe, expect, test } from 'vitest'
import { DEFAULT_ROSTER_RULES, type RuleKey, type RuleLimits } from '#domain/roster/rules.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import {
  cluster,
  days,
  hurtsOf,
  marchDay,
  NO_HISTORY,
  of,
  person,
  rulesWith,
  world,
} from '#tests/support/roster-world.ts'

/** A world in which one soft rule is in force, a unit of it at seven points. */
const only = (rule: RuleKey, limits: Partial<RuleLimits> = {}) =>
  rulesWith({ [rule]: { kind: 'soft', weight: 7 } }, limits)

describe('who may serve', () => {
  test('[RO6] nobody is on duty for a skill he has not, or in a cluster that asks for none of his', () => {
    const problem = world({ people: [person('p'), person('q', { skills: ['heating'] })] })
    const named = days('E', 2).map((slot) => ({ ...slot, skill: 'heating' as const }))
    expect(hurtsOf(problem, [...of('p', days('E', 3)), ...of('p', named)], 'qualified')).toEqual([['2026-03-02', 1]])
    expect(hurtsOf(problem, of('q', days('E', 4)), 'qualified')).toEqual([['2026-03-04', 1]])
  })

  test('[RO7] a cluster that somebody does not serve is out of reach', () => {
    const problem = world({
      clusters: [cluster('c'), cluster('d')],
      rules: rulesWith({ reach: { kind: 'hard', weight: 0 } }),
    })
    const elsewhere = [{ personId: 'p', day: '2026-03-05', shiftId: 'E', clusterId: 'd' }]
    expect(hurtsOf(problem, [...elsewhere, ...of('p', days('E', 6))], 'reach')).toEqual([['2026-03-05', 1]])
    expect(scoreRoster(problem, elsewhere)).toMatchObject({ breaks: 1, points: 0 })
  })

  test('[RO27] while protected there is no night and no overtime, whatever the contract', () => {
    const protections = [{ status: 'nursing' as const, from: '2026-03-04', until: '2026-03-10' }]
    const irregular = world({ people: [person('p', { protections })] })
    const roster = of('p', days('N', 2, 4), days('T', 6), days('N', 11))
    expect(hurtsOf(irregular, roster, 'protectedStaff')).toEqual([
      ['2026-03-04', 1],
      ['2026-03-06', 4],
    ])
    // The night of the third ends on a protected day.
    expect(hurtsOf(irregular, of('p', days('N', 3)), 'protectedStaff')).toEqual([['2026-03-03', 1]])
    const standard = world({ people: [person('p', { protections, mode: 'standard' })] })
    expect(hurtsOf(standard, of('p', days('E', 2, 3, 4, 5, 6, 7)), 'protectedStaff')).toEqual([['2026-03-07', 8]])
  })

  test('[RO28] no shift reaches into a day of leave', () => {
    const problem = world({ people: [person('p', { leave: [{ from: '2026-03-05', until: '2026-03-06' }] })] })
    const roster = of('p', days('N', 3, 4), days('E', 6, 7))
    expect(hurtsOf(problem, roster, 'leave')).toEqual([
      ['2026-03-04', 1],
      ['2026-03-06', 1],
    ])
  })

  test('[RO29] whoever has said when is there at no other hour', () => {
    const available = [
      { day: '2026-03-03', fromMinute: 6 * 60, untilMinute: 14 * 60 },
      { day: '2026-03-04', fromMinute: 20 * 60, untilMinute: 29 * 60 },
    ]
    const problem = world({ people: [person('p', { available })] })
    const roster = of('p', days('E', 2, 3), days('N', 4))
    expect(hurtsOf(problem, roster, 'availability')).toEqual([
      ['2026-03-02', 1],
      ['2026-03-04', 1],
    ])
  })

  test('[RO30] a volunteer has no night unless nights are welcome', () => {
    const people = [person('p', { mode: 'volunteer' }), person('q', { mode: 'volunteer', takesNights: true })]
    const roster = [...of('p', days('E', 2), days('N', 3)), ...of('q', days('N', 4))]
    expect(hurtsOf(world({ people }), roster, 'volunteerNight')).toEqual([['2026-03-03', 1]])
  })
})

describe('shifts in a row', () => {
  test('[RO8] one shift a day', () => {
    expect(hurtsOf(world(), of('p', days('E', 2, 3), days('L', 3), days('N', 3)), 'oneShift')).toEqual([
      ['2026-03-03', 1],
      ['2026-03-03', 1],
    ])
  })

  test('[RO9, RO10] below eight hours between two shifts is too short, below eleven no good rest', () => {
    const rules = rulesWith({ restShort: { kind: 'hard', weight: 0 }, restSoft: { kind: 'soft', weight: 7 } })
    const recent = days('N', 1)
    const problem = world({ rules, people: [person('p', { history: { ...NO_HISTORY, recent } })] })
    // 06:00 to 06:00, then 14:00 to 22:00 and eight hours of rest, then twelve hours until 20:00 and ten.
    const roster = of('p', days('E', 2), days('L', 3), days('E', 4))
    expect(hurtsOf(problem, roster, 'restShort')).toEqual([['2026-03-02', 8]])
    expect(hurtsOf(problem, roster, 'restSoft')).toEqual([
      ['2026-03-02', 11],
      ['2026-03-04', 3],
    ])
    expect(scoreRoster(problem, roster)).toMatchObject({ breaks: 1, points: 98 })
  })

  test('[RO11] a succession that is forbidden counts on the next day only', () => {
    const rules = rulesWith({ succession: { kind: 'hard', weight: 0 } }, { successions: [['L', 'E']] })
    const roster = of('p', days('L', 2, 5), days('E', 3, 7))
    expect(hurtsOf(world({ rules }), roster, 'succession')).toEqual([['2026-03-03', 1]])
  })

  test('[RO19] a week has a day without work, and the end of a night is work', () => {
    const six = of('p', days('E', 2, 3, 4, 5, 6, 7))
    expect(hurtsOf(world(), six, 'restDay')).toEqual([])
    expect(hurtsOf(world(), of('p', days('N', 2, 3, 4, 5, 6, 7)), 'restDay')).toEqual([['2026-03-08', 1]])
    const history = { ...NO_HISTORY, recent: days('E', -5, -4, -3, -2, -1, 0) }
    const wednesday = world({ firstDay: '2026-03-01', days: 1, people: [person('p', { history })] })
    expect(hurtsOf(wednesday, of('p', days('E', 1)), 'restDay')).toEqual([['2026-03-01', 1]])
  })

  test('[RO20] more than six days in a row, those before the period too', () => {
    const rules = rulesWith({ consecutiveDays: { kind: 'hard', weight: 0 } })
    const history = { ...NO_HISTORY, recent: days('E', -1, 0, 1) }
    const problem = world({ rules, people: [person('p', { history })] })
    expect(hurtsOf(problem, of('p', days('E', 2, 3, 4, 5, 6)), 'consecutiveDays')).toEqual([
      ['2026-03-05', 1],
      ['2026-03-06', 1],
    ])
  })

  test('[RO21] a run of work is too long day by day, too short by the days it misses', () => {
    const problem = world({ rules: only('workRun', { workRun: { least: 3, most: 4 } }) })
    expect(hurtsOf(problem, of('p', days('E', 2, 4, 5, 6, 7, 8, 9)), 'workRun')).toEqual([
      ['2026-03-02', 2],
      ['2026-03-08', 1],
      ['2026-03-09', 1],
    ])
    // The last day of the period: the run may go on.
    expect(hurtsOf(problem, of('p', days('E', 15)), 'workRun')).toEqual([])
  })

  test('[RO22] days off between two runs come together', () => {
    const problem = world({ rules: only('offRun', { offRunLeast: 3 }) })
    expect(hurtsOf(problem, of('p', days('E', 3, 5, 9)), 'offRun')).toEqual([['2026-03-05', 2]])
  })

  test('[RO25] nights in a row', () => {
    const problem = world({ rules: only('nightRun', { nightRunMost: 2 }) })
    const roster = of('p', days('N', 2, 3, 4, 5), days('E', 6), days('N', 7))
    expect(hurtsOf(problem, roster, 'nightRun')).toEqual([
      ['2026-03-04', 1],
      ['2026-03-05', 1],
    ])
    expect(scoreRoster(problem, roster).points).toBe(14)
  })
})

describe('weekends and holidays', () => {
  test('[RO23] weekends beyond the most in the period', () => {
    const problem = world({ rules: only('weekends', { weekendsMost: 1 }) })
    expect(hurtsOf(problem, of('p', days('E', 7, 8, 15)), 'weekends')).toEqual([['2026-03-15', 1]])
  })

  test('[RO24] a weekend is worked whole or not at all', () => {
    const problem = world({ rules: only('splitWeekend') })
    expect(hurtsOf(problem, of('p', days('E', 7, 8, 15)), 'splitWeekend')).toEqual([['2026-03-15', 1]])
  })

  test('[RO26] public holidays beyond the most in the period', () => {
    const holidays = ['2026-03-03', '2026-03-04']
    const problem = world({ holidays, rules: only('holidays', { holidaysMost: 1 }) })
    expect(hurtsOf(problem, of('p', days('E', 3, 4, 5)), 'holidays')).toEqual([['2026-03-04', 1]])
  })

  test('[RO33, RO34, RO35] nights, weekends and holidays of the rolling year are shared in a cluster', () => {
    const people = [
      person('p', { history: { ...NO_HISTORY, nights: 4, weekends: 2, holidays: 1 } }),
      person('q', { history: { ...NO_HISTORY, nights: 2, weekends: 2 } }),
      person('v', { mode: 'volunteer' }),
      person('x', { clusterIds: ['elsewhere'], history: { ...NO_HISTORY, nights: 90 } }),
    ]
    const rules = rulesWith({
      fairNights: { kind: 'soft', weight: 2 },
      fairWeekends: { kind: 'soft', weight: 3 },
      fairHolidays: { kind: 'soft', weight: 5 },
    })
    const problem = world({ people, rules, holidays: ['2026-03-04'] })
    // Nights 4 and 2, weekends 3 and 2, holidays 1 and 1.
    const roster = [...of('p', days('E', 7, 8)), ...of('q', days('E', 4))]
    expect(scoreRoster(problem, roster).byRule).toMatchObject({
      fairNights: { amount: 2, points: 4 },
      fairWeekends: { amount: 0.5, points: 1.5 },
      fairHolidays: { amount: 0, points: 0 },
    })
    const shared = scoreRoster(problem, [...roster, ...of('q', days('N', 9, 11))])
    expect(shared.byRule.fairNights.amount).toBe(0)
  })
})

describe('what people were told and want', () => {
  test('[RO31] a wish costs what it weighs when it is not met', () => {
    const wishes = [
      { day: '2026-03-03', wants: 'off' as const, shiftId: null, weight: 2 },
      { day: '2026-03-04', wants: 'on' as const, shiftId: 'E', weight: 3 },
      { day: '2026-03-05', wants: 'off' as const, shiftId: 'N', weight: 5 },
      { day: '2027-01-01', wants: 'on' as const, shiftId: null, weight: 9 },
    ]
    const problem = world({ people: [person('p', { wishes })], rules: only('wishes') })
    expect(hurtsOf(problem, of('p', days('E', 3), days('L', 4, 5)), 'wishes')).toEqual([
      ['2026-03-03', 2],
      ['2026-03-04', 3],
    ])
    expect(scoreRoster(problem, of('p', days('E', 4))).points).toBe(0)
  })

  test('[RO32] what was decided beforehand is in the roster', () => {
    const rules = rulesWith({ fixed: { kind: 'hard', weight: 0 } })
    const problem = world({ rules, people: [person('p', { fixed: days('E', 3, 4) })] })
    expect(hurtsOf(problem, of('p', days('E', 3), days('L', 4)), 'fixed')).toEqual([['2026-03-04', 1]])
  })

  test('[RO36, RO37] a day told otherwise is a change, and none up to the frozen day', () => {
    const published = of('p', days('E', 2, 3, 9))
    const rules = rulesWith({ stability: { kind: 'soft', weight: 7 }, frozen: { kind: 'hard', weight: 0 } })
    const problem = world({ published, frozenUntil: '2026-03-03', rules })
    const roster = of('p', days('E', 2, 9), days('L', 3), days('N', 10))
    expect(hurtsOf(problem, roster, 'stability')).toEqual([
      ['2026-03-03', 1],
      ['2026-03-10', 1],
    ])
    expect(hurtsOf(problem, roster, 'frozen')).toEqual([['2026-03-03', 1]])
    expect(hurtsOf(world({ rules }), roster, 'stability')).toEqual([])
  })

  test('[RO38] every kilometre from home beyond the free ones costs, each shift', () => {
    const home = { lng: 123.4, lat: 41.8 - 5 / 111.195 }
    const problem = world({ people: [person('p', { home })], rules: only('closeness', { freeKm: 3 }) })
    const [[day, km] = []] = hurtsOf(problem, of('p', days('E', 2)), 'closeness')
    expect([day, km]).toEqual([marchDay(2), expect.closeTo(2, 3)])
    const near = world({ people: [person('p', { home })], rules: only('closeness', { freeKm: 6 }) })
    expect(hurtsOf(near, of('p', days('E', 2)), 'closeness')).toEqual([])
  })

  test('[RO40] with a city’s own settings everything is in force', () => {
    const problem = world({ rules: DEFAULT_ROSTER_RULES })
    expect(scoreRoster(problem, of('p', days('E', 2, 3, 4))).byRule.workRun).toEqual({
      amount: 0,
      points: 0,
      breaks: 0,
    })
  })
})
