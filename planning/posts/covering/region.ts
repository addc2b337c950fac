import { pick, type Random } from '#domain/random.ts'
import type { Undecided } from './core.ts'
import type { Choice } from './search.ts'

/** As many posts, and sites to choose among, as a small branch and cut decides in a moment. */
const POSTS = 8
const MOST_SITES = 350

/** Posts that lie together, taken from a place outwards, and the sites around them; all other posts are kept. */
export function drawRegion(choice: Choice, random: Random): Undecided {
  const { model, chosen, isChosen } = choice
  const movable = chosen.filter((site) => model.isStanding[site] === 0)
  if (movable.length === 0) return { kept: [...chosen], free: [] }
  const first = pick(random, movable)
  const seen = new Set([first])
  const taken = new Set<number>()
  // From site to site by the places both reach: a set is walked in the order it was filled, ring by ring.
  for (const site of seen) {
    if (isChosen[site] === 1 && model.isStanding[site] === 0) taken.add(site)
    if (taken.size >= POSTS || seen.size > MOST_SITES) break
    for (const place of model.reaches[site] as Int32Array)
      for (const next of model.reachedBy[place] as Int32Array) seen.add(next)
  }
  for (const site of movable) if (seen.has(site) && taken.size < POSTS) taken.add(site)
  const free = new Set([...taken, ...[...seen].filter((site) => isChosen[site] === 0).slice(0, MOST_SITES)])
  return { kept: chosen.filter((site) => !taken.has(site)), free: [...free].sort((a, b) => a - b) }
}
