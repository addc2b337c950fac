import fc from 'fast-check'
import type { RosterEntry, RosterPerson, RosterProblem } from '#domain/roster/model.ts'
import { DEFAULT_ROSTER_RULES, type RosterRules } from '#domain/roster/rules.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import { cluster, days, marchDay, NO_HISTORY, person, SHIFTS, world } from '#tests/support/roster-world.ts'

/** Everything that a handful of people could do: for each person and day off duty or one of the shifts. */
function* allRosters({ people, shifts, days: count }: RosterProblem): Generator<RosterEntry[]> {
  const places = people.flatMap(({ id, clusterIds }) =>
    Array.from({ length: count }, (_, n) =>
      clusterIds.flatMap((clusterId) =>
        shifts.map((shift) => ({ personId: id, day: marchDay(2 + n), shiftId: shift.id, clusterId })),
      ),
    ),
  )
  function* from(at: number): Generator<RosterEntry[]> {
    const choices = places[at]
    if (!choices) {
      yield []
      return
    }
    for (const rest of from(at + 1)) {
      yield rest
      for (const entry of choices) yield [entry, ...rest]
    }
  }
  yield* from(0)
}

/** By trying every roster: the fewest points without a break, and the most that any such roster covers. */
export function bestByHand(problem: RosterProblem): { points: number; covered: number } {
  let [points, covered] = [Number.POSITIVE_INFINITY, 0]
  for (const roster of allRosters(problem)) {
    const score = scoreRoster(problem, roster)
    if (score.breaks > 0) continue
    points = Math.min(points, score.points)
    covered = Math.max(covered, score.coveredHours)
  }
  return { points, covered }
}

const PICKED = ['E', 'L', 'N', 'W']

const people = (from: fc.Arbitrary<string[]>): fc.Arbitrary<Partial<RosterPerson>> =>
  fc.record({
    skills: fc.constantFrom<RosterPerson['skills'][]>(
      ['unlocking'],
      ['pipeMaintenance'],
      ['unlocking', 'pipeMaintenance'],
    ),
    clusterIds: from,
    mode: fc.constantFrom('standard', 'irregular', 'comprehensive'),
    cycle: fc.constant('week' as const),
    limits: fc.record({
      dayMinutes: fc.constant(null),
      weekMinutes: fc.constantFrom(null, 16 * 60, 24 * 60),
      monthMinutes: fc.constant(null),
    }),
    leave: fc.constantFrom([], [{ from: marchDay(3), until: marchDay(3) }]),
    wishes: fc.constantFrom([], [{ day: marchDay(2), wants: 'off' as const, shiftId: null, weight: 3 }]),
    home: fc.constantFrom(null, { lng: 123.5, lat: 41.9 }),
    history: fc.record({
      ...Object.fromEntries(Object.entries(NO_HISTORY).map(([key, value]) => [key, fc.constant(value)])),
      recent: fc.constantFrom([], days('N', 1), days('E', -3, -2, -1, 0, 1)),
      nights: fc.integer({ min: 0, max: 3 }),
    }) as fc.Arbitrary<RosterPerson['history']>,
  })

/** Problems of two people and two or three days, tight and loose, with every sort of rule in force. */
export const smallProblems: fc.Arbitrary<RosterProblem> = fc
  .record({
    days: fc.integer({ min: 2, max: 3 }),
    shifts: fc.subarray(PICKED, { minLength: 1, maxLength: 2 }),
    mostAtOnce: fc.constantFrom(null, 1),
    slack: fc.constantFrom(null, 0),
    handoverMinutes: fc.constantFrom(0, 15),
    reliefs: fc.integer({ min: 0, max: 1 }),
    two: fc.tuple(people(fc.constant(['c'])), people(fc.constant(['c']))),
    firstDay: fc.constant(marchDay(2)),
    isPublished: fc.boolean(),
  })
  .map(({ days: count, shifts, mostAtOnce, slack, handoverMinutes, reliefs, two, firstDay, isPublished }) => {
    const demand = (['unlocking', 'pipeMaintenance'] as const).map((skill) => ({
      skill,
      week: new Array(168).fill(1),
      days: {},
      slack,
    }))
    const rules: RosterRules = DEFAULT_ROSTER_RULES
    return world({
      firstDay,
      days: count,
      rules,
      shifts: SHIFTS.filter(({ id }) => shifts.includes(id)),
      clusters: [cluster('c', { demand, mostAtOnce, handoverMinutes, reliefs })],
      people: two.map((more, n) => person(`p${n}`, more)),
      published: isPublished ? [{ personId: 'p0', day: marchDay(3), shiftId: shifts[0] ?? 'E', clusterId: 'c' }] : null,
    })
  })
