import { describe, expect, test } from 'vitest'
import { HOUR_MS } from '#domain/instant.ts'
import type { PolicyAnswer, PolicyAsked } from '#domain/policy.ts'
import { onDutyByHour, rosterOf } from '#planning/policy/hourly.ts'
import { studyPolicies } from '#planning/policy/study.ts'
import { START, spot, townRecord, unitAt } from './town.ts'

const ASKED: PolicyAsked = {
  days: 30,
  withinMin: 5,
  seeds: 3,
  policies: ['nearest', 'eta'],
  more: [],
  posts: null,
  onDuty: null,
}
const runs = townRecord(150, 25)
const problem = (asked: Partial<PolicyAsked> = {}) => ({
  asked: { ...ASKED, ...asked },
  runs,
  traits: new Map(runs.map(({ type }) => [type, { kind: 'crew', mode: 'car' } as const])),
  timeZone: 'UTC',
})
const run = (more: object = {}) => ({ now: () => 0, isStopped: () => false, onNews: () => undefined, ...more })

describe('a study of the own history', () => {
  test('[PY8] tells its calibration, every policy, and the same with one more unit', () => {
    const answer = studyPolicies(problem({ more: [{ ...spot(0, 0), type: null }] }), run())
    expect(answer.calibration?.n).toBeGreaterThan(30)
    expect(answer.rows.map(({ policy }) => policy)).toEqual(['nearest', 'eta'])
    expect(answer.changed).toHaveLength(2)
    expect(answer.changed?.[0]?.withinShare.mean).toBeGreaterThanOrEqual((answer.rows[0]?.withinShare.mean ?? 1) - 0.02)
    expect(answer.seeds).toBe(3)
  })

  test('[PY8] stopped, it tells the seeds that are done, and what it told on the way', () => {
    const told: PolicyAnswer[] = []
    let looks = 0
    const isStopped = () => ++looks > 1
    const answer = studyPolicies(
      problem(),
      run({ isStopped, onNews: (_: unknown, soFar: PolicyAnswer) => told.push(soFar) }),
    )
    expect(answer.seeds).toBe(2)
    expect(told.at(-1)).toEqual(answer)
  })

  test('[PY8] too few calls are told as such: no rows', () => {
    const few = { ...problem(), runs: runs.slice(0, 20) }
    expect(studyPolicies(few, run())).toMatchObject({ rows: [], calibration: null })
  })
})

describe('a roster by counts', () => {
  const span = [START, START + 48 * HOUR_MS] as const
  const hourOf = (at: number) => Math.floor(at / HOUR_MS) % 24
  const units = ['a', 'b', 'c'].map((id) => unitAt(id, 0, 0))

  test('[PY9] has so many on duty in each local hour, as many as there are', () => {
    const counts = Array.from({ length: 24 }, (_, hour) => (hour < 8 ? 1 : hour < 20 ? 2 : 9))
    const roster = rosterOf(units, counts, span, hourOf)
    const rostered = units.map((unit) => ({ ...unit, duty: roster.get(unit.id) ?? [] }))
    expect(onDutyByHour(rostered, span, hourOf)).toEqual(counts.map((count) => Math.min(3, count)))
  })

  test('[PY9] leaves a unit its own shift where the counts allow it', () => {
    const late = [START + 20 * HOUR_MS, START + 24 * HOUR_MS] as const
    const own = [unitAt('a', 0, 0, { duty: [] }), unitAt('z', 0, 0, { duty: [late] })]
    const roster = rosterOf(own, new Array(24).fill(1), [START, START + 24 * HOUR_MS], hourOf)
    expect(roster.get('z')).toEqual([late])
  })
})
