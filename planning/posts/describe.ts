import { haversineM } from '#domain/geo.ts'
import { estimatedEtaMs, type TravelModel } from '#domain/travel.ts'
import { type CoveringModel, coveredBy } from './covering/model.ts'
import type { DemandPlace, Posted, PostSite } from './places.ts'

/** What is to be said of a choice of posts, and what of each. */
export interface Described {
  covered: number
  meanSeconds: number
  /** In the order of `chosen`. */
  posts: { reaches: number; alone: number; served: number; delaySeconds: number }[]
  /** By place: 1 = nobody is there in time. */
  isOutside: Uint8Array
}

/** Who looks after whom: the post (by its place in `chosen`) of each place; left out, the one that is there first. */
export type Serving = ArrayLike<number> | null

/**
 * PO13: every post by what it adds: the demand that no other post reaches in time, and by how much the mean time would grow without it if each
 * of its places then went to the next.
 */
export function describePosts(
  { covering, places, sites, posted, travel }: DescribedModel,
  chosen: readonly number[],
  serving: Serving,
): Described {
  const posts = chosen.map(() => ({ reaches: 0, alone: 0, served: 0, delaySeconds: 0 }))
  const isOutside = reachedOnce(covering, chosen, posts)
  const total = places.reduce((sum, { weight }) => sum + weight, 0)
  let seconds = 0
  for (const [index, place] of places.entries()) {
    const { first, second } = firstTwo(place, chosen, sites, posted, travel)
    const own = serving ? (serving[index] as number) : first.post
    const post = posts[own]
    if (!post) continue
    const ms = own === first.post ? first.ms : etaMs(place, sites[chosen[own] as number] as PostSite, posted, travel)
    const without = own === first.post ? second.ms : first.ms
    seconds += (place.weight * ms) / 1_000
    post.served += place.weight
    if (Number.isFinite(without)) post.delaySeconds += (place.weight * Math.max(0, without - ms)) / 1_000
  }
  for (const post of posts) post.delaySeconds /= Math.max(total, Number.MIN_VALUE)
  return { covered: coveredBy(covering, chosen), meanSeconds: total > 0 ? seconds / total : 0, posts, isOutside }
}

export interface DescribedModel {
  covering: CoveringModel
  places: readonly DemandPlace[]
  sites: readonly PostSite[]
  posted: Posted
  travel: TravelModel
}

/** Fills in what each post reaches and reaches alone; answers the places nobody reaches. */
function reachedOnce({ weight, reaches }: CoveringModel, chosen: readonly number[], posts: Described['posts']) {
  const counts = new Int32Array(weight.length)
  for (const site of chosen)
    for (const place of reaches[site] as Int32Array) counts[place] = (counts[place] as number) + 1
  for (const [index, site] of chosen.entries()) {
    const post = posts[index] as Described['posts'][number]
    for (const place of reaches[site] as Int32Array) {
      post.reaches += weight[place] as number
      if (counts[place] === 1) post.alone += weight[place] as number
    }
  }
  return Uint8Array.from(counts, (count) => Number(count === 0))
}

const etaMs = ({ lng, lat }: DemandPlace, site: PostSite, { kind, mode }: Posted, travel: TravelModel) =>
  estimatedEtaMs(haversineM([lng, lat], [site.lng, site.lat]), kind, mode, travel)

function firstTwo(
  place: DemandPlace,
  chosen: readonly number[],
  sites: readonly PostSite[],
  posted: Posted,
  travel: TravelModel,
) {
  let [first, second] = [
    { post: -1, ms: Number.POSITIVE_INFINITY },
    { post: -1, ms: Number.POSITIVE_INFINITY },
  ]
  for (const [post, site] of chosen.entries()) {
    const ms = etaMs(place, sites[site] as PostSite, posted, travel)
    if (ms < first.ms) [first, second] = [{ post, ms }, first]
    else if (ms < second.ms) second = { post, ms }
  }
  return { first, second }
}
