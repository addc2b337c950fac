import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RosterProblem } from '#domain/roster/model.ts'
import { DEFAULT_ROSTER_RULES } from '#domain/roster/rules.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import { change, entriesOf, openBoard } from '#planning/roster/board.ts'
import { coverBound } from '#planning/roster/bound.ts'
import { choicesOf } from '#planning/roster/choices.ts'
import { solveRoster } from '#planning/roster/solve.ts'
import { cluster, days, NO_HISTORY, person, SHIFTS, world } from '#tests/support/roster-world.ts'
import { bestByHand, smallProblems } from './small-rosters.ts'

const run = (seed: number, steps: number) => ({ now: () => 0, seed, limits: { seconds: 60, steps } })

/** Three clusters, eight people with one or more skills, three weeks over a month's end. */
const town = (seed: number): RosterProblem => {
  const demand = (['unlocking', 'pipeMaintenance'] as const).map((skill) => ({
    skill,
    week: new Array(168).fill(1),
    days: {},
    slack: null,
  }))
  const people = Array.from({ length: 8 }, (_, n) =>
    person(`p${n}`, {
      mode: (['standard', 'comprehensive', 'irregular', 'volunteer'] as const)[(n + seed) % 4] ?? 'standard',
      cycle: 'month',
      skills: n % 3 === 0 ? ['unlocking'] : ['unlocking', 'pipeMaintenance'],
      clusterIds: [`c${n % 3}`, `c${(n + 1) % 3}`],
      limits: { dayMinutes: null, weekMinutes: n % 2 === 0 ? 40 * 60 : null, monthMinutes: 150 * 60 },
      leave: n === 5 ? [{ from: '2026-03-30', until: '2026-04-02' }] : [],
      history: { ...NO_HISTORY, recent: days('N', 22), monthMinutes: 120 * 60, monthOvertimeMinutes: 30 * 60 },
    }),
  )
  return world({
    firstDay: '2026-03-23',
    days: 21,
    shifts: SHIFTS,
    clusters: [0, 1, 2].map((n) => cluster(`c${n}`, { demand, mostAtOnce: 2 })),
    people,
    rules: DEFAULT_ROSTER_RULES,
  })
}

describe('what is proved of a roster', () => {
  test('[RH6] a small problem has the fewest points of all rosters there are, and says so', async () => {
    await fc.assert(
      fc.asyncProperty(smallProblems, async (problem) => {
        const { points } = bestByHand(problem)
        const found = await solveRoster(problem, run(1, 50))
        if (points === Number.POSITIVE_INFINITY) {
          expect(found.status).toBe('infeasible')
          return
        }
        expect(found).toMatchObject({ status: 'optimal', breaks: 0, gap: 0 })
        expect(found.points).toBeCloseTo(points, 5)
      }),
      { numRuns: 25 },
    )
  }, 30_000)

  test('[RH4] no roster covers more hours than the bound', async () => {
    await fc.assert(
      fc.asyncProperty(smallProblems, async (problem) => {
        const { coverHours, demandHours } = await coverBound(openBoard(problem, []))
        expect(bestByHand(problem).covered).toBeLessThanOrEqual(coverHours + 1e-6)
        expect(coverHours).toBeLessThanOrEqual(demandHours)
      }),
      { numRuns: 15 },
    )
  }, 30_000)

  test('[RH4] with eight hours a day and one person it says how much of three skills can be covered at most', async () => {
    const demand = [{ skill: 'unlocking' as const, week: new Array(168).fill(1), days: {}, slack: null }]
    const limits = { dayMinutes: null, weekMinutes: 20 * 60, monthMinutes: null }
    const problem = world({
      days: 7,
      shifts: SHIFTS.slice(0, 3),
      clusters: [cluster('c', { demand })],
      people: [person('p', { limits })],
      rules: DEFAULT_ROSTER_RULES,
    })
    // Two shifts fit into twenty hours.
    const { demandHours, coverHours } = await coverBound(openBoard(problem, []))
    expect([demandHours, coverHours]).toEqual([168, expect.closeTo(16, 3)])
  })
})

describe('the search over a town', () => {
  test('[RH1] breaks no hard rule, over the end of a month and with shifts of 24 hours, and repeats itself', async () => {
    for (const seed of [1, 2, 3]) {
      const problem = town(seed)
      const found = await solveRoster(problem, run(seed, 40))
      const judged = scoreRoster(problem, found.entries)
      expect(judged).toMatchObject({ breaks: 0, coveredHours: found.coveredHours })
      expect(found.coveredHours / found.coveredHoursBound).toBeGreaterThan(0.6)
      expect(found.bound).toBeLessThanOrEqual(found.points)
      expect(found.coveredHours).toBeLessThanOrEqual(found.coveredHoursBound)
    }
    const [one, again] = [await solveRoster(town(1), run(5, 25)), await solveRoster(town(1), run(5, 25))]
    expect(again.entries).toEqual(one.entries)
  }, 30_000)

  test('[RH1] a run that is stopped keeps its best, and one that begins from a roster is never worse', async () => {
    const problem = town(2)
    const first = await solveRoster(problem, run(1, 20))
    let asked = 0
    const stopped = await solveRoster(problem, { ...run(2, 1_000), isStopped: () => ++asked > 5 }, first.entries)
    expect(stopped.steps).toBeLessThan(20)
    expect(stopped.points).toBeLessThanOrEqual(first.points + 1e-6)
    expect(stopped.breaks).toBe(0)
  }, 30_000)

  test('[RH5] the board stands after any change where judging the roster anew does', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(7), fc.nat(20), fc.nat(30)), { maxLength: 30 }), (edits) => {
        const problem = town(1)
        const board = openBoard(problem, [])
        for (const [p, day, n] of edits) {
          const member = board.members[p]
          const options = member && choicesOf(board, member)[day]
          if (member && options) change(board, member, member.on.with(day, options[n]?.duty ?? null))
        }
        const { breaks, points } = scoreRoster(problem, entriesOf(board))
        expect(board.total.breaks).toBe(breaks)
        expect(board.total.points).toBeCloseTo(points, 4)
      }),
      { numRuns: 25 },
    )
  })
})
