import type { Bench, Metric } from './metric.ts'

/** `npm run --silent bench -- NAME [--json]`: one bench a file, loaded when it is asked for. */
const BENCHES: Record<string, () => Promise<Bench>> = {
  start: async () => (await import('./start.ts')).start,
}

const [name = '', ...flags] = process.argv.slice(2)
const asJson = flags.includes('--json')
const load = BENCHES[name]
if (!load) {
  process.stderr.write(`npm run --silent bench -- NAME [--json], NAME one of ${Object.keys(BENCHES).join(', ')}\n`)
  process.exit(2)
}

const metrics: Metric[] = []
const bench = await load()
await bench((metric) => {
  metrics.push(metric)
  if (asJson) process.stdout.write(`${JSON.stringify({ bench: name, ...metric })}\n`)
})
if (!asJson) process.stdout.write(table(metrics))

function table(rows: readonly Metric[]): string {
  const width = Math.max(...rows.map((row) => row.case.length))
  const line = (row: Metric) =>
    `${row.case.padEnd(width)}  ${row.metric.padEnd(14)} ${String(row.value).padStart(10)} ${row.unit}\n`
  return rows.map(line).join('')
}
