import { createHash, randomBytes } from 'node:crypto'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { type Action, may } from '#domain/access.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import type { Ticket } from '#domain/ticket.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask, Reader, Shop } from '#server/serving.ts'
import * as wire from '#wire/routes/tickets.ts'
import { subjectOf, visibleTickets } from './audience.ts'
import { ticketCommandRoutes } from './commands.ts'
import { exportRoute } from './export.ts'
import type { Following } from './follow.ts'
import { cardOf, listTickets, requesterOf, setLinkToken, ticketById, ticketForUpdate } from './queries.ts'
import { reportTicket } from './report.ts'

export function ticketRoutes(shop: Shop, following: Following): void {
  serveReport(shop)
  serveReading(shop)
  serveLink(shop)
  exportRoute(shop)
  ticketCommandRoutes(shop, following)
}

function serveReport(shop: Shop): void {
  shop.serve(wire.reportTicket, async (ask) => {
    const { tenant, actor, now, reader, body } = ask
    const { channel = 'console', reportedAt } = body
    if (channel !== 'console' && actor.kind !== 'api') return refused('notAllowed')
    if (reportedAt !== undefined && (channel !== 'replay' || reportedAt > now)) return refused('badRequest')
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      const reported = await reportTicket(tx, { ...body, tenant, channel }, actor, now)
      if (!reported.ok) return reported
      // Asked once the community has given the ticket its jurisdiction: a refusal undoes everything.
      const { ticket } = reported
      return may(reader.grants, 'ticket.report', await subjectOf(tx, ticket)) ? ticket : refused('notAllowed')
    })
    if (!isRefused(answer)) shop.wake(tenant)
    return answer
  })
}

function serveReading(shop: Shop): void {
  const { db } = shop
  shop.serve(wire.tickets, ({ tenant, reader, query }) => listTickets(db, tenant, visibleTickets(reader.grants), query))
  // Read as of one moment: never the ticket of one and the offers of the next.
  shop.serve(wire.ticketCard, (ask) =>
    db.transaction((tx) => cardFor(tx, ask), { isolationLevel: 'repeatable read', accessMode: 'read only' }),
  )
}

async function cardFor(tx: Tx, { tenant, reader, params, now }: Ask<typeof wire.ticketCard>) {
  const ticket = await readable(tx, reader, tenant, params.id)
  if (!ticket) return refused('unknown')
  const known = await permitted(tx, reader, 'requester.read', ticket)
  return { ...(await cardOf(tx, ticket, now)), requester: known ? await requesterOf(tx, ticket.id) : null }
}

/**
 * The token leaves in this one answer and is kept only as a hash, so a repeated command cannot be told it again: it is
 * refused, and whoever lost the answer asks anew under another key.
 */
function serveLink(shop: Shop): void {
  shop.serve(wire.residentLink, async (ask) => {
    let token: string | null = null
    const answer = await carryOut(shop.db, ask.command, ask.now, async (tx) => {
      const ticket = await ticketForUpdate(tx, ask.tenant, ask.params.id)
      if (!ticket || !(await permitted(tx, ask.reader, 'ticket.read', ticket))) return refused('unknown')
      if (!(await permitted(tx, ask.reader, 'requester.read', ticket))) return refused('notAllowed')
      token = newLinkToken()
      await setLinkToken(tx, ticket.id, hashOfToken(token))
      return { linked: true }
    })
    if (isRefused(answer)) return answer as Refused<'unknown' | 'notAllowed' | 'keyReused'>
    return token === null ? refused('conflict') : { token }
  })
}

export const newLinkToken = (): string => randomBytes(18).toString('base64url')
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')

async function readable(db: DbOrTx, reader: Reader, tenant: string, id: string): Promise<Ticket | null> {
  const ticket = await ticketById(db, tenant, id)
  return ticket && (await permitted(db, reader, 'ticket.read', ticket)) ? ticket : null
}

const permitted = async (db: DbOrTx, reader: Reader, action: Action, ticket: Ticket): Promise<boolean> =>
  may(reader.grants, action, await subjectOf(db, ticket))
