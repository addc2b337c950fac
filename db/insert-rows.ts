import { getTableColumns, getTableName, type InferInsertModel, sql } from 'drizzle-orm'
import { CasingCache } from 'drizzle-orm/casing'
import { PgCustomColumn, type PgTable } from 'drizzle-orm/pg-core'
import type { DbOrTx } from './connect.ts'

const casing = new CasingCache('snake_case')

/** Text of one statement stays small enough for both sides to hold it without thinking. */
const ROWS_AT_ONCE = 5_000

/**
 * Inserts any number of rows: sent as one JSON text a statement, which is many times faster than a parameter for each value and
 * knows no limit of 65,535 of them. All rows bear the columns of the first; the others keep their defaults.
 */
export async function insertRows<T extends PgTable>(
  db: DbOrTx,
  table: T,
  rows: readonly InferInsertModel<T>[],
  onConflict: 'fail' | 'skip' = 'fail',
): Promise<void> {
  const first = rows[0] as Record<string, unknown> | undefined
  if (!first) return
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key in first)
  const named = columns.map(([key, column]) => ({ key, column, name: casing.getColumnCasing(column) }))
  const list = sql.join(
    named.map(({ name }) => sql.identifier(name)),
    sql`, `,
  )
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE) as Record<string, unknown>[]
    const json = JSON.stringify(
      some.map((row) => Object.fromEntries(named.map((one) => [one.name, toJson(one.column, row[one.key])]))),
    )
    const source = sql`json_populate_recordset(null::${sql.identifier(getTableName(table))}, ${json}::json)`
    const rest = onConflict === 'skip' ? sql` on conflict do nothing` : sql``
    await db.execute(sql`insert into ${table} (${list}) select ${list} from ${source}${rest}`)
  }
}

/** Columns of our own types (moments) as they are written to the database; everything else is JSON already. */
const toJson = (column: unknown, value: unknown) =>
  column instanceof PgCustomColumn && value !== null && value !== undefined ? column.mapToDriverValue(value) : value
