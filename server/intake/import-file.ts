import type { Db } from '#db/connect.ts'
import { bboxContains } from '#domain/geo.ts'
import { columnOf, columnsOf, type ImportMap, type TicketsMap } from '#domain/import-map.ts'
import { type Cells, type ReadRow, type RowProblem, rowReader } from '#domain/import-row.ts'
import { outOfOrder } from '#domain/import-ticket.ts'
import type { Instant } from '#domain/instant.ts'
import type { Tenant } from '#domain/places.ts'
import { type CsvRow, csvRows } from './csv-rows.ts'
import { type Group, importTickets } from './import-tickets.ts'

export interface FileImport {
  tenant: Tenant
  file: string
  map: ImportMap & { tickets: TicketsMap }
  timeZone: string
  now: Instant
  dryRun: boolean
}

/** A line of the report: a refusal, or something that was kept and should be known. */
export interface Finding {
  line: number
  ticketKey: string
  rowKey: string
  column: string
  value: string
  why: RowProblem['why'] | 'outOfOrder' | 'outsideCity' | 'unknownCommunity'
  says: string
}

export interface Listener {
  finding(finding: Finding): void
  progress(rows: number, of: number): void
}

export interface ImportSummary {
  rows: number
  tickets: number
  joined: number
  dispatches: number
  units: number
  known: number
  refused: number
  outOfOrder: number
  outsideCity: number
}

export type FileImported = { ok: true; summary: ImportSummary } | { ok: false; says: string }

/** Tickets of one transaction: short enough that a live city's feed does not wait for it. */
const TICKETS_A_BATCH = 200
/** And rows of one, for calls to which half the town was sent. */
const ROWS_A_BATCH = 1_000

/**
 * Reads a file twice: first the header and how many rows each ticket has, then the rows, each ticket being brought in when
 * its last row is read. So rows of one ticket may stand anywhere, and memory holds the open tickets, not the file.
 */
export async function importTicketFile(db: Db, asked: FileImport, listener: Listener): Promise<FileImported> {
  try {
    const census = await countRows(asked)
    return census.ok ? { ok: true, summary: await importRows(db, asked, census, listener) } : census
  } catch (error) {
    const says = unreadable(error as NodeJS.ErrnoException)
    if (says) return { ok: false, says: `${asked.file} ${says}` }
    throw error
  }
}

function unreadable({ code = '', message }: NodeJS.ErrnoException): string | null {
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return 'is not in the encoding that the map says (utf-8 unless it says gb18030)'
  if (code.startsWith('CSV_')) return `is no CSV: ${message}`
  return ['ENOENT', 'EACCES', 'EISDIR'].includes(code) ? `cannot be read: ${code}` : null
}

interface Census {
  ok: true
  header: string[]
  rows: number
  /** Which cell of a row is its ticket's key. */
  keyAt: number
  /** Rows of each ticket key that are still to come. */
  sizes: Map<string, number>
}

async function countRows({ file, map }: FileImport): Promise<Census | { ok: false; says: string }> {
  const sizes = new Map<string, number>()
  let header: string[] | null = null
  let rows = 0
  let keyAt = -1
  for await (const { cells } of csvRows(file, map)) {
    if (header === null) {
      header = cells
      const says = headerProblem(file, map.tickets, header)
      if (says) return { ok: false, says }
      keyAt = header.indexOf(map.tickets.ticketKey)
      continue
    }
    rows++
    const key = keyOf(cells[keyAt])
    if (key !== '') sizes.set(key, (sizes.get(key) ?? 0) + 1)
  }
  return header === null ? { ok: false, says: `${file} is empty` } : { ok: true, header, rows, keyAt, sizes }
}

/** As the reader of rows takes it (domain/import-row.ts). */
const keyOf = (cell: string | undefined): string => (cell ?? '').replaceAll('\0', '').trim()

function headerProblem(file: string, map: TicketsMap, header: readonly string[]): string | null {
  const wanted = [...columnsOf(map)]
  const missing = wanted.filter(([column]) => !header.includes(column)).map(([column, path]) => `"${column}" (${path})`)
  if (missing.length > 0) return `${file} lacks the columns ${missing.join(', ')}`
  const twice = wanted
    .map(([column]) => column)
    .filter((column) => header.indexOf(column) !== header.lastIndexOf(column))
  return twice.length > 0 ? `${file} has the column ${twice.join(', ')} twice` : null
}

async function importRows(db: Db, asked: FileImport, census: Census, listener: Listener): Promise<ImportSummary> {
  const { tenant, map, now, dryRun } = asked
  const tally = { rows: 0, tickets: 0, joined: 0, dispatches: 0, known: 0, refused: 0, outOfOrder: 0, outsideCity: 0 }
  const newUnits = new Set<string>()
  const read = rowJudge(asked, census, tally, listener)
  const gather = groupGatherer(census)
  let ready: Group[] = []
  const bringIn = async () => {
    const { allOver = false, times } = map.tickets
    const batch = { tenant, source: map.source, groups: ready, allOver, tellsArrival: times.onSite !== undefined }
    const done = await importTickets(db, batch, now, { dryRun })
    for (const key of ['tickets', 'joined', 'dispatches', 'known'] as const) tally[key] += done[key]
    for (const callsign of done.newUnits) newUnits.add(callsign)
    for (const row of ready.flat()) tellCommunity(row, map.tickets, done.unknownCommunities, listener)
    ready = []
    listener.progress(tally.rows, census.rows)
  }
  const broken = (line: number, why: string) => {
    tally.refused++
    listener.finding({ line, ticketKey: '', rowKey: '', column: '', value: '', why: 'brokenLine', says: why })
  }
  const rows = csvRows(asked.file, map, broken)
  await rows.next() // the header
  for await (const row of rows) {
    tally.rows++
    const group = gather(keyOf(row.cells[census.keyAt]), read(row))
    if (group) ready.push(group)
    if (ready.length >= TICKETS_A_BATCH || ready.flat().length >= ROWS_A_BATCH) await bringIn()
  }
  await bringIn()
  return { ...tally, units: newUnits.size }
}

/** Holds the rows of each ticket until its last one, and then gives them away. A refused row counts, but is not among them. */
function groupGatherer({ sizes }: Census) {
  const open = new Map<string, ReadRow[]>()
  return (key: string, row: ReadRow | null): Group | null => {
    const rows = open.get(key) ?? []
    if (row) open.set(key, [...rows, row])
    const left = (sizes.get(key) ?? 1) - 1
    sizes.set(key, left)
    if (left > 0) return null
    const [first, ...others] = open.get(key) ?? []
    open.delete(key)
    return first ? [first, ...others] : null
  }
}

type Tally = Pick<ImportSummary, 'refused' | 'outOfOrder' | 'outsideCity'>

/** Reads rows and tells whatever is to be told of them. */
function rowJudge({ map, timeZone, tenant }: FileImport, { header }: Census, tally: Tally, listener: Listener) {
  const read = rowReader(map.tickets, timeZone)
  const { ticketKey, rowKey, location } = map.tickets
  return (row: CsvRow): ReadRow | null => {
    const { line } = row
    const cells: Cells = Object.fromEntries(header.map((column, i) => [column, row.cells[i] ?? '']))
    const who = { line, ticketKey: keyOf(cells[ticketKey]), rowKey: keyOf(cells[rowKey]) }
    const tell = (finding: Pick<Finding, 'column' | 'value' | 'why' | 'says'>) =>
      listener.finding({ ...who, ...finding })
    const answer = row.cells.length === header.length ? read(cells, line) : columnCount(row, header)
    if (!answer.ok) {
      tally.refused++
      for (const problem of answer.problems) tell({ ...problem, says: SAYS[problem.why] })
      return null
    }
    const wrong = outOfOrder(answer.row)
    if (wrong.length > 0) tally.outOfOrder++
    for (const { moment, at, after, afterAt } of wrong) {
      const says = `${moment} (${iso(at)}) is before ${after} (${iso(afterAt)}); kept as it is`
      tell({ column: columnOf(map.tickets.times[moment]) ?? '', value: iso(at), why: 'outOfOrder', says })
    }
    const { lng, lat } = answer.row
    if (!bboxContains(tenant.bbox, [lng, lat])) {
      tally.outsideCity++
      const column = 'column' in location ? location.column : location.lat
      tell({ column, value: `${lat}, ${lng}`, why: 'outsideCity', says: 'lies outside the city; kept as it is' })
    }
    return answer.row
  }
}

const iso = (at: Instant) => new Date(at).toISOString()

const columnCount = ({ cells }: CsvRow, header: readonly string[]) => ({
  ok: false as const,
  problems: [{ column: '', value: `${cells.length} cells, ${header.length} columns`, why: 'columnCount' as const }],
})

const SAYS: Record<RowProblem['why'], string> = {
  missing: 'is empty',
  unreadable: 'cannot be read as the map says',
  unknownWord: 'is not among the words of the map',
  columnCount: 'has another number of cells than the header',
  brokenLine: 'is no row of a CSV file',
}

function tellCommunity(row: ReadRow, map: TicketsMap, unknown: ReadonlySet<string>, listener: Listener): void {
  const { line, ticketKey, rowKey, community } = row
  if (community === null || !unknown.has(community)) return
  const says = 'is no community of the city; kept without one'
  listener.finding({
    line,
    ticketKey,
    rowKey,
    column: map.community ?? '',
    value: community,
    why: 'unknownCommunity',
    says,
  })
}
