/** A problem as the file says it, read by nobody else's code: a plan is judged by what it was asked, not by what was understood. */
export interface Published {
  bestKnown: number
  posts: number
  capacity: number
  /** x, y, demand by customer. */
  customers: readonly (readonly [number, number, number])[]
}

export function readPublished(text: string): Published {
  const [, bestKnown = 0, count = 0, posts = 0, capacity = 0, ...rest] = text.trim().split(/\s+/).map(Number)
  const customers = Array.from({ length: count }, (_, n): [number, number, number] => {
    const [, x = 0, y = 0, demand = 0] = rest.slice(4 * n, 4 * n + 4)
    return [x, y, demand]
  })
  return { bestKnown, posts, capacity, customers }
}

/** The cost of a plan given as 1-based medians, or null when it breaks a rule. */
export function costOfPlan({ posts, capacity, customers }: Published, medians: readonly number[]): number | null {
  if (medians.length !== customers.length || new Set(medians).size > posts) return null
  const load = new Map<number, number>()
  let cost = 0
  for (const [n, median] of medians.entries()) {
    const [from, to] = [customers[n], customers[median - 1]]
    if (!from || !to) return null
    cost += Math.floor(Math.hypot(from[0] - to[0], from[1] - to[1]))
    load.set(median, (load.get(median) ?? 0) + from[2])
  }
  return [...load.values()].every((sum) => sum <= capacity) ? cost : null
}
