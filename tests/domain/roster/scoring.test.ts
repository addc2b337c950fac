import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayTake } from '#domain/roster/may-take.ts'
import type { RosterEntry, RosterPerson, RosterProblem, RosterSlot } from '#domain/roster/model.ts'
import { DEFAULT_ROSTER_RULES } from '#domain/roster/rules.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import { openScoring } from '#domain/roster/scoring.ts'
import { cluster, days, marchDay, NO_HISTORY, of, person, world } from '#tests/support/roster-world.ts'

const demand = (skill: 'unlocking' | 'pipeMaintenance') => ({ skill, week: new Array(168).fill(1), days: {}, slack: 0 })
const clusters = ['c', 'd'].map((id) =>
  cluster(id, {
    demand: [demand('unlocking'), demand('pipeMaintenance')],
    mostAtOnce: 2,
    reliefs: 1,
    handoverMinutes: 15,
  }),
)
const people: RosterPerson[] = [
  person('p', { mode: 'standard', clusterIds: ['c', 'd'], history: { ...NO_HISTORY, recent: days('N', 0, 1) } }),
  person('q', {
    mode: 'comprehensive',
    cycle: 'week',
    skills: ['unlocking'],
    wishes: [{ day: marchDay(4), wants: 'off', shiftId: null, weight: 3 }],
  }),
  person('r', {
    clusterIds: ['d'],
    home: { lng: 123.5, lat: 41.9 },
    leave: [{ from: marchDay(5), until: marchDay(6) }],
  }),
  person('v', { mode: 'volunteer', available: [{ day: marchDay(3), fromMinute: 0, untilMinute: 1_440 }] }),
]
const busy = world({
  days: 8,
  people,
  clusters,
  holidays: [marchDay(4)],
  rules: DEFAULT_ROSTER_RULES,
  published: of('p', days('E', 2, 3)),
  frozenUntil: marchDay(2),
})

const slots = fc.record({
  day: fc.integer({ min: 2, max: 9 }).map(marchDay),
  shiftId: fc.constantFrom('E', 'L', 'N', 'T', 'W'),
  clusterId: fc.constantFrom('c', 'd'),
})
const edits = fc.record({
  personId: fc.constantFrom('p', 'q', 'r', 'v'),
  slot: slots,
  isOff: fc.boolean(),
})

/** The change to a plain list. */
const edited = (roster: readonly RosterEntry[], personId: string, slot: RosterSlot, isOff: boolean): RosterEntry[] => [
  ...roster.filter((entry) => entry.personId !== personId || entry.day !== slot.day),
  ...(isOff ? [] : [{ ...slot, personId }]),
]

const rounded = (problem: RosterProblem, roster: readonly RosterEntry[]) => {
  const { breaks, points, coveredHours, byRule } = scoreRoster(problem, roster)
  return {
    breaks,
    points: points.toFixed(6),
    coveredHours,
    byRule: JSON.stringify(byRule, (_, v) => (typeof v === 'number' ? Math.round(v * 1e6) : v)),
  }
}

describe('a roster kept judged', () => {
  test('[RO41] after any changes it stands where judging it anew does, and each change told what it did', () => {
    fc.assert(
      fc.property(fc.array(edits, { maxLength: 25 }), (all) => {
        let roster: RosterEntry[] = of('p', days('E', 2), days('L', 2))
        const scoring = openScoring(busy, roster)
        for (const { personId, slot, isOff } of all) {
          const before = scoreRoster(busy, roster)
          roster = edited(roster, personId, slot, isOff)
          const told = scoring.change(personId, slot.day, isOff ? null : slot)
          const after = scoreRoster(busy, roster)
          expect(told.breaks).toBe(after.breaks - before.breaks)
          expect(told.points).toBeCloseTo(after.points - before.points, 6)
        }
        expect(rounded(busy, scoring.roster())).toEqual(rounded(busy, roster))
        expect(scoring.score().points).toBeCloseTo(scoreRoster(busy, roster).points, 6)
        expect(scoring.score().breaks).toBe(scoreRoster(busy, roster).breaks)
      }),
      { numRuns: 60 },
    )
  })

  test('[RO41] the sum of all hurts is the score, and every hurt says whom or where, and when', () => {
    const { hurts, points, breaks } = scoreRoster(busy, of('p', days('W', 2, 3, 4, 5, 6, 7, 8, 9)))
    expect(hurts.reduce((sum, hurt) => sum + hurt.points, 0)).toBeCloseTo(points, 9)
    expect(hurts.filter(({ isHard }) => isHard)).toHaveLength(breaks)
    expect(hurts.filter(({ personId, clusterId }) => (personId === null) === (clusterId === null))).toEqual([])
  })

  test('[RO41] an entry that the problem does not know is a mistake, not a shift', () => {
    const unknown = [{ personId: 'p', day: marchDay(2), shiftId: 'E', clusterId: 'nowhere' }]
    expect(() => scoreRoster(busy, unknown)).toThrow(RangeError)
    expect(() => scoreRoster(busy, of('nobody', days('E', 2)))).toThrow(RangeError)
  })
})

describe('may somebody take a slot', () => {
  const slot = (date: number, shiftId: string, clusterId = 'c'): RosterSlot => ({
    day: marchDay(date),
    shiftId,
    clusterId,
  })

  test('[RO43] barred by the rules it would break, and by no other', () => {
    const roster = of('p', days('E', 4))
    expect(mayTake(busy, roster, 'p', slot(4, 'L'))).toMatchObject({
      ok: false,
      bars: expect.arrayContaining(['oneShift', 'restShort']),
    })
    expect(mayTake(busy, roster, 'r', slot(5, 'E', 'd'))).toEqual({ ok: false, bars: ['leave'] })
    expect(mayTake(busy, roster, 'r', slot(7, 'E'))).toEqual({ ok: false, bars: ['reach'] })
    expect(mayTake(busy, roster, 'v', slot(3, 'N'))).toEqual({ ok: false, bars: ['availability', 'volunteerNight'] })
    expect(mayTake(busy, roster, 'q', slot(7, 'E')).ok).toBe(true)
  })

  test('[RO43] two are enough where no more may be at once', () => {
    const roster = [...of('p', days('E', 4)), ...of('r', days('T', 4))]
    expect(mayTake(busy, roster, 'q', slot(4, 'E'))).toEqual({ ok: false, bars: ['crowd'] })
    expect(mayTake(busy, roster, 'q', slot(4, 'N')).ok).toBe(true)
  })

  test('[RO43] whoever may take a slot breaks no hard rule by it', () => {
    fc.assert(
      fc.property(fc.array(edits, { maxLength: 12 }), slots, (all, wanted) => {
        const roster = all.reduce<RosterEntry[]>(
          (sum, { personId, slot, isOff }) => edited(sum, personId, slot, isOff),
          [],
        )
        for (const { id } of people) {
          const answer = mayTake(busy, roster, id, wanted)
          const before = scoreRoster(busy, roster).byRule
          const after = scoreRoster(busy, [...roster, { ...wanted, personId: id }]).byRule
          const worse = Object.keys(after).some((key) => {
            const rule = key as keyof typeof after
            return after[rule].breaks > 0 && after[rule].amount > before[rule].amount + 1e-9
          })
          expect(answer.ok).toBe(!worse)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('an urgent repair', () => {
  const override = {
    rules: ['restDay', 'overtimeDay', 'hoursDay'] as const,
    personId: 'p',
    from: marchDay(4),
    until: marchDay(5),
    reason: '供热主管抢修',
  }
  const lifted = { ...busy, overrides: [{ ...override, rules: [...override.rules] }] }

  test('[RO42] lifts the named rules for that person and those days, and nothing else', () => {
    const roster = of('p', days('T', 4, 6))
    expect(scoreRoster(busy, roster).byRule.overtimeDay.breaks).toBe(2)
    expect(scoreRoster(lifted, roster).byRule.overtimeDay.breaks).toBe(1)
    expect(scoreRoster(lifted, of('q', days('T', 4))).byRule.hoursCycle).toEqual(
      scoreRoster(busy, of('q', days('T', 4))).byRule.hoursCycle,
    )
  })

  test('[RO42] a lifted day is none to the week’s rest', () => {
    const roster = of('p', days('E', 2, 3, 4, 5, 6, 7, 8))
    expect(scoreRoster(busy, roster).byRule.restDay.breaks).toBe(1)
    expect(scoreRoster(lifted, roster).byRule.restDay.breaks).toBe(0)
  })
})
