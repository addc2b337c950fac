import type { Outcome } from '#cli/outcome.ts'
import type { SolveOptions } from '#cli/solve/options.ts'
import { runSolve, type Solvable } from '#cli/solve/solve.ts'
import type { Placement, PostsModel } from '#planning/posts/model.ts'
import { parsePmedcap } from '#planning/posts/pmedcap.ts'
import { solvePosts } from '#planning/posts/solve.ts'

export const solvePostsFile = (file: string, options: SolveOptions): Promise<Outcome> => runSolve(posts, file, options)

const posts: Solvable<PostsModel, Placement> = {
  read(text) {
    const parsed = parsePmedcap(text)
    return parsed.ok ? { ok: true, problem: parsed.model } : parsed
  },
  async solve(model, run) {
    const { placement, bound, status } = await solvePosts(model, run)
    return { status, objective: placement?.cost ?? null, bound, plan: placement }
  },
  /** The median of each customer, numbered from 1 as the file numbers them. */
  write: ({ siteOf }) => `${Array.from(siteOf, (site) => site + 1).join(' ')}\n`,
}
