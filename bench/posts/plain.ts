import { type MipAnswer, solveMip } from '#planning/mip/mip.ts'
import { ModelBuilder } from '#planning/mip/model.ts'
import type { PostsModel } from '#planning/posts/model.ts'

/** The textbook programme, whole, to HiGHS as it comes: a column for each site and each pair, capacity tied to the site. */
export function solvePlainly(
  { sites, customers, posts, cost, demand, capacity }: PostsModel,
  seconds: number,
): Promise<MipAnswer> {
  const build = new ModelBuilder()
  const once = Array.from({ length: customers }, () => build.row(1, 1))
  const room = Array.from({ length: sites }, () => build.row(Number.NEGATIVE_INFINITY, 0))
  const count = build.row(posts, posts)
  for (let site = 0; site < sites; site++) {
    build.column({ cost: 0 })
    build.entry(room[site] as number, -(capacity[site] as number))
    build.entry(count, 1)
  }
  for (let site = 0; site < sites; site++)
    for (let customer = 0; customer < customers; customer++) {
      build.column({ cost: cost[site * customers + customer] as number })
      build.entry(once[customer] as number, 1)
      build.entry(room[site] as number, demand[customer] as number)
    }
  return solveMip(build.done(), { seconds, isWhole: true })
}
