import { randomUUID } from 'node:crypto'
import { call } from '#cli/api.ts'
import { CATEGORY_DEFAULTS, emergencyNumber } from '#domain/categories.ts'
import { offsetM } from '#domain/geo.ts'
import { HOUR_MS, type Instant } from '#domain/instant.ts'
import type { Community, LngLat, Tenant } from '#domain/places.ts'
import { between, type Random, seededRandom } from '#domain/random.ts'
import { reportTicket } from '#wire/routes/tickets.ts'
import type { Staff } from './acts.ts'
import { communityDraw, weightedDraw } from './city.ts'
import { categoryWeights, demandFactor, wallClock } from './demand.ts'

/** Of an average hour in a city of 5,000 communities: one dispatcher sees them all, and none of them gets dull. */
const REPORTS_AN_HOUR = 75
const COMMUNITIES_OF_A_CITY = 5_000

type City = Pick<Tenant, 'code' | 'timeZone' | 'emergencyNumbers'>

export interface Residents {
  /** How many calls fall into the time from one moment to another. */
  callsBetween(from: Instant, to: Instant): number
  /** One resident calls, at the console form's own door. */
  call(staff: Staff, now: Instant): Promise<boolean>
}

/**
 * Residents report through the account door, marked `simulator`: the public page counts its callers by address, and a person
 * trying it out on this machine must not find that the simulator has used up the count.
 */
export function residentsOf(
  city: City,
  communities: readonly Community[],
  posts: readonly LngLat[],
  seed: number,
): Residents {
  const random = seededRandom(seed, 'residents')
  const local = wallClock(city.timeZone)
  const draw = communityDraw(communities, posts, random)
  const perMs = (REPORTS_AN_HOUR * Math.max(0.1, Math.min(1, communities.length / COMMUNITIES_OF_A_CITY))) / HOUR_MS
  return {
    callsBetween: (from, to) => poisson(perMs * demandFactor(local(to)) * (to - from), random),
    call: async (staff, now) => {
      const community = draw()
      if (!community) return false
      const category = weightedDraw(categoryWeights(local(now)), random)
      const key = randomUUID()
      const [lng, lat] = offsetM([community.lng, community.lat], between(random, -60, 60), between(random, -60, 60))
      const handedOffTo = emergencyNumber(category, city.emergencyNumbers)
      const said = await call(staff.room, reportTicket, {
        key,
        body: {
          channel: 'simulator',
          category,
          description: staff.words.description(category, key),
          address: staff.words.address(community.name, key),
          communityId: community.id,
          lng: Number(lng.toFixed(6)),
          lat: Number(lat.toFixed(6)),
          priority: CATEGORY_DEFAULTS[category].priority,
          ...(handedOffTo && { handedOffTo }),
        },
      })
      return said.ok
    },
  }
}

/** How many of independent calls fall into a span that holds `mean` on average (Knuth 1969; for small means). */
export function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-Math.min(mean, 20))
  let count = 0
  for (let product = random(); product > limit; product *= random()) count++
  return count
}
