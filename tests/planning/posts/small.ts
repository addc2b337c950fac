import fc from 'fast-check'
import type { PostsModel } from '#planning/posts/model.ts'

/** The cheapest placement by trying every one: for a handful of customers. Infinity when there is none. */
export function cheapestByHand(model: PostsModel): number {
  let best = Number.POSITIVE_INFINITY
  for (const chosen of choices(model)) best = Math.min(best, cheapestFor(model, chosen))
  return best
}

function* choices({ sites, posts, isStanding }: PostsModel): Generator<number[]> {
  for (let set = 0; set < 1 << sites; set++) {
    const chosen = Array.from({ length: sites }, (_, site) => site).filter((site) => (set >> site) & 1)
    const keepsStanding = isStanding.every((stands, site) => stands === 0 || chosen.includes(site))
    if (chosen.length === Math.min(posts, sites) && keepsStanding) yield chosen
  }
}

function cheapestFor(model: PostsModel, chosen: readonly number[]): number {
  const room = chosen.map((site) => model.capacity[site] as number)
  const put = (customer: number): number => {
    if (customer === model.customers) return 0
    const weight = model.demand[customer] as number
    let best = Number.POSITIVE_INFINITY
    for (const [index, site] of chosen.entries()) {
      const cost = model.cost[site * model.customers + customer] as number
      const left = room[index] as number
      if (cost === Number.POSITIVE_INFINITY || weight > left + 1e-9) continue
      room[index] = left - weight
      best = Math.min(best, cost + put(customer + 1))
      room[index] = left
    }
    return best
  }
  return put(0)
}

/** Models of up to six sites and seven customers: tight and loose, with places nobody may go to and posts that stand already. */
export const smallModels: fc.Arbitrary<PostsModel> = fc
  .record({ sites: fc.integer({ min: 1, max: 6 }), customers: fc.integer({ min: 1, max: 7 }), isWhole: fc.boolean() })
  .chain(({ sites, customers, isWhole }) => {
    const amount = isWhole
      ? fc.integer({ min: 0, max: 30 })
      : fc.integer({ min: 0, max: 30_000 }).map((thousandths) => thousandths / 1_000)
    const forbidden = fc.constant(Number.POSITIVE_INFINITY)
    return fc.record({
      sites: fc.constant(sites),
      customers: fc.constant(customers),
      cost: fc
        .array(fc.oneof({ arbitrary: amount, weight: 12 }, { arbitrary: forbidden, weight: 1 }), {
          minLength: sites * customers,
          maxLength: sites * customers,
        })
        .map((all) => Float64Array.from(all)),
      demand: fc.array(amount, { minLength: customers, maxLength: customers }).map((all) => Float64Array.from(all)),
      capacity: fc
        .array(
          fc.oneof({ arbitrary: fc.integer({ min: 10, max: 90 }), weight: 5 }, { arbitrary: forbidden, weight: 1 }),
          {
            minLength: sites,
            maxLength: sites,
          },
        )
        .map((all) => Float64Array.from(all)),
      posts: fc.integer({ min: 1, max: sites }),
      isStanding: fc
        .array(fc.oneof({ arbitrary: fc.constant(0), weight: 6 }, { arbitrary: fc.constant(1), weight: 1 }), {
          minLength: sites,
          maxLength: sites,
        })
        .map((all) => Uint8Array.from(all)),
    })
  })
