import type { InferInsertModel } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { DbOrTx } from '#db/connect.ts'

/** PostgreSQL takes at most 65,535 values in one statement; our widest row of this kind has 20 columns. */
const ROWS_AT_ONCE = 2_000

/** Inserts any number of rows, in as few statements as PostgreSQL allows. */
export async function insertMany<T extends PgTable>(
  tx: DbOrTx,
  table: T,
  rows: readonly InferInsertModel<T>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx.insert(table).values(rows.slice(from, from + ROWS_AT_ONCE) as never)
  }
}
