import { join } from 'node:path'
import { pino } from 'pino'
import type { Bench, Line } from '#bench/bench.ts'
import type { Grant } from '#domain/access.ts'
import { questionOf } from '#domain/response-question.ts'
import { openResponse, type Response } from '#server/response/response.ts'
import { timesOf } from '#server/response/times.ts'
import { realTicker } from '#server/ticker.ts'
import type { ResponseAnswer } from '#wire/routes/response.ts'
import { askPeer, makePeer, type PeerRow } from './peer.ts'
import { type BenchQuestion, questionsFor } from './questions.ts'
import { measureUpkeep } from './upkeep.ts'
import { makeWorld, TENANT, type World } from './world.ts'

const SIZES: Record<string, number> = { '1M': 1_000_000, '10M': 10_000_000 }
const WARM_UP = 5
const ROUNDS = 40
/** PostgreSQL's own times lie minutes apart where ours lie milliseconds: a few are enough. */
const PEER_ROUNDS: Record<string, number> = { '1M': 5, '10M': 2 }

const GRANTS: readonly Grant[] = [
  {
    tenant: TENANT,
    role: 'manager',
    districtCode: null,
    subdistrictCode: null,
    neighbourhoodCode: null,
    firmId: null,
    unitId: null,
    ticketId: null,
  },
]

export const response: Bench = {
  about:
    'One generated year of Shenyang, 5,000 communities, 1 million and (with 10M or --long) 10 million tickets: n, median and 90th\n' +
    'percentile of report → on site, with all exclusions, asked of the copy; beside it percentile_cont over the same rows in the\n' +
    'same PostgreSQL, indexed. `differs` is the largest difference of any of its numbers, in seconds.\n' +
    questionsFor('…')
      .map(({ name, says }) => `  ${name}: ${says}`)
      .join('\n'),
  async run(report, say, { cases, isLong }) {
    const sizes = Object.keys(SIZES).filter((name) =>
      cases.length > 0 ? cases.includes(name) : name === '1M' || isLong,
    )
    for (const size of sizes) await measure(size, report, say)
  },
}

async function measure(size: string, report: (line: Line) => void, say: (progress: string) => void): Promise<void> {
  const world = await makeWorld(SIZES[size] as number, say)
  const log = pino({ level: 'warn' }, pino.destination(2))
  const copy = openResponse({ db: world.db, ticker: realTicker, log, file: join(world.folder, 'response.duckdb') })
  const line = (name: string, metric: string, value: number, unit: string) =>
    report({ bench: 'response', case: `${size} ${name}`, metric, value, unit })
  try {
    say('the copy is built …')
    const beganAt = performance.now()
    await copy.current(TENANT)
    line('rebuild', 'seconds', (performance.now() - beganAt) / 1_000, 's')
    line('rebuild', 'memory', process.memoryUsage().rss / 2 ** 20, 'MiB')
    say('the peer is built …')
    await makePeer(world)
    for (const question of questionsFor(await busiest(world))) {
      say(question.says)
      const ours = await askOften(copy, question)
      line(question.name, 'p95', ours.p95, 'ms')
      line(question.name, 'median', ours.median, 'ms')
      const theirs = await askPeerOften(world, question, PEER_ROUNDS[size] ?? 1)
      line(question.name, 'percentile_cont', theirs.median, 'ms')
      line(question.name, 'timesFaster', theirs.median / ours.median, '×')
      line(question.name, 'differs', difference(ours.answer, theirs.rows, theirs.before), 's')
      line(question.name, 'rows', ours.answer.rows.length, 'rows')
    }
    line('questions', 'memory', process.memoryUsage().rss / 2 ** 20, 'MiB')
    say('keeping current …')
    await measureUpkeep(world, copy, line)
  } finally {
    await copy.stop()
    await world.end()
  }
}

async function busiest({ sql }: World): Promise<string> {
  const [row] =
    await sql`select community_id from tickets where number < 100000 group by 1 order by count(*) desc limit 1`
  return row?.community_id as string
}

async function askOnce(copy: Response, { asked, before = undefined }: BenchQuestion): Promise<ResponseAnswer> {
  const question = questionOf(asked)
  if (!question) throw new Error('no question')
  const answer = await copy.ask(TENANT, (reading) =>
    timesOf(reading, { question, before: before ?? null, grants: GRANTS }),
  )
  if (!answer) throw new Error('no answer')
  // What the door sends.
  JSON.stringify(answer)
  return answer
}

async function askOften(copy: Response, question: BenchQuestion) {
  for (let i = 0; i < WARM_UP; i++) await askOnce(copy, question)
  const times: number[] = []
  let answer: ResponseAnswer | null = null
  for (let i = 0; i < ROUNDS; i++) {
    const beganAt = performance.now()
    answer = await askOnce(copy, question)
    times.push(performance.now() - beganAt)
  }
  times.sort((a, b) => a - b)
  return { p95: at(times, 0.95), median: at(times, 0.5), answer: answer as ResponseAnswer }
}

const at = (sorted: readonly number[], share: number) => sorted[Math.ceil(share * sorted.length) - 1] as number

async function askPeerOften(world: World, { peer }: BenchQuestion, rounds: number) {
  const { key, where, before } = peer
  const times: number[] = []
  let [rows, earlier]: [PeerRow[], PeerRow[]] = [[], []]
  for (let i = 0; i < rounds; i++) {
    const beganAt = performance.now()
    rows = await askPeer(world, key, where)
    if (before) earlier = await askPeer(world, key, before)
    times.push(performance.now() - beganAt)
  }
  times.sort((a, b) => a - b)
  return { median: at(times, 0.5), rows, before: earlier }
}

/** Infinite when a key or a count is another. */
function difference(answer: ResponseAnswer, rows: readonly PeerRow[], before: readonly PeerRow[]): number {
  const theirs = new Map(rows.map((row) => [row.key, row]))
  const earlier = new Map(before.map((row) => [row.key, row]))
  let largest = answer.rows.filter(({ n }) => n > 0).length === rows.length ? 0 : Number.POSITIVE_INFINITY
  const compare = (mine: { n: number; p50: number | null; p90: number | null }, other: PeerRow | undefined) => {
    if (mine.n !== (other?.n ?? 0)) largest = Number.POSITIVE_INFINITY
    if (other) largest = Math.max(largest, Math.abs((mine.p50 ?? 0) - other.p50), Math.abs((mine.p90 ?? 0) - other.p90))
  }
  for (const row of answer.rows) {
    compare(row, theirs.get(row.key))
    if (row.before) compare(row.before, earlier.get(row.key))
  }
  return largest
}
