import type { Bench, Line } from './bench.ts'
import { printTable } from './table.ts'

/** `npm run --silent bench -- NAME [--json] [--long] [CASE…]`: loaded when it is asked for. */
const BENCHES: Record<string, () => Promise<Bench>> = {
  start: async () => (await import('./start.ts')).start,
  assignment: async () => (await import('./assignment/assignment.ts')).assignment,
  fanout: async () => (await import('./fanout/fanout.ts')).fanout,
  plans: async () => (await import('./assignment/product.ts')).plans,
  take: async () => (await import('./take.ts')).take,
  response: async () => (await import('./response/response.ts')).response,
  cover: async () => (await import('./cover.ts')).cover,
  posts: async () => (await import('./posts/posts.ts')).posts,
  policy: async () => (await import('./policy.ts')).policy,
  roster: async () => (await import('./roster/roster.ts')).roster,
}

const [name = '', ...words] = process.argv.slice(2)
const flags = words.filter((word) => word.startsWith('--'))
const cases = words.filter((word) => !word.startsWith('--'))
const asJson = flags.includes('--json')
const load = BENCHES[name]
if (!load || flags.some((flag) => flag !== '--json' && flag !== '--long')) {
  process.stderr.write(
    `npm run --silent bench -- NAME [--json] [--long] [CASE…]; NAME is one of ${Object.keys(BENCHES).join(', ')}\n`,
  )
  process.exit(2)
}

const { about, run } = await load()
const lines: Line[] = []
const say = (progress: string) => process.stderr.write(`${progress}\n`)
if (!asJson) process.stdout.write(`${about}\n\n`)
const report = (line: Line) => {
  lines.push(line)
  if (asJson) process.stdout.write(`${JSON.stringify(line)}\n`)
}
await run(report, say, { cases, isLong: flags.includes('--long') })
if (!asJson) printTable(lines)
// Whatever a bench has left open (servers, sockets) ends with it.
process.exit(0)
