import { asc, eq } from 'drizzle-orm'
import { latLngToCell } from 'h3-js'
import type { Db } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { ticketLog, tickets } from '#db/schema/tickets.ts'
import { type Metric, percentile, type ResponseFact } from '#domain/response.ts'
import { factsOf } from '#domain/response-facts.ts'

/** Every fact of a tenant, from the whole rows and the whole logs. */
export async function allFacts(db: Db, tenant: string): Promise<ResponseFact[]> {
  const rows = await db.select().from(tickets).where(eq(tickets.tenant, tenant))
  const log = await db.select().from(ticketLog).orderBy(asc(ticketLog.n))
  const firmOf = new Map((await db.select().from(units)).map(({ id, firmId }) => [id, firmId]))
  return rows.flatMap((ticket) =>
    factsOf(
      { ...ticket, areaCode: null },
      log.filter(({ ticketId }) => ticketId === ticket.id),
      (id) => firmOf.get(id) ?? null,
    ),
  )
}

export const KEYS: Record<string, (fact: ResponseFact) => string> = {
  'by=cell&grid=h3:9': ({ lng, lat }) => latLngToCell(lat, lng, 9),
  'by=cell&grid=deg:0.1': ({ lng, lat }) => `${Math.floor(lat / 0.1)},${Math.floor(lng / 0.1)}`,
  'by=community': ({ communityId }) => communityId ?? '',
  'by=category': ({ category }) => category,
  'by=day': ({ startedAt }) => new Date(startedAt + 8 * 3_600_000).toISOString().slice(0, 10),
}

/** What must be answered: nothing but sorting and counting. */
export function expectedRows(facts: readonly ResponseFact[], metric: Metric, keyOf: (fact: ResponseFact) => string) {
  const groups = Map.groupBy(
    facts.filter(({ stages }) => typeof stages[metric] === 'number'),
    keyOf,
  )
  return [...groups]
    .map(([key, some]) => {
      const sorted = some.map(({ stages }) => Number(stages[metric]) / 1_000).sort((a, b) => a - b)
      return { key, n: some.length, p50: percentile(sorted, 0.5) ?? 0, p90: percentile(sorted, 0.9) ?? 0 }
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** Equal but for the last digits of a fraction. */
export const rounded = (rows: readonly { key: string; n: number; p50: number | null; p90: number | null }[]) =>
  rows
    .map(({ key, n, p50, p90 }) => ({ key, n, p50: p50?.toFixed(6), p90: p90?.toFixed(6) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
