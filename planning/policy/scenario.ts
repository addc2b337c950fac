import type { Instant } from '#domain/instant.ts'
import type { Spot } from './fleet.ts'
import { metresBetween } from './fleet.ts'
import type { SimUnit } from './model.ts'

/** What a manager asks about: one unit more here, these posts, this roster. */
export interface Scenario {
  more?: readonly { type: string; at: Spot }[]
  /** Posts that the units of the given types are to share out among themselves. */
  posts?: { types: readonly string[]; at: readonly Spot[] }
  /** When units are on duty, by id; units that are not named keep their shifts. */
  roster?: ReadonlyMap<string, readonly (readonly [from: Instant, to: Instant])[]>
}

/** PY7: the fleet as the scenario has it; the calls stay as they were. */
export function fleetOf(units: readonly SimUnit[], { more = [], posts, roster }: Scenario): SimUnit[] {
  const rostered = units.map((unit) => ({ ...unit, duty: roster?.get(unit.id) ?? unit.duty }))
  const placed = posts ? sharedOut(rostered, posts.types, posts.at) : rostered
  const added = more.map(({ type, at }, n): SimUnit => ({ id: `more ${n + 1}`, type, ...at, duty: null }))
  return [...placed, ...added]
}

/** The nearest pair of post and unit first; when every post has one, round again. */
function sharedOut(units: readonly SimUnit[], types: readonly string[], posts: readonly Spot[]): SimUnit[] {
  const moved = new Map<string, Spot>()
  const left = new Set(units.filter(({ type }) => types.includes(type)))
  while (left.size > 0 && posts.length > 0) {
    const open = new Set(posts)
    while (left.size > 0 && open.size > 0) {
      const { unit, post } = nearestPair(left, open)
      moved.set(unit.id, post)
      left.delete(unit)
      open.delete(post)
    }
  }
  return units.map((unit) => {
    const post = moved.get(unit.id)
    return post ? { ...unit, lng: post.lng, lat: post.lat } : unit
  })
}

function nearestPair(units: ReadonlySet<SimUnit>, posts: ReadonlySet<Spot>): { unit: SimUnit; post: Spot } {
  let best: { unit: SimUnit; post: Spot } | null = null
  let least = Number.POSITIVE_INFINITY
  for (const unit of units)
    for (const post of posts) {
      const metres = metresBetween(unit, post)
      if (metres < least) [best, least] = [{ unit, post }, metres]
    }
  return best as { unit: SimUnit; post: Spot }
}
