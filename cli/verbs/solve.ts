import { Command } from 'commander'
import { type SolveOptions, solveVerb } from '#cli/solve/options.ts'
import { does } from '#cli/verb.ts'

export function solveCommand(): Command {
  const assignment = solveVerb('assignment', 'Gives each job to one agent at the least cost.', ['orlib'])
  does<SolveOptions>(assignment, async (options, file) => {
    const { solveAssignmentFile } = await import('./solve-assignment.ts')
    return solveAssignmentFile(file as string, options)
  })
  const posts = solveVerb('posts', 'Chooses where to stand, and who is served from where, at the least distance.', [
    'pmedcap',
  ])
  does<SolveOptions>(posts, async (options, file) => {
    const { solvePostsFile } = await import('./solve-posts.ts')
    return solvePostsFile(file as string, options)
  })
  const roster = solveVerb('roster', 'Gives everybody their shifts within every limit, at the least penalty.', [
    'shift-scheduling',
  ])
  does<SolveOptions>(roster, async (options, file) => {
    const { solveRosterFile } = await import('./solve-roster.ts')
    return solveRosterFile(file as string, options)
  })
  return new Command('solve')
    .description('A planning problem, solved with a proven bound.')
    .addCommand(assignment)
    .addCommand(posts)
    .addCommand(roster)
}
