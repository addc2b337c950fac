import type { Community, LngLat } from '#domain/places.ts'
import type { Random } from '#domain/random.ts'
import type { Unit } from '#domain/units.ts'
import { nearbyIndex } from './nearby.ts'

/** How near a unit's post counts as looked after, and how many more of the made-up calls come from there. */
const COVERED_M = 650
const COVERED_WEIGHT = 5

/**
 * Draws a community, the larger ones more often: calls come from households. Five thousand communities have some eleven hundred
 * units on duty; calls come mostly from around their posts, else every second one would break the promise from the start.
 */
export function communityDraw(
  communities: readonly Community[],
  posts: readonly LngLat[],
  random: Random,
): () => Community | null {
  const nearby = nearbyIndex(posts)
  const sums: number[] = []
  let sum = 0
  for (const { households, lng, lat } of communities) {
    const isCovered = nearby([lng, lat], COVERED_M).length > 0
    sum += Math.max(1, households) * (isCovered ? COVERED_WEIGHT : 1)
    sums.push(sum)
  }
  return () => communities[firstAbove(sums, random() * sum)] ?? null
}

/** Posts of those who are on duty. */
export const postsOf = (units: Iterable<Unit>): LngLat[] =>
  [...units].filter(({ duty }) => duty !== 'offDuty').map(({ postLng, postLat }) => [postLng, postLat])

/** Index of the first sum above the value, by halving. */
function firstAbove(sums: readonly number[], value: number): number {
  let low = 0
  let high = sums.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle] as number) > value) high = middle
    else low = middle + 1
  }
  return low
}

/** Draws one of the keys by its weight. */
export function weightedDraw<K>(weights: ReadonlyMap<K, number>, random: Random): K {
  let left = random() * [...weights.values()].reduce((sum, weight) => sum + weight, 0)
  for (const [key, weight] of weights) {
    left -= weight
    if (left < 0) return key
  }
  return [...weights.keys()].at(-1) as K
}
