import { describe, expect, test } from 'vitest'
import {
  changesOf,
  faultyWeights,
  textsOf,
  weightGroups,
  weightsFrom,
} from '#console/routes/emergency/plans/weights/weight-form.ts'
import { DEFAULT_WEIGHTS } from '#domain/plan-weights.ts'

const groups = weightGroups()
const before = structuredClone(DEFAULT_WEIGHTS)

/** Every number of an object, by its path. */
const numbers = (part: unknown, path = ''): string[] =>
  typeof part === 'object' && part !== null
    ? Object.entries(part).flatMap(([name, value]) => numbers(value, path ? `${path}.${name}` : name))
    : [path]

describe('the form of the weights', () => {
  test('[ED4] has a field for every number, and gives back what it was given', () => {
    const fields = groups.flatMap((group) => group.fields.map(({ path }) => path))
    expect(fields).toEqual(expect.arrayContaining(numbers(before)))
    const texts = textsOf(before, groups)
    expect(faultyWeights(texts, groups)).toEqual([])
    expect(weightsFrom(texts, before)).toEqual(before)
  })

  test('[ED4] names every field that is wrong at once', () => {
    const texts = {
      ...textsOf(before, groups),
      'travel.perKm': '1.5',
      'quality.goodFrom': '101',
      'opening.perThousandYuan': '',
      'balance.1.perPercent': '155',
      'balance.2.fromPercent': '95',
    }
    const wrong = ['travel.perKm', 'quality.goodFrom', 'balance.1.perPercent', 'balance.2.perPercent']
    expect(faultyWeights(texts, groups)).toEqual([...wrong, 'opening.perThousandYuan'])
  })

  test('[ED4] an emptied slope is gone, slopes stand in order, and what changed is told', () => {
    const texts = {
      ...textsOf(before, groups),
      'balance.0.fromPercent': '',
      'balance.0.perPercent': '',
      'balance.3.fromPercent': '50',
      'balance.3.perPercent': '20',
      'remedy.perBar.forbidden': '7',
    }
    const made = weightsFrom(texts, before)
    expect(made.balance).toEqual([
      { fromPercent: 50, perPercent: 20 },
      { fromPercent: 90, perPercent: 150 },
    ])
    expect(made.remedy.perBar.forbidden).toBe(7)
    expect(before).toEqual(DEFAULT_WEIGHTS)
    expect(changesOf(made, before, groups).map(({ path, from, to }) => [path, from, to])).toEqual([
      ['balance.0.fromPercent', '70', '50'],
      ['balance.0.perPercent', '50', '20'],
      ['remedy.perBar.forbidden', '2000', '7'],
    ])
  })
})
