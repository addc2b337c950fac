import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { alarms, commands, events } from '#db/schema/feed.ts'
import { dispatches, photos, requesters, ticketLog, tickets } from '#db/schema/tickets.ts'
import { HOUR_MS } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import { IDEMPOTENCY_HEADER } from '#wire/route.ts'
import type { ResidentTicket } from '#wire/routes/resident.ts'
import { CITY, type TestApp } from './app.ts'

/** Community 1 of the small city, and one in another district. */
export const SLUG = `${CITY}-c1`
export const OTHER_SLUG = `${CITY}-c2`

/** How residents of the small city speak to a server, each from an address of their own unless told. */
export function residentsOf(app: TestApp) {
  let calls = 0
  const address = () => `10.0.${++calls >> 8}.${calls & 255}`
  const report = (changes: object = {}, { slug = SLUG, from = address(), key = randomUUID() as string } = {}) =>
    app.app.http.inject({
      method: 'POST',
      url: `/api/r/${slug}/tickets`,
      remoteAddress: from,
      headers: { [IDEMPOTENCY_HEADER]: key },
      payload: { category: 'lighting', description: 'the lamp is dark', ...changes },
    })
  const reported = async (changes: object = {}): Promise<{ token: string; ticket: Ticket }> => {
    const answer = await report(changes)
    if (answer.statusCode !== 200) throw new Error(answer.body)
    const { token, number } = answer.json()
    const [ticket] = await app.db.select().from(tickets).where(eq(tickets.number, number))
    return { token, ticket: ticket as Ticket }
  }
  const seen = async (token: string): Promise<ResidentTicket> => (await app.ask('GET', `/api/t/${token}`)).json()
  return { report, reported, seen }
}

/** The code an answer refuses with, or that it was taken. */
export const codeOf = (answer: { json(): { error?: { code: string } } }): string => answer.json().error?.code ?? 'taken'

/** An empty city again, an hour later: no report of an earlier test counts any more. */
export async function afresh(app: TestApp): Promise<void> {
  for (const table of [alarms, commands, events, photos, dispatches, requesters, ticketLog, tickets])
    await app.db.delete(table)
  app.clock.advance(HOUR_MS)
}
