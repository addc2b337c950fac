import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { schema } from './schema.ts'

export type Db = PostgresJsDatabase<typeof schema>
/** A transaction is used exactly like the database; queries take whichever they are given. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]
export type DbOrTx = Db | Tx

export interface OpenDb {
  db: Db
  /** The driver itself: for COPY, LISTEN and nothing else. */
  sql: postgres.Sql
  close(): Promise<void>
}

/** Opens a pool to a PostgreSQL of any kind; the same driver and SQL whether it is embedded or managed. */
export function openDb(url: string, options: { max?: number } = {}): OpenDb {
  const sql = postgres(url, {
    max: options.max ?? 12,
    onnotice: () => undefined,
    connection: { application_name: 'hongguan' },
  })
  return { db: drizzle(sql, { schema, casing: 'snake_case' }), sql, close: () => sql.end({ timeout: 5 }) }
}
