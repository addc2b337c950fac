import { describe, expect, test } from 'vitest'
import type { DutyCluster } from '#domain/roster/model.ts'
import type { RuleKey } from '#domain/roster/rules.ts'
import { coverOf, scoreRoster } from '#domain/roster/score.ts'
import { cluster, days, hurtsOf, NO_HISTORY, of, person, rulesWith, world } from '#tests/support/roster-world.ts'

const only = (rule: RuleKey) => rulesWith({ [rule]: { kind: 'soft', weight: 7 } })
const always = (skill: 'unlocking' | 'pipeMaintenance', people: number, slack: number | null = null) => ({
  skill,
  week: new Array(168).fill(people),
  days: {},
  slack,
})
const around = (more: Partial<DutyCluster> = {}) => [cluster('c', { demand: [always('unlocking', 1)], ...more })]

describe('cover', () => {
  test('[RO1] an hour of a skill that nobody covers costs, and somebody on duty offers every skill he has', () => {
    const demand = [always('unlocking', 1), always('pipeMaintenance', 2)]
    const people = [person('p'), person('q', { skills: ['unlocking'] })]
    const problem = world({ days: 1, people, clusters: around({ demand }), rules: only('coverUnder') })
    const roster = [...of('p', days('E', 2)), ...of('q', days('T', 2))]
    const { hurts, demandHours, coveredHours, points } = scoreRoster(problem, roster)
    // From 6 to 20 one unlocks: ten hours are open; of the pipes' 48 hours p covers eight.
    expect(hurts.map(({ skill, amount }) => [skill, amount])).toEqual([
      ['unlocking', 10],
      ['pipeMaintenance', 40],
    ])
    expect([demandHours, coveredHours, points]).toEqual([72, 22, 350])
  })

  test('[RO1] somebody on duty for one skill alone offers no other', () => {
    const demand = [always('unlocking', 1), always('pipeMaintenance', 1)]
    const problem = world({ days: 1, clusters: around({ demand }), rules: only('coverUnder') })
    const roster = of('p', days('E', 2)).map((entry) => ({ ...entry, skill: 'unlocking' as const }))
    expect(hurtsOf(problem, roster, 'coverUnder').map(([, amount]) => amount)).toEqual([16, 24])
  })

  test('[RO1] demand of a single day stands in place of the week’s, and an hour half covered is not covered', () => {
    const week = new Array(168).fill(0)
    const single = { '2026-03-03': [...new Array(8).fill(0), 1, 1, ...new Array(14).fill(0)] }
    const demand = [{ skill: 'unlocking' as const, week, days: single, slack: null }]
    const half = { id: 'H', name: 'H', startMinute: 8 * 60 + 30, lengthMinutes: 90, restMinutes: 0, isNight: false }
    const problem = world({ shifts: [half], clusters: around({ demand }), rules: only('coverUnder') })
    expect(hurtsOf(problem, [], 'coverUnder')).toEqual([['2026-03-03', 2]])
    expect(hurtsOf(problem, of('p', days('H', 3)), 'coverUnder')).toEqual([['2026-03-03', 1]])
  })

  test('[RO1] a night before the period covers its first morning', () => {
    const people = [person('p', { history: { ...NO_HISTORY, recent: days('N', 1) } })]
    const problem = world({ days: 1, people, clusters: around(), rules: only('coverUnder') })
    expect(hurtsOf(problem, [], 'coverUnder')).toEqual([['2026-03-02', 18]])
    const [strip] = coverOf(problem, of('p', days('L', 2)))
    expect(strip?.present).toEqual([...Array(6).fill(1), ...Array(8).fill(0), ...Array(8).fill(1), 0, 0])
  })

  test('[RO2] people beyond demand and slack cost by the hour', () => {
    const people = ['p', 'q', 'r'].map((id) => person(id))
    const roster = people.flatMap(({ id }) => of(id, days('E', 2)))
    const with_ = (slack: number | null) =>
      hurtsOf(
        world({ people, clusters: around({ demand: [always('unlocking', 1, slack)] }), rules: only('coverOver') }),
        roster,
        'coverOver',
      )
    expect(with_(0)).toEqual([['2026-03-02', 16]])
    expect(with_(1)).toEqual([['2026-03-02', 8]])
    expect(with_(null)).toEqual([])
  })

  test('[RO3] no more people at once than may be', () => {
    const people = ['p', 'q'].map((id) => person(id))
    const roster = [...of('p', days('E', 2)), ...of('q', days('T', 2))]
    const problem = world({ people, clusters: around({ mostAtOnce: 1 }), rules: only('crowd') })
    expect(hurtsOf(problem, roster, 'crowd')).toEqual([['2026-03-02', 6]])
  })

  test('[RO4] so many who could be called are off duty each day', () => {
    const people = [
      person('p'),
      person('q', { leave: [{ from: '2026-03-03', until: '2026-03-03' }] }),
      person('v', { mode: 'volunteer' }),
    ]
    const problem = world({ days: 2, people, clusters: around({ reliefs: 2 }), rules: only('relief') })
    expect(hurtsOf(problem, of('p', days('E', 2), days('L', 2)), 'relief')).toEqual([
      ['2026-03-02', 1],
      ['2026-03-03', 1],
    ])
  })

  test('[RO5] who leaves has been met by somebody who stays', () => {
    const early = { id: 'X', name: 'X', startMinute: 13 * 60 + 45, lengthMinutes: 495, restMinutes: 0, isNight: false }
    const people = ['p', 'q'].map((id) => person(id))
    const shifts = [...world().shifts, early]
    const problem = (handoverMinutes: number) =>
      world({ people, shifts, clusters: around({ handoverMinutes }), rules: only('handover') })
    const sharp = [...of('p', days('E', 2)), ...of('q', days('L', 2))]
    expect(hurtsOf(problem(15), sharp, 'handover')).toEqual([['2026-03-02', 2]])
    const overlapping = [...of('p', days('E', 2)), ...of('q', days('X', 2))]
    expect(hurtsOf(problem(15), overlapping, 'handover')).toEqual([['2026-03-02', 1]])
    expect(hurtsOf(problem(20), overlapping, 'handover')).toEqual([['2026-03-02', 2]])
    expect(hurtsOf(problem(0), sharp, 'handover')).toEqual([])
  })
})
