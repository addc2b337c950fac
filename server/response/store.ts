import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Logger } from 'pino'
import { COLUMNS } from './columns.ts'
import { openWords, type Words } from './words.ts'

/** How far the copy of one tenant reaches, and under which name it lies. */
export interface Position {
  tenant: string
  /** Table of its facts. */
  facts: string
  epoch: string
  /** Everything of the feed up to here is in it. */
  seq: number
  /** The zone its local hours are of. */
  timeZone: string
  /** Rows added since the table was last put in order. */
  unordered: number
}

/** The engine with the copy in it. Rebuilt from PostgreSQL whenever it cannot be trusted, so nothing in it is precious. */
export interface Store {
  words: Words
  /** Runs statements of one moment, beside others; all or nothing. */
  inTransaction<T>(doing: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** A connection of one's own, for a table that lives only as long. */
  apart<T>(doing: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** A name no table has. */
  newTable(): string
  close(): void
}

/** What a copy looks like; another number makes every copy be built again. */
const VERSION = 1
/** For joins, sorts and the pages of the file together; more goes to disk beside the file. */
const MEMORY = '512MB'
/** Two are enough for the longest question, and leave a larger machine's cores to the control room. */
const THREADS = Math.min(2, availableParallelism())

/** `file` null: in memory, for a test or where the folder cannot be used. */
export async function openStore(file: string | null, log: Logger): Promise<Store> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const open = (path: string) => DuckDBInstance.create(path, { threads: String(THREADS), memory_limit: MEMORY })
  const instance = await openFile(open, file, log)
  return storeOf(instance)
}

type Open = (path: string) => Promise<DuckDBInstance>

async function openFile(open: Open, file: string | null, log: Logger): Promise<DuckDBInstance> {
  if (file === null) return prepared(await open(':memory:'))
  try {
    return await prepared(await open(file))
  } catch (error) {
    if (isLocked(error)) {
      log.warn({ file }, 'another process holds the copy of the response times; this one keeps its own in memory')
      return prepared(await open(':memory:'))
    }
    log.warn({ file, err: error }, 'the copy of the response times cannot be read; it is built again')
    for (const path of [file, `${file}.wal`]) rmSync(path, { force: true })
    return prepared(await open(file))
  }
}

const isLocked = (error: unknown) => /lock/i.test((error as Error).message)

async function prepared(instance: DuckDBInstance): Promise<DuckDBInstance> {
  const connection = await instance.connect()
  try {
    await connection.run('create table if not exists version (version integer)')
    const found = (await connection.runAndReadAll('select version from version')).getRows()[0]?.[0]
    if (found !== undefined && found !== VERSION) throw new Error(`version ${found} of the copy`)
    if (found === undefined) await connection.run(`insert into version values (${VERSION})`)
    await connection.run('create table if not exists words (id integer, word varchar)')
    await connection.run(
      'create table if not exists positions (tenant varchar, facts varchar, epoch varchar, seq bigint, zone varchar, unordered integer)',
    )
    return instance
  } catch (error) {
    connection.closeSync()
    instance.closeSync()
    throw error
  }
}

async function storeOf(instance: DuckDBInstance): Promise<Store> {
  const own = await instance.connect()
  const words = await openWords(own)
  const named = (
    await own.runAndReadAll("select table_name from duckdb_tables() where table_name like 'facts_%'")
  ).getRows()
  let tables = Math.max(0, ...named.map(([name]) => Number(String(name).slice('facts_'.length))))
  const idle: DuckDBConnection[] = []

  const inTransaction = async <T>(doing: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    const connection = idle.pop() ?? (await instance.connect())
    try {
      await connection.run('begin')
      const answer = await doing(connection)
      await connection.run('commit')
      idle.push(connection)
      return answer
    } catch (error) {
      // Whatever state it is in, nobody uses it again; what it had not committed is gone.
      connection.closeSync()
      throw error
    }
  }
  return {
    words,
    inTransaction,
    apart: async (doing) => {
      const connection = await instance.connect()
      try {
        return await doing(connection)
      } finally {
        connection.closeSync()
      }
    },
    newTable: () => `facts_${++tables}`,
    close: () => {
      for (const connection of idle) connection.closeSync()
      own.closeSync()
      instance.closeSync()
    },
  }
}

export async function positionOf(connection: DuckDBConnection, tenant: string): Promise<Position | null> {
  const found = await connection.runAndReadAll('select * from positions where tenant = $1', [tenant])
  const [row] = found.getRows()
  if (!row) return null
  const [, facts, epoch, seq, timeZone, unordered] = row
  return {
    tenant,
    facts: String(facts),
    epoch: String(epoch),
    seq: Number(seq),
    timeZone: String(timeZone),
    unordered: Number(unordered),
  }
}

/** In the transaction that brought the rows: a copy is never further than it says. */
export const stepTo = (connection: DuckDBConnection, { tenant, seq, unordered }: Position) =>
  connection.run(`update positions set seq = ${seq}, unordered = ${unordered} where tenant = $1`, [tenant])

/** The same for a copy that is new or lies elsewhere. */
export async function moveTo(connection: DuckDBConnection, position: Position): Promise<void> {
  const { tenant, facts, epoch, seq, timeZone, unordered } = position
  await connection.run('delete from positions where tenant = $1', [tenant])
  await connection.run('insert into positions values ($1, $2, $3, $4, $5, $6)', [
    tenant,
    facts,
    epoch,
    BigInt(seq),
    timeZone,
    unordered,
  ])
}

/** Not on disk, save what has no room in memory: a heap that is put in order and thrown away. */
export const createHeap = (name: string): string =>
  `create temp table ${name} (${COLUMNS.map((column) => `${column.name} ${column.type}`).join(', ')})`
