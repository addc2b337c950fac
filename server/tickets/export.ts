import { Readable } from 'node:stream'
import { and, asc, eq, gt, gte, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '#db/connect.ts'
import { tickets } from '#db/schema/tickets.ts'
import { type Grant, scopeOf } from '#domain/access.ts'
import type { Instant } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Shop } from '#server/serving.ts'
import { exportTickets } from '#wire/routes/tickets.ts'
import { visibleTickets } from './audience.ts'

/** Rows read at a time: what one export keeps in memory, however many years it covers. */
const PAGE = 1_000

const BOM = '\uFEFF'

const COLUMNS = [
  'number',
  'id',
  'status',
  'class',
  'priority',
  'category',
  'workField',
  'origin',
  'channel',
  'imported',
  'communityId',
  'districtCode',
  'subdistrictCode',
  'neighbourhoodCode',
  'lng',
  'lat',
  'address',
  'description',
  'unitId',
  'firmId',
  'round',
  'reportedAt',
  'triagedAt',
  'placedAt',
  'acceptedAt',
  'enRouteAt',
  'onSiteAt',
  'arrivalGrade',
  'planSubmittedAt',
  'resolvedAt',
  'ratedAt',
  'visitedAt',
  'closedAt',
  'rating',
  'ratingText',
  'resolution',
  'reason',
  'mergedInto',
  'escalated',
  'handedOffTo',
  'policyVersion',
  'arriveBreached',
  'solveBreached',
] as const satisfies readonly (keyof Ticket)[]

export function exportRoute(shop: Shop): void {
  shop.serveRaw(exportTickets, async ({ tenant, reader, query }, _request, reply) => {
    const rows = ticketPages(shop.db, tenant, exportable(reader?.grants ?? []), query)
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="tickets.csv"')
      .send(Readable.from(csvOf(rows)))
  })
}

/** Only grants that carry the right to export count, each within its reach. */
const exportable = (grants: readonly Grant[]): SQL =>
  visibleTickets(grants.filter((grant) => scopeOf(grant.role, 'ticket.export') !== undefined))

async function* ticketPages(
  db: Db,
  tenant: string,
  visible: SQL,
  { from, to }: { from?: Instant | undefined; to?: Instant | undefined },
): AsyncGenerator<Ticket[]> {
  let after = 0
  for (;;) {
    const span = and(
      from === undefined ? undefined : gte(tickets.reportedAt, from),
      to === undefined ? undefined : lte(tickets.reportedAt, to),
    )
    const page = await db
      .select()
      .from(tickets)
      .where(and(eq(tickets.tenant, tenant), gt(tickets.number, after), visible, span))
      .orderBy(asc(tickets.number))
      .limit(PAGE)
    const last = page.at(-1)
    if (!last) return
    yield page
    after = last.number
  }
}

/** The same file for an operator at the machine itself, who may read the whole database anyway. */
export const wholeCsv = (db: Db, tenant: string, span: { from?: Instant; to?: Instant }): AsyncGenerator<string> =>
  csvOf(ticketPages(db, tenant, sql`true`, span))

async function* csvOf(pages: AsyncIterable<Ticket[]>): AsyncGenerator<string> {
  yield `${BOM}${COLUMNS.join(',')}\r\n`
  for await (const page of pages) yield page.map(csvRow).join('')
}

const csvRow = (ticket: Ticket): string => `${COLUMNS.map((column) => csvCell(column, ticket[column])).join(',')}\r\n`

function csvCell(column: string, value: Ticket[(typeof COLUMNS)[number]]): string {
  if (value === null) return ''
  if (typeof value === 'string') return quoted(value)
  return column.endsWith('At') ? new Date(Number(value)).toISOString() : String(value)
}

/** A spreadsheet runs a cell that begins like a formula: such text is led by an apostrophe (OWASP, CSV injection). */
export function quoted(text: string): string {
  const safe = /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe
}
