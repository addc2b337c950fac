import type { DuckDBConnection } from '@duckdb/node-api'
import type { Logger } from 'pino'
import type { Db } from '#db/connect.ts'
import { SECOND_MS } from '#domain/instant.ts'
import { allHeads } from '#server/feed/log.ts'
import type { Ticker } from '#server/ticker.ts'
import { within } from '#server/within.ts'
import { follow } from './follow.ts'
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

/** A commit is in the copy after this and the time of one step. */
const LOOK_MS = SECOND_MS
/** How long an answer waits for the copy; what is asked afterwards is asked of what there is. */
const PATIENCE_MS = 1_500

/** The fast copy beside PostgreSQL: opened when it is first needed, followed by the feed, thrown away when in doubt. */
export function openResponse({ db, ticker, log, file }: Opening): Response {
  let store: Promise<Store> | null = null
  const opened = () => {
    store ??= openStore(file, log)
    return store
  }
  const looks = new Map<string, Look>()
  const building = new Map<string, number>()
  let isStopped = false

  const lookOnce = async (tenant: string) => {
    if (isStopped) return
    try {
      await follow({ db, store: await opened(), tenant }, (tickets) => {
        if (isStopped) throw new Error('the server stops')
        building.set(tenant, tickets)
      })
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
  let beating: Promise<void> | null = null
  let stopBeat: (() => void) | null = null
  const start = () => {
    const once = () => {
      beating ??= beat()
        .catch((error) => {
          if (!isStopped) log.error({ err: error }, 'the response times could not be followed; they are tried again')
        })
        .finally(() => {
          beating = null
        })
    }
    stopBeat = ticker.every(LOOK_MS, once)
    once()
  }
  return {
    start,
    current,
    ask: async (tenant, doing) => {
      const looked = current(tenant).then(() => true)
      // Late is answered from what there is; what went wrong is told.
      looked.catch(() => undefined)
      await within(looked, PATIENCE_MS)
      const { inTransaction, words } = await opened()
      return inTransaction(async (connection) => {
        const position = await positionOf(connection, tenant)
        const columns = (sql: string) => columnsOf(connection, sql)
        return position && doing({ facts: position.facts, words, position, columns })
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
      stopBeat?.()
      await beating
      await Promise.allSettled([...looks.values()].map((look) => look.ended()))
      if (store) (await store).close()
    },
  }
}

/** One look at a time; a wish during one is met by another that begins after it, for the first may have passed it by. */
class Look {
  readonly #look: () => Promise<void>
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null

  constructor(look: () => Promise<void>) {
    this.#look = look
  }

  wanted(): Promise<void> {
    if (!this.#running) {
      this.#running = this.#look().finally(() => {
        this.#running = null
      })
      return this.#running
    }
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = null
        return this.wanted()
      })
    return this.#next
  }

  async ended(): Promise<void> {
    while (this.#running) await this.#running.catch(() => undefined)
  }
}

async function columnsOf(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  const reader = await connection.runAndReadAll(sql)
  return reader.getColumns()
}
