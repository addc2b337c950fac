import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'

/** One row of a CSV file by its column names, and the line it begins on. */
export interface Row {
  line: number
  cells: Readonly<Record<string, string>>
}

export type ReadRows = { ok: true; rows: Row[] } | { ok: false; says: string }

/** A whole file with a header line; UTF-8 with or without BOM. Files of this kind hold a city's places or units, not its history. */
export async function readRows(file: string, needed: readonly string[]): Promise<ReadRows> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    return { ok: false, says: `${file} cannot be read: ${(error as NodeJS.ErrnoException).code}` }
  }
  try {
    const parsed = parse(text, {
      bom: true,
      columns: true,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Parsed[]
    const columns = Object.keys(parsed[0]?.record ?? {})
    const missing = needed.filter((name) => !columns.includes(name))
    if (missing.length > 0) return { ok: false, says: `${file} lacks the columns ${missing.join(', ')}` }
    return { ok: true, rows: parsed.map(({ record, info }) => ({ line: info.lines, cells: record })) }
  } catch (error) {
    return { ok: false, says: `${file} is no CSV: ${(error as Error).message}` }
  }
}

interface Parsed {
  record: Record<string, string>
  info: { lines: number }
}

/** A cell as a number, or null when it is empty or none. */
export const numberIn = (cell: string | undefined): number | null => {
  const number = Number(cell)
  return cell?.trim() && Number.isFinite(number) ? number : null
}

export const textIn = (cell: string | undefined): string | null => cell?.trim() || null
