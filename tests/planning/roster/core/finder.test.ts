import { describe, expect, test } from 'vitest'
import { seededRandom, wholeBetween } from '#domain/random.ts'
import { Finder } from '#planning/roster/core/finder.ts'
import { OFF, type Roster, type RosterModel } from '#planning/roster/core/model.ts'
import { makeProblem } from '#planning/roster/core/problem.ts'
import { pathsByHand, smallProblem } from './small.ts'

const minutesOf = ({ shifts }: RosterModel, path: Roster): number =>
  path.reduce((sum, shift) => sum + (shifts[shift]?.minutes ?? 0), 0)

describe('the cheapest path of a person', () => {
  test('[RS6] is what trying every path finds, at whatever prices, and so are the cheapest of other hours', () => {
    let found = 0
    for (let seed = 0; seed < 400; seed++) {
      const model = smallProblem(seed)
      const problem = makeProblem(model)
      const [finder, random] = [new Finder(problem), seededRandom(seed, 'prices')]
      for (const person of model.people.keys()) {
        const paths = pathsByHand(model, person)
        for (let round = 0; round < 3; round++) {
          const off = Float64Array.from({ length: problem.days }, () => wholeBetween(random, -5, 5))
          const own = problem.cost.subarray(person * problem.cells, (person + 1) * problem.cells)
          const cells = own.map((cost) => cost + wholeBetween(random, -20, 20))
          const priceOf = (path: Roster) =>
            path.reduce(
              (sum, shift, day) => sum + (shift === OFF ? off[day]! : cells[day * problem.shifts + shift]!),
              0,
            )
          const cheapest = new Map<number, number>()
          for (const path of paths) {
            const minutes = minutesOf(model, path)
            cheapest.set(minutes, Math.min(cheapest.get(minutes) ?? Number.POSITIVE_INFINITY, priceOf(path)))
          }
          const wanted = [...cheapest.values()].sort((a, b) => a - b)
          const answers = finder.cheapest(person, { cells, off }, Number.POSITIVE_INFINITY, 3)
          expect([seed, answers[0]?.value]).toEqual([seed, wanted[0]])
          for (const { path, value } of answers) {
            expect([seed, priceOf(path)]).toEqual([seed, value])
            expect(paths.some((other) => other.join() === path.join())).toBe(true)
          }
          expect(finder.cheapest(person, { cells, off }, (wanted[0] ?? 0) - 1)).toEqual([])
          found += answers.length
        }
      }
    }
    expect(found).toBeGreaterThan(1_000)
  }, 60_000)
})
