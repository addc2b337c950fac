import { describe, expect, test } from 'vitest'
import { DEFAULT_ROSTER_RULES } from '#domain/roster/rules.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import { emptySlots } from '#planning/roster/empty-slots.ts'
import { removePeople } from '#planning/roster/removals.ts'
import { solveRoster } from '#planning/roster/solve.ts'
import { cluster, days, of, person, world } from '#tests/support/roster-world.ts'

/** One wanted by day on every day of two weeks. */
const week = Array.from({ length: 168 }, (_, hour) => (hour % 24 >= 6 && hour % 24 < 14 ? 1 : 0))
const wanted = cluster('c', { demand: [{ skill: 'unlocking', week, days: {}, slack: null }] })
const problem = world({
  clusters: [wanted],
  people: ['p', 'q', 'r'].map((id) => person(id, { mode: 'standard' })),
  rules: DEFAULT_ROSTER_RULES,
})
const run = (seed: number, steps: number) => ({ now: () => 0, seed, limits: { seconds: 60, steps } })

describe('the search for a roster', () => {
  test('[RH1] covers what can be covered without a hard break, and repeats itself for the same seed and steps', async () => {
    const [one, again] = [await solveRoster(problem, run(3, 60)), await solveRoster(problem, run(3, 60))]
    expect(one.entries).toEqual(again.entries)
    const score = scoreRoster(problem, one.entries)
    expect(score).toMatchObject({ breaks: 0, coveredHours: 112, points: one.points })
  })

  test('[RH1] never makes worse what it begins from, and touches nothing that is fixed or frozen', async () => {
    const start = of('p', days('E', 2, 3, 4, 5, 6))
    const fixed = days('L', 10)
    const held = {
      ...problem,
      people: problem.people.map((one) => (one.id === 'q' ? { ...one, fixed } : one)),
      published: start,
      frozenUntil: '2026-03-04',
    }
    const before = scoreRoster(held, [...start, ...of('q', fixed)])
    const found = await solveRoster(held, run(5, 40), start)
    expect(found.breaks).toBeLessThanOrEqual(before.breaks)
    expect(found.points).toBeLessThanOrEqual(before.points)
    const on = (id: string) =>
      found.entries.filter(({ personId }) => personId === id).map(({ day, shiftId }) => `${day} ${shiftId}`)
    expect(on('p')).toEqual(expect.arrayContaining(['2026-03-02 E', '2026-03-03 E', '2026-03-04 E']))
    expect(on('q')).toContain('2026-03-10 L')
  })
})

describe('what is said of a roster', () => {
  test('[RH2] names those whose absence breaks cover, with hours and days, and nobody who is one too many', () => {
    const roster = [...of('p', days('E', 2, 3)), ...of('q', days('E', 3))]
    expect(removePeople(problem, roster)).toEqual([{ personId: 'p', hours: 8, days: ['2026-03-02'] }])
  })

  test('[RH3] says of an empty day who is barred by what, and the way that costs least', () => {
    const [away] = ['2026-03-02']
    const people = [
      person('p', { leave: [{ from: away as string, until: away as string }] }),
      person('q', { skills: ['pipeMaintenance'] }),
      person('r', { mode: 'standard' }),
    ]
    const held = { ...problem, people }
    const first = emptySlots(held, of('r', days('N', 1).slice(0, 0)))[0]
    expect(first).toMatchObject({ day: away, hours: [6, 7, 8, 9, 10, 11, 12, 13], shiftId: 'E' })
    expect(first?.barred).toEqual([{ personId: 'p', rules: ['leave'] }])
    expect(first?.remedy).toMatchObject({ personId: 'r', lifts: [] })
    const late = emptySlots({ ...held, people: people.slice(0, 1) }, [])[0]
    expect(late?.remedy).toBeNull()
  })
})
