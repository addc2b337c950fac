import type { Community } from '#domain/places.ts'
import type { Random } from '#domain/random.ts'

/** Draws a community, the larger ones more often: calls come from households. */
export function communityDraw(communities: readonly Community[], random: Random): () => Community | null {
  const sums: number[] = []
  let sum = 0
  for (const { households } of communities) {
    sum += Math.max(1, households)
    sums.push(sum)
  }
  return () => communities[firstAbove(sums, random() * sum)] ?? null
}

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
