/** Maximal covering (Church and ReVelle 1974): choose `posts` sites so that as much weight as possible lies within reach of one. */
export interface CoveringModel {
  /** What each place counts: households, or reports expected. */
  weight: Float64Array
  /** The places each site reaches. */
  reaches: readonly Int32Array[]
  /** The sites that reach each place. */
  reachedBy: readonly Int32Array[]
  /** 1 = there is a post already and it stays. */
  isStanding: Uint8Array
}

export function coveringModel(
  weight: Float64Array,
  reaches: readonly Int32Array[],
  isStanding = new Uint8Array(reaches.length),
): CoveringModel {
  const lists: number[][] = Array.from(weight, () => [])
  for (const [site, places] of reaches.entries()) for (const place of places) lists[place]?.push(site)
  return { weight, reaches, reachedBy: lists.map((sites) => Int32Array.from(sites)), isStanding }
}

/** PO7: the weight within reach of the chosen sites. */
export function coveredBy({ weight, reaches }: CoveringModel, chosen: Iterable<number>): number {
  const isCovered = new Uint8Array(weight.length)
  for (const site of chosen) for (const place of reaches[site] as Int32Array) isCovered[place] = 1
  let sum = 0
  for (const [place, covered] of isCovered.entries()) if (covered === 1) sum += weight[place] as number
  return sum
}

export const standing = ({ isStanding }: CoveringModel): number => isStanding.reduce((sum, stands) => sum + stands, 0)
