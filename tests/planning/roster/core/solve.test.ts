import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { seededRandom, wholeBetween } from '#domain/random.ts'
import type { Progress, Run } from '#planning/anytime.ts'
import type { RosterModel } from '#planning/roster/core/model.ts'
import { Pace } from '#planning/roster/core/pace.ts'
import { makeProblem } from '#planning/roster/core/problem.ts'
import { judge } from '#planning/roster/core/rules.ts'
import { readShiftScheduling } from '#planning/roster/core/shift-scheduling.ts'
import { type RosterSolution, solveRoster } from '#planning/roster/core/solve.ts'
import { solveWhole } from '#planning/roster/core/whole.ts'
import { describeWithShared, sharedPath } from '#tests/support/shared.ts'
import { leastByHand, smallProblem } from './small.ts'

/** A clock that stands: only steps end a run. */
const stepsOnly = (steps: number, more: Partial<Run> = {}): Run => ({
  now: () => 0,
  seed: 1,
  limits: { seconds: 60, steps },
  ...more,
})

const published = (number: number): RosterModel => {
  const read = readShiftScheduling(readFileSync(sharedPath(`rostering/curtois_qu/Instance${number}.txt`), 'utf8'))
  if (!read.ok) throw new Error(read.why)
  return read.model
}

function expectLawful(model: RosterModel, { roster, objective, bound }: RosterSolution): void {
  const judged = roster && judge(model, roster)
  expect(judged).toMatchObject({ isLawful: true, penalty: objective })
  expect(bound).toBeLessThanOrEqual(objective as number)
}

describe('the roster solver on small problems', () => {
  test('[RS1] finds what trying every roster finds, and proves it, or that there is none', async () => {
    let impossible = 0
    for (let seed = 0; seed < 400; seed++) {
      const model = smallProblem(seed)
      const least = leastByHand(model)
      const answer = await solveRoster(model, stepsOnly(4_000, { seed }))
      const told = { seed, status: answer.status, objective: answer.objective, bound: answer.bound }
      if (least === null) {
        impossible++
        expect(told).toEqual({ seed, status: 'infeasible', objective: null, bound: Number.POSITIVE_INFINITY })
        continue
      }
      expect(told).toEqual({ seed, status: 'optimal', objective: least, bound: least })
      expectLawful(model, answer)
    }
    // Both kinds are among them.
    expect(impossible).toBeGreaterThan(50)
    expect(impossible).toBeLessThan(350)
  }, 60_000)

  test('[RS2, RS3, RS5] stopped after any number of steps: lawful or unknown, its bound holds, optimal only of the least', async () => {
    const random = seededRandom(3, 'steps')
    for (let seed = 0; seed < 300; seed++) {
      const model = smallProblem(seed)
      const least = leastByHand(model)
      const answer = await solveRoster(model, stepsOnly(wholeBetween(random, 0, 25), { seed }))
      if (answer.status === 'infeasible') expect([seed, least]).toEqual([seed, null])
      if (answer.status === 'unknown') expect(answer).toMatchObject({ objective: null, roster: null })
      if (answer.status === 'optimal') expect([seed, answer.objective]).toEqual([seed, least])
      if (answer.roster) expectLawful(model, answer)
      if (least !== null) expect(answer.bound).toBeLessThanOrEqual(least)
    }
  }, 60_000)

  test('[RS7] the whole programme has the least penalty too, and nothing below it', async () => {
    for (let seed = 0; seed < 120; seed++) {
      const model = smallProblem(seed)
      const least = leastByHand(model)
      const [problem, pace] = [makeProblem(model), new Pace(stepsOnly(1))]
      const all = await solveWhole(problem, pace, { cutoff: Number.POSITIVE_INFINITY, seed })
      const told = [seed, all.roster && judge(model, all.roster).isLawful, all.bound]
      expect(told).toEqual(least === null ? [seed, null, Number.POSITIVE_INFINITY] : [seed, true, least])
      if (least === null) continue
      const below = await solveWhole(problem, pace, { cutoff: least, seed })
      expect([seed, below]).toEqual([seed, { roster: null, bound: Number.POSITIVE_INFINITY }])
    }
  }, 60_000)

  test('[RS1] nobody to give a shift to, or no shift anybody may work, has its penalty all the same', async () => {
    const cover = [{ day: 1, shift: 0, need: 2, under: 7, over: 1 }]
    const empty = { days: 3, weekendOf: [-1, -1, -1], wishes: [], cover }
    const shifts = [{ id: 'D', minutes: 480, notNext: [] }]
    expect(await solveRoster({ ...empty, shifts, people: [] }, stepsOnly(100))).toMatchObject({
      status: 'optimal',
      objective: 14,
    })
    const limits = { minMinutes: 0, maxMinutes: 9_999, minRun: 1, maxRun: 3, minOff: 1, maxWeekends: 1 }
    const people = [{ id: 'A', maxOf: [0], ...limits, daysOff: [] }]
    expect(await solveRoster({ ...empty, shifts, people }, stepsOnly(100))).toMatchObject({
      status: 'optimal',
      objective: 14,
    })
  })

  test('[RS1] hours counted to the minute over years are given to the programme as a whole', async () => {
    const days = 1_500
    const shifts = Array.from({ length: 3 }, (_, n) => ({ id: `S${n}`, minutes: 480 + n, notNext: [] }))
    const limits = { minMinutes: 0, maxMinutes: 700_000, minRun: 1, maxRun: 30, minOff: 1, maxWeekends: 999 }
    const people = [{ id: 'A', maxOf: [days, days, days], ...limits, daysOff: [] }]
    const model = { days, weekendOf: new Array(days).fill(-1), shifts, people, wishes: [], cover: [] }
    const answer = await solveRoster(model, stepsOnly(100))
    expect(answer).toMatchObject({ status: 'optimal', objective: 0 })
    expectLawful(model, answer)
  }, 30_000)
})

describeWithShared('the roster solver on the published problems', ['rostering/curtois_qu'], () => {
  test('[RS1] two of two weeks are at their best known value and proved', async () => {
    const one = await solveRoster(published(1), stepsOnly(20_000))
    expect(one).toMatchObject({ status: 'optimal', objective: 607, bound: 607 })
    expectLawful(published(1), one)
    expect(await solveRoster(published(3), stepsOnly(20_000))).toMatchObject({ status: 'optimal', objective: 1_001 })
  }, 60_000)

  test('[RS4] the same seed and steps give the same roster and bound, whatever the clock says', async () => {
    const model = published(5)
    let at = 0
    const one = await solveRoster(model, stepsOnly(160, { seed: 7 }))
    const other = await solveRoster(model, stepsOnly(160, { seed: 7, now: () => at++ / 1_000 }))
    expect(other).toEqual(one)
    expectLawful(model, one)
  }, 60_000)

  test('[RS3] bounds that are told rise, penalties fall, and neither passes the other', async () => {
    const told: Progress[] = []
    await solveRoster(published(8), stepsOnly(320, { onProgress: (at) => told.push(at) }))
    expect(told.length).toBeGreaterThan(100)
    for (const [index, { objective, bound }] of told.entries()) {
      expect(bound).toBeLessThanOrEqual(objective ?? Number.POSITIVE_INFINITY)
      const before = told[index - 1]
      if (!before) continue
      expect(bound).toBeGreaterThanOrEqual(before.bound)
      expect(objective).toBeLessThanOrEqual(before.objective ?? Number.POSITIVE_INFINITY)
    }
  }, 60_000)

  test('[RS5] somebody who stops it gets the best so far, and before there is any, unknown', async () => {
    let looks = 0
    const stopped = await solveRoster(published(16), stepsOnly(1_000_000, { isStopped: () => ++looks > 90 }))
    expect(stopped.status).toBe('feasible')
    expectLawful(published(16), stopped)
    const atOnce = await solveRoster(published(16), stepsOnly(1_000_000, { isStopped: () => true }))
    expect(atOnce).toMatchObject({ status: 'unknown', objective: null, roster: null })
  }, 60_000)
})
