import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import type { ResponseFact } from '#domain/response.ts'
import { H3_RESOLUTIONS, h3CellAt, localSlot } from '#domain/response-cells.ts'
import { type Cell, COLUMNS, type ColumnType, type CopiedFact } from './columns.ts'
import type { Words } from './words.ts'

/** Rows the engine takes at once. */
const CHUNK = 2_048

/** Makes rows of facts: their local hour by the tenant's clock, their hexagon, the numbers of their words. */
export function copierOf(offsetAt: (at: number) => number, words: Words): (fact: ResponseFact) => CopiedFact {
  const { idOf } = words
  return (fact) => ({
    fact,
    idOf,
    slot: localSlot(fact.startedAt, offsetAt(fact.startedAt)),
    cells: cellsOf(fact),
  })
}

/** Hexagons are dear to reckon, and most tickets are of an estate's own point. */
const known = new Map<string, bigint[]>()
const MOST_KNOWN = 20_000

function cellsOf({ lng, lat }: ResponseFact): bigint[] {
  const point = `${lng} ${lat}`
  let cells = known.get(point)
  if (!cells) {
    cells = H3_RESOLUTIONS.map((resolution) => h3CellAt(lng, lat, resolution))
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(point, cells)
  }
  return cells
}

/** Appends rows to a table of the copy, column by column. */
export async function fill(connection: DuckDBConnection, table: string, rows: readonly CopiedFact[]): Promise<void> {
  if (rows.length === 0) return
  const { DuckDBDataChunk } = await import('@duckdb/node-api')
  const types = await columnTypes()
  const appender = await connection.createAppender(table)
  try {
    for (let from = 0; from < rows.length; from += CHUNK) {
      const some = rows.slice(from, from + CHUNK)
      const chunk = DuckDBDataChunk.create(types, some.length)
      for (const [i, column] of COLUMNS.entries()) {
        const values: Cell[] = some.map(column.value)
        chunk.setColumnValues(i, values)
      }
      appender.appendDataChunk(chunk)
    }
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
}

async function columnTypes(): Promise<DuckDBType[]> {
  const engine = await import('@duckdb/node-api')
  const types: Record<ColumnType, DuckDBType> = {
    INTEGER: engine.INTEGER,
    SMALLINT: engine.SMALLINT,
    UTINYINT: engine.UTINYINT,
    BIGINT: engine.BIGINT,
    UBIGINT: engine.UBIGINT,
    DOUBLE: engine.DOUBLE,
    BOOLEAN: engine.BOOLEAN,
  }
  return COLUMNS.map(({ type }) => types[type])
}
