import { readFile } from 'node:fs/promises'
import { type NotDone, notDone } from '#cli/outcome.ts'
import { columnsOf, type FixesMap, type ImportMap, type TicketsMap } from '#domain/import-map.ts'
import { type ReplayedReport, reportOfRow, rowReader } from '#domain/import-row.ts'
import { momentReader } from '#domain/import-time.ts'
import type { Instant } from '#domain/instant.ts'
import type { LngLat } from '#domain/places.ts'
import { csvRows } from '#server/intake/csv-rows.ts'
import { parseImportMap } from '#wire/import-map.ts'

export interface RecordedFix {
  at: Instant
  /** As the file names it. */
  unit: string
  lng: number
  lat: number
}

export async function readMap(file: string): Promise<{ ok: true; map: ImportMap } | NotDone> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    return notDone('badFile', `${file} cannot be read: ${(error as Error).message}`)
  }
  const parsed = parseImportMap(value)
  if (parsed.ok) return parsed
  const lines = parsed.problems.map(({ path, why }) => `  ${path || '/'}: ${why}`)
  return notDone('badFile', `${file} is no map of columns:`, lines)
}

export interface FixFile {
  file: string
  map: FixesMap
  speech: Pick<ImportMap, 'encoding' | 'delimiter'>
  timeZone: string
}

/** What one reading of a file of positions tells. */
export interface FixCensus {
  ok: true
  rows: number
  unreadable: number
  first: Instant
  last: Instant
  /** Each unit of the file with its first position. */
  units: Map<string, LngLat>
}

/** Positions row by row, in the file's order; a row that cannot be read is told and passed over. */
export async function* fixesOf(
  { file, map, speech, timeZone }: FixFile,
  onUnreadable: () => void = () => undefined,
): AsyncGenerator<RecordedFix> {
  const readMoment = momentReader(map.timeFormat, timeZone)
  let at: ((cells: readonly string[]) => RecordedFix | null) | null = null
  for await (const { cells } of csvRows(file, speech, onUnreadable)) {
    if (!at) {
      at = fixReader(cells, map, readMoment)
      continue
    }
    const fix = at(cells)
    if (fix) yield fix
    else onUnreadable()
  }
}

function fixReader(header: readonly string[], { columns }: FixesMap, readMoment: (text: string) => Instant | null) {
  const place = (name: string) => header.indexOf(name)
  const [time, unit, lat, lng] = [place(columns.time), place(columns.unit), place(columns.lat), place(columns.lng)]
  return (cells: readonly string[]): RecordedFix | null => {
    const at = readMoment(cells[time] ?? '')
    const name = (cells[unit] ?? '').trim()
    const point = { lng: degreesIn(cells[lng]), lat: degreesIn(cells[lat]) }
    if (at === null || name === '' || point.lng === null || point.lat === null) return null
    return { at, unit: name, lng: point.lng, lat: point.lat }
  }
}

function degreesIn(cell: string | undefined): number | null {
  const number = Number(cell)
  return cell?.trim() && Number.isFinite(number) && Math.abs(number) <= 180 ? number : null
}

/** Reads the file once; with `spanMs` only that much of it from its first row on is counted. */
export async function censusOf(asked: FixFile, spanMs = Number.POSITIVE_INFINITY): Promise<FixCensus | NotDone> {
  const missing = await missingColumns(asked.file, asked.speech, Object.values(asked.map.columns))
  if (missing) return missing
  const census: FixCensus = {
    ok: true,
    rows: 0,
    unreadable: 0,
    first: Number.POSITIVE_INFINITY,
    last: 0,
    units: new Map(),
  }
  for await (const { at, unit, lng, lat } of fixesOf(asked, () => census.unreadable++)) {
    if (at - census.first > spanMs) break
    census.rows++
    census.first = Math.min(census.first, at)
    census.last = Math.max(census.last, at)
    if (!census.units.has(unit)) census.units.set(unit, [lng, lat])
  }
  return census.rows > 0 ? census : notDone('badFile', `${asked.file} has no row that could be read`)
}

export interface ReportFile {
  file: string
  map: TicketsMap
  speech: Pick<ImportMap, 'encoding' | 'delimiter'>
  timeZone: string
}

export interface Reports {
  ok: true
  /** One a ticket, oldest first. */
  reports: ReplayedReport[]
  unreadable: number
}

/** Reports of a file: rows of one ticket are one call, which came when the first of them says. */
export async function reportsOf({ file, map, speech, timeZone }: ReportFile): Promise<Reports | NotDone> {
  const missing = await missingColumns(file, speech, [...columnsOf(map).keys()])
  if (missing) return missing
  const read = rowReader(map, timeZone)
  const byTicket = new Map<string, ReplayedReport>()
  let unreadable = 0
  let header: string[] | null = null
  for await (const { cells, line } of csvRows(file, speech, () => unreadable++)) {
    if (!header) {
      header = cells
      continue
    }
    const row = read(Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])), line)
    if (!row.ok) {
      unreadable++
      continue
    }
    const report = reportOfRow(row.row)
    const known = byTicket.get(report.ticketKey)
    if (!known) byTicket.set(report.ticketKey, report)
    else if (report.at < known.at) known.at = report.at
  }
  const reports = [...byTicket.values()].sort((a, b) => a.at - b.at)
  return reports.length > 0
    ? { ok: true, reports, unreadable }
    : notDone('badFile', `${file} has no row that could be read`)
}

async function missingColumns(
  file: string,
  speech: FixFile['speech'],
  wanted: readonly string[],
): Promise<NotDone | null> {
  try {
    for await (const { cells } of csvRows(file, speech)) {
      const missing = wanted.filter((name) => !cells.includes(name))
      return missing.length === 0
        ? null
        : notDone(
            'badFile',
            `${file} lacks the columns ${missing.map((name) => `"${name}"`).join(', ')} that the map names`,
          )
    }
    return notDone('badFile', `${file} is empty`)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return notDone('badFile', `${file} cannot be read: ${code ?? message}`)
  }
}
