import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type CsvError, parse } from 'csv-parse'

export interface CsvRow {
  /** Line on which the row begins, the header being line 1. */
  line: number
  cells: string[]
}

export interface CsvSpeech {
  encoding?: 'utf-8' | 'gb18030' | undefined
  delimiter?: string | undefined
}

/** Longer than any honest row: a quote that is never closed would otherwise swallow the rest of the file. */
const LONGEST_ROW = 1_000_000

/** Rows of a CSV file of any length (plain, or gzip when its name ends so), header included. A row that breaks CSV's own grammar is told to `onBroken` and passed over. */
export async function* csvRows(
  file: string,
  { encoding = 'utf-8', delimiter = ',' }: CsvSpeech,
  onBroken: (line: number, why: string) => void = () => undefined,
): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_ROW,
  })
  parser.on('skip', (error: CsvError) => onBroken(Number(error.lines ?? 0), error.code))
  // Errors of the file and of its encoding reach the reader of the rows through the parser.
  const source = createReadStream(file)
  const bytes = file.endsWith('.gz') ? pipeline(source, createGunzip(), () => undefined) : source
  pipeline(bytes, decoded(encoding), parser, () => undefined)
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)
    yield { line: info.lines - breaksIn(record), cells: record }
}

/** The parser counts the lines that a quoted cell spans. */
const breaksIn = (cells: readonly string[]): number => cells.join('').split('\n').length - 1

const decoded = (encoding: string) =>
  async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
    const decoder = new TextDecoder(encoding, { fatal: true })
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  }
