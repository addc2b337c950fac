import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { safeBound } from '#planning/mip/bound.ts'
import { fixByBound } from '#planning/posts/fix.ts'
import { knapsacksOf } from '#planning/posts/knapsack.ts'
import { isWhole, type PostsModel } from '#planning/posts/model.ts'
import { firstPrices, relax, unrestricted } from '#planning/posts/relax.ts'
import { cheapestByHand, smallModels } from './small.ts'

/** The largest gain of a post, by trying every set of customers; `with` must be among them where it is given. */
function gainByHand(model: PostsModel, site: number, prices: Float64Array, withCustomer = -1): number {
  let best = withCustomer < 0 ? 0 : Number.NEGATIVE_INFINITY
  for (let set = 0; set < 1 << model.customers; set++) {
    if (withCustomer >= 0 && ((set >> withCustomer) & 1) === 0) continue
    let [gain, load] = [0, 0]
    for (let customer = 0; customer < model.customers; customer++) {
      if (((set >> customer) & 1) === 0) continue
      gain += (prices[customer] as number) - (model.cost[site * model.customers + customer] as number)
      load += model.demand[customer] as number
    }
    if (load <= (model.capacity[site] as number) + 1e-9) best = Math.max(best, gain)
  }
  return best
}

const walkTo = (upper: number, whole: boolean) => ({ upper, rounds: 60, isWhole: whole, isStopped: () => false })

describe('what one post would serve', () => {
  test('[PO4] whole demands are solved exactly, others never too small, with a customer that must be served too', () => {
    fc.assert(
      fc.property(
        smallModels,
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 7, maxLength: 7 }),
        (model, raw) => {
          const prices = Float64Array.from(raw.slice(0, model.customers))
          const knapsacks = knapsacksOf(model, unrestricted(model).isOut)
          const isExact = model.demand.every(Number.isInteger)
          const each = new Float64Array(model.customers)
          for (let site = 0; site < model.sites; site++) {
            const exact = gainByHand(model, site, prices)
            const gain = knapsacks.gain(site, prices)
            if (isExact) expect(gain).toBeCloseTo(exact, 9)
            expect(gain).toBeGreaterThanOrEqual(exact - 1e-9)
            knapsacks.gainsWithEach(site, prices, each)
            for (let customer = 0; customer < model.customers; customer++)
              expect(each[customer]).toBeGreaterThanOrEqual(gainByHand(model, site, prices, customer) - 1e-9)
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('a table that would be too large', () => {
  test('[PO4] is not made: what a post would serve is then said too large, never too small', () => {
    const [customers, room] = [400, 20_000]
    const model: PostsModel = {
      sites: 1,
      customers,
      cost: Float64Array.from({ length: customers }, (_, n) => n % 7),
      demand: Float64Array.from({ length: customers }, (_, n) => 80 + (n % 13)),
      capacity: Float64Array.of(room),
      posts: 1,
      isStanding: new Uint8Array(1),
    }
    const prices = Float64Array.from({ length: customers }, (_, n) => 10 + (n % 29))
    const knapsacks = knapsacksOf(model, unrestricted(model).isOut)
    const gain = knapsacks.gain(0, prices)
    const before = process.memoryUsage().arrayBuffers
    const [served, each] = [new Float64Array(customers), new Float64Array(customers)]
    knapsacks.serve(0, prices, served)
    knapsacks.gainsWithEach(0, prices, each)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000)
    const load = served.reduce((sum, part, n) => sum + part * (model.demand[n] as number), 0)
    expect(load).toBeLessThanOrEqual(room + 1e-6)
    expect(Math.max(...each)).toBeGreaterThanOrEqual(gain - 1e-9)
  })
})

describe('the Lagrangian bound', () => {
  test('[PO4] it never passes the cheapest placement, at the first prices and along the walk', () => {
    fc.assert(
      fc.property(smallModels, (model) => {
        const cheapest = cheapestByHand(model)
        fc.pre(Number.isFinite(cheapest))
        const whole = isWhole(model)
        for (const rounds of [0, 60]) {
          const { bound } = relax(model, unrestricted(model), firstPrices(model), {
            ...walkTo(cheapest, whole),
            rounds,
          })
          expect(safeBound(bound, whole)).toBeLessThanOrEqual(cheapest + 1e-9)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('[PO5] what is fixed by the bound leaves every cheaper placement in', () => {
    fc.assert(
      fc.property(smallModels, fc.integer({ min: 1, max: 20 }), (model, above) => {
        const cheapest = cheapestByHand(model)
        fc.pre(Number.isFinite(cheapest))
        const [whole, upper] = [isWhole(model), cheapest + above]
        const restriction = unrestricted(model)
        const relaxed = relax(model, restriction, firstPrices(model), walkTo(upper, whole))
        fixByBound(model, restriction, relaxed, upper, whole)
        const cost = model.cost.map((each, pair) => (restriction.isOut[pair] === 1 ? Number.POSITIVE_INFINITY : each))
        const isStanding = Uint8Array.from(restriction.isOpen)
        expect(cheapestByHand({ ...model, cost, isStanding })).toBeCloseTo(cheapest, 9)
      }),
      { numRuns: 200 },
    )
  })
})
