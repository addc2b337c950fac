import type { Db } from '#db/connect.ts'
import { factsOf, needsLog, type TimedTicket } from '#domain/response-facts.ts'
import { zoneOffsets } from '#domain/zone.ts'
import type { CopiedFact } from './columns.ts'
import { copierOf, fill } from './fill.ts'
import {
  firmsOfUnits,
  ticketsTouched,
  timedLogs,
  timedTicketsAfter,
  timedTicketsOf,
  type ZonedHead,
  zonedHead,
} from './queries.ts'
import { createHeap, moveTo, type Position, positionOf, type Store, stepTo } from './store.ts'
import type { Words } from './words.ts'

/** Tickets read at a time: a few milliseconds of work between two breaths of the server. */
const PAGE = 1_000
/** Events followed in one step. */
const STEP = 500
/** Rows brought up beside the others before all are put in order again: their months are then read less well. */
const UNORDERED_MOST = 50_000
const UNORDERED_SHARE = 0.25

/** Where months and places lie together, a question reads only what it asks for. */
const ORDER = 'month, h8, number'

const HEAP = 'heap'

interface Following {
  db: Db
  store: Store
  tenant: string
}

/** Told while a copy is built: so many tickets are in it. */
export type Progress = (tickets: number) => void

/**
 * RT9: brings the copy of one tenant to the head of its feed and answers where it stands. The log is followed by its numbers; a
 * copy that the log no longer leads to (none yet, another epoch, other local hours) is built anew, while the old one goes on
 * answering. `known` is where it stood at the end of the last look; this process alone writes it.
 */
export async function follow(
  following: Following,
  known: Position | null,
  onBuilding: Progress,
): Promise<Position | null> {
  const { db, store, tenant } = following
  const head = await zonedHead(db, tenant)
  if (!head) return null
  const before = known ?? (await store.inTransaction((connection) => positionOf(connection, tenant)))
  if (!before || isLost(before, head)) return build(following, head, before?.facts ?? null, onBuilding)
  let at = before
  while (at.seq < head.seq) at = await step(following, at, head.seq)
  return putInOrder(following, at)
}

const isLost = (before: Position, head: ZonedHead) =>
  before.epoch !== head.epoch ||
  before.timeZone !== head.timeZone ||
  head.seq < before.seq ||
  head.oldest > before.seq + 1

/**
 * The position is read first and the tickets afterwards, page by page: whatever changes meanwhile is told by an event after
 * the position, and read again when that is followed.
 */
async function build(
  following: Following,
  { epoch, seq, timeZone }: ZonedHead,
  old: string | null,
  onBuilding: Progress,
): Promise<Position> {
  const { db, store, tenant } = following
  const built: Position = { tenant, facts: store.newTable(), epoch, seq, timeZone, unordered: 0 }
  await store.apart(async (connection) => {
    await connection.run(createHeap(HEAP))
    let tickets = 0
    for (let last = 0; ; ) {
      const page = await timedTicketsAfter(db, tenant, last, PAGE)
      const end = page.at(-1)
      if (!end) break
      await fill(connection, HEAP, await copied({ db, tenant, words: store.words }, page, timeZone))
      last = end.number
      tickets += page.length
      onBuilding(tickets)
    }
    await store.words.keep()
    await connection.run('begin')
    await connection.run(`create table ${built.facts} as select * from ${HEAP} order by ${ORDER}`)
    if (old) await connection.run(`drop table ${old}`)
    await moveTo(connection, built)
    await connection.run('commit')
  })
  return built
}

async function step(following: Following, before: Position, headSeq: number): Promise<Position> {
  const { db, store, tenant } = following
  const to = Math.min(headSeq, before.seq + STEP)
  const touched = await ticketsTouched(db, tenant, before.seq, to)
  const some = touched.ids.length + touched.numbers.length > 0
  // Read after the events: as new as they are or newer, and what is newer comes once more.
  const tickets = some ? await timedTicketsOf(db, tenant, touched) : []
  const rows = await copied({ db, tenant, words: store.words }, tickets, before.timeZone)
  await store.words.keep()
  const after = { ...before, seq: to, unordered: before.unordered + rows.length }
  await store.inTransaction(async (connection) => {
    if (tickets.length > 0) {
      const numbers = tickets.map(({ number }) => number)
      await connection.run(
        `delete from ${before.facts} where number between ${Math.min(...numbers)} and ${Math.max(...numbers)} and number in (${numbers.join(', ')})`,
      )
    }
    await fill(connection, before.facts, rows)
    await stepTo(connection, after)
  })
  return after
}

/** Tickets as rows of the copy. */
export async function copied(
  { db, tenant, words }: Pick<Following, 'db' | 'tenant'> & { words: Words },
  page: readonly TimedTicket[],
  timeZone: string,
): Promise<CopiedFact[]> {
  const logged = page.filter(needsLog)
  const logs = await timedLogs(
    db,
    logged.map(({ id }) => id),
  )
  const firms = page.some(({ round }) => round > 1) ? await firmsOfUnits(db, tenant) : new Map<string, string>()
  const copy = copierOf(zoneOffsets(timeZone), words)
  const facts = page.flatMap((ticket) => factsOf(ticket, logs.get(ticket.id) ?? [], (id) => firms.get(id) ?? null))
  return facts.map(copy)
}

/** A copy that grew by much is written anew in its order, beside itself. */
async function putInOrder({ store }: Following, position: Position): Promise<Position> {
  if (position.unordered < UNORDERED_MOST) return position
  const ordered: Position = { ...position, facts: store.newTable(), unordered: 0 }
  return store.inTransaction(async (connection) => {
    const counted = await connection.runAndReadAll(`select count(*)::integer from ${position.facts}`)
    if (position.unordered < UNORDERED_SHARE * Number(counted.getRows()[0]?.[0])) return position
    await connection.run(`create table ${ordered.facts} as select * from ${position.facts} order by ${ORDER}`)
    await connection.run(`drop table ${position.facts}`)
    await moveTo(connection, ordered)
    return ordered
  })
}
