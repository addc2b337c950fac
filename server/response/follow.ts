import type { Db } from '#db/connect.ts'
import type { ResponseFact } from '#domain/response.ts'
import { factsOf, needsLog, type TimedTicket } from '#domain/response-facts.ts'
import { zoneOffsets } from '#domain/zone.ts'
import { type FeedHead, headOf } from '#server/feed/log.ts'
import { tenantByCode } from '#server/places/queries.ts'
import type { CopiedFact } from './columns.ts'
import { copierOf, fill } from './fill.ts'
import { firmsOfUnits, ticketsTouched, timedLogs, timedTicketsAfter, timedTicketsOf } from './queries.ts'
import { createTable, moveTo, type Position, positionOf, type Store } from './store.ts'

/** Tickets read at a time: a few milliseconds of work between two breaths of the server. */
const PAGE = 1_000
/** Events followed in one step. */
const STEP = 500
/** Rows brought up beside the others before all are put in order again: their months are then read less well. */
const UNORDERED_MOST = 50_000
const UNORDERED_SHARE = 0.25

/** Where months and places lie together, a question reads only what it asks for. */
const ORDER = 'month, h10, number'

interface Following {
  db: Db
  store: Store
  tenant: string
}

/** Told while a copy is built: so many tickets are in it. */
export type Progress = (tickets: number) => void

/**
 * RT9: brings the copy of one tenant to the head of its feed. The log is followed by its numbers; a copy that the log no longer
 * leads to (none yet, another epoch, other local hours) is built anew, while the old one goes on answering.
 */
export async function follow(following: Following, onBuilding: Progress): Promise<void> {
  const { db, store, tenant } = following
  const city = await tenantByCode(db, tenant)
  const head = await headOf(db, tenant)
  if (!city || !head) return
  const before = await store.inTransaction((connection) => positionOf(connection, tenant))
  if (!before || isLost(before, head) || before.timeZone !== city.timeZone)
    return build(following, { head, timeZone: city.timeZone, old: before?.facts ?? null }, onBuilding)
  let at = before
  while (at.seq < head.seq) at = await step(following, at, head.seq)
  await putInOrder(following, at)
}

const isLost = (before: Position, head: FeedHead) =>
  before.epoch !== head.epoch || head.seq < before.seq || head.oldest > before.seq + 1

/**
 * The position is read first and the tickets afterwards, page by page: whatever changes meanwhile is told by an event after
 * the position, and read again when that is followed.
 */
async function build(
  following: Following,
  { head, timeZone, old }: { head: FeedHead; timeZone: string; old: string | null },
  onBuilding: Progress,
): Promise<void> {
  const { db, store, tenant } = following
  const [heap, ordered] = [store.newTable(), store.newTable()]
  await store.inTransaction((connection) => connection.run(createTable(heap)))
  try {
    let built = 0
    for (let last = 0; ; ) {
      const page = await timedTicketsAfter(db, tenant, last, PAGE)
      const end = page.at(-1)
      if (!end) break
      const rows = await copied(following, page, timeZone)
      await store.inTransaction((connection) => fill(connection, heap, rows))
      last = end.number
      built += page.length
      onBuilding(built)
    }
    await store.words.keep()
    const { epoch, seq } = head
    await store.inTransaction(async (connection) => {
      await connection.run(`create table ${ordered} as select * from ${heap} order by ${ORDER}`)
      if (old) await connection.run(`drop table ${old}`)
      await moveTo(connection, { tenant, facts: ordered, epoch, seq, timeZone, unordered: 0 })
    })
  } finally {
    await store.inTransaction((connection) => connection.run(`drop table if exists ${heap}`))
  }
}

async function step(following: Following, before: Position, headSeq: number): Promise<Position> {
  const { db, store, tenant } = following
  const to = Math.min(headSeq, before.seq + STEP)
  const touched = await ticketsTouched(db, tenant, before.seq, to)
  const some = touched.ids.length + touched.numbers.length > 0
  // Read after the events: as new as they are or newer, and what is newer comes once more.
  const tickets = some ? await timedTicketsOf(db, tenant, touched) : []
  const rows = await copied(following, tickets, before.timeZone)
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
    await moveTo(connection, after)
  })
  return after
}

async function copied({ db, store, tenant }: Following, page: readonly TimedTicket[], timeZone: string) {
  const logged = page.filter(needsLog)
  const logs = await timedLogs(
    db,
    logged.map(({ id }) => id),
  )
  const firms = page.some(({ round }) => round > 1) ? await firmsOfUnits(db, tenant) : new Map<string, string>()
  const copy = copierOf(zoneOffsets(timeZone), store.words)
  const facts = page.flatMap((ticket) => factsOf(ticket, logs.get(ticket.id) ?? [], (id) => firms.get(id) ?? null))
  return facts.map((fact: ResponseFact): CopiedFact => copy(fact))
}

/** A copy that grew by much is written anew in its order, beside itself. */
async function putInOrder({ store }: Following, position: Position): Promise<void> {
  if (position.unordered < UNORDERED_MOST) return
  const ordered = store.newTable()
  await store.inTransaction(async (connection) => {
    const counted = await connection.runAndReadAll(`select count(*)::integer from ${position.facts}`)
    if (position.unordered < UNORDERED_SHARE * Number(counted.getRows()[0]?.[0])) return
    await connection.run(`create table ${ordered} as select * from ${position.facts} order by ${ORDER}`)
    await connection.run(`drop table ${position.facts}`)
    await moveTo(connection, { ...position, facts: ordered, unordered: 0 })
  })
}
