import type { DuckDBConnection } from '@duckdb/node-api'
import type { Logger } from 'pino'
import type { Db } from '#db/connect.ts'
import { SECOND_MS } from '#domain/instant.ts'
import { allHeads } from '#server/feed/log.ts'
import type { Ticker } from '#server/ticker.ts'
import { within } from '#server/within.ts'
import { follow } from './follow.ts'
import { Look } from './look.ts'
import { openStore, type Position, positionOf, type Store } from './store.ts'
import type { Words } from './words.ts'

/** What a question is asked of: one tenant's facts, as of one moment. */
export interface CopyReading {
  /** The table. */
  facts: string
  words: Words
  position: Position
  /** Rows of a statement, column by column. */
  columns(sql: string): Promise<unknown[][]>
}

export interface CopyState {
  /** Of the feed; null = there is no copy yet. */
  seq: number | null
  headSeq: number
  /** Tickets copied so far, while a copy is built. */
  building: number | null
}

export interface Response {
  /** The server listens: from now on the copy is kept current beside it. */
  start(): void
  /** Brings the copy to what is committed now, or as far as it comes in a moment; null = it is still being built. */
  ask<T>(tenant: string, doing: (reading: CopyReading) => Promise<T>): Promise<T | null>
  /** All of it, however long it takes: for tests, for `verify`, for a rebuild by hand. */
  current(tenant: string): Promise<void>
  state(tenant: string): Promise<CopyState>
  stop(): Promise<void>
}

interface Opening {
  db: Db
  ticker: Ticker
  log: Logger
  /** Null: in memory. */
  file: string | null
}

/** A commit is in the copy after this and the time of one step, or as soon as somebody asks: in two seconds at the latest. */
const LOOK_MS = 1.5 * SECOND_MS
/** How long an answer waits for the copy; what is asked afterwards is asked of what there is. */
const PATIENCE_MS = 1_500

/** Its name in the data folder. */
export const COPY_FILE = 'response.duckdb'

/** The fast copy beside PostgreSQL: opened when it is first needed, followed by the feed, thrown away when in doubt. */
export function openResponse({ db, ticker, log, file }: Opening): Response {
  let store: Promise<Store> | null = null
  const opened = () => {
    store ??= openStore(file, log).catch((error) => {
      store = null
      throw error
    })
    return store
  }
  const looks = new Map<string, Look>()
  const building = new Map<string, number>()
  const positions = new Map<string, Position>()
  let isStopped = false

  const lookOnce = async (tenant: string) => {
    if (isStopped) return
    try {
      const known = positions.get(tenant) ?? null
      const position = await follow({ db, store: await opened(), tenant }, known, (tickets) => {
        if (isStopped) throw new Error('the server stops')
        building.set(tenant, tickets)
      })
      if (position) positions.set(tenant, position)
    } catch (error) {
      // What was written last is read anew.
      positions.delete(tenant)
      throw error
    } finally {
      building.delete(tenant)
    }
  }
  const current = (tenant: string) => {
    const look = looks.get(tenant) ?? new Look(() => lookOnce(tenant))
    looks.set(tenant, look)
    return look.wanted()
  }
  const beat = async () => {
    const heads = await allHeads(db)
    await Promise.all(heads.map(({ tenant }) => current(tenant)))
  }
  const onError = (error: unknown) => {
    if (!isStopped) log.error({ err: error }, 'the response times could not be followed; they are tried again')
  }
  const beats = beatsOf(ticker, beat, onError)
  return {
    start: beats.start,
    current,
    ask: async (tenant, doing) => {
      const looked = current(tenant).then(() => true)
      // Late is answered from what there is; what went wrong is told.
      looked.catch(() => undefined)
      await within(looked, PATIENCE_MS)
      const { inTransaction, words } = await opened()
      return inTransaction(async (connection) => {
        const position = await positionOf(connection, tenant)
        if (!position) return null
        const columns = (sql: string) => columnsOf(connection, sql)
        return doing({ facts: position.facts, words, position, columns })
      })
    },
    state: async (tenant) => {
      const heads = await allHeads(db)
      const { inTransaction } = await opened()
      const seq = (await inTransaction((connection) => positionOf(connection, tenant)))?.seq ?? null
      const headSeq = heads.find((head) => head.tenant === tenant)?.seq ?? 0
      return { seq, headSeq, building: building.get(tenant) ?? null }
    },
    stop: async () => {
      isStopped = true
      await beats.stop()
      await Promise.allSettled([...looks.values()].map((look) => look.ended()))
      if (store) (await store).close()
    },
  }
}

/** Again and again, never two at once. */
function beatsOf(ticker: Ticker, beat: () => Promise<void>, onError: (error: unknown) => void) {
  let beating: Promise<void> | null = null
  let stopBeat: (() => void) | null = null
  const once = () => {
    beating ??= beat()
      .catch(onError)
      .finally(() => {
        beating = null
      })
  }
  return {
    start: () => {
      stopBeat = ticker.every(LOOK_MS, once)
    },
    stop: async () => {
      stopBeat?.()
      await beating
    },
  }
}

async function columnsOf(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  const reader = await connection.runAndReadAll(sql)
  return reader.getColumns()
}
