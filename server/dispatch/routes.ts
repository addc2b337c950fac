import type { Tx } from '#db/connect.ts'
import { type Action, may, mayEver } from '#domain/access.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import type { Answerer } from '#domain/offers.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import type { Ticket } from '#domain/ticket.ts'
import { carryOut } from '#server/commands.ts'
import type { FleetView } from '#server/fleet/view.ts'
import type { Ask, Reader, Shop } from '#server/serving.ts'
import { subjectOf } from '#server/tickets/audience.ts'
import { ticketById, ticketForUpdate } from '#server/tickets/queries.ts'
import type { ErrorCode } from '#wire/codes.ts'
import * as wire from '#wire/routes/dispatches.ts'
import { accept, decline, type Outcome } from './answers.ts'
import { candidatesFor } from './candidates.ts'
import { type Gathered, gather } from './gather.ts'
import { offerTicket, withdraw } from './offers.ts'
import { handInPlan, reach, resolve, returnTask, type Said, setOut } from './progress.ts'
import { communityExists } from './queries.ts'
import type { AskRouter } from './router.ts'
import { siteCodeOf } from './site-code.ts'

export interface DispatchShop extends Shop {
  fleet: FleetView
  /** null = no router: ETAs are estimates. */
  askRouter: AskRouter | null
  /** What the codes at the sites are keyed with (HONGGUAN_SECRET). */
  secret: string
}

/** How many candidates a console is shown unless it asks for more. */
const SHOWN = 20

export function dispatchRoutes(shop: DispatchShop): void {
  serveCandidates(shop)
  serveOffers(shop)
  serveAnswers(shop)
  serveProgress(shop)
  serveSiteCode(shop)
}

function serveCandidates(shop: DispatchShop): void {
  const { db, fleet, askRouter } = shop
  shop.serve(wire.candidates, async ({ tenant, reader, params, query, now }) => {
    const ticket = await ticketById(db, tenant, params.id)
    const barred = await barOf(db, ticket, reader, 'ticket.offer')
    if (barred || !ticket) return barred ?? refused('unknown')
    const ranking = await candidatesFor(db, fleet, askRouter, ticket, query.limit ?? SHOWN, now)
    return { ticketId: ticket.id, at: now, ...ranking }
  })
}

function serveOffers(shop: DispatchShop): void {
  shop.serve(wire.offerTicket, async (ask) => {
    const { tenant, reader, actor, now, body } = ask
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      const ticket = await ticketForUpdate(tx, tenant, ask.params.id)
      const barred = await barOf(tx, ticket, reader, 'ticket.offer')
      if (barred || !ticket) return barred ?? refused('unknown')
      return offerTicket(tx, shop.fleet, ticket, body, actor, now)
    })
    if (!isRefused(answer)) shop.wake(tenant)
    return answer
  })
  serveVerb(shop, 'withdraw', async (tx, gathered, { actor, now }) => {
    const answer = await withdraw(tx, gathered, actor, now)
    return isRefused(answer) ? answer : { ...answer, units: [] }
  })
}

function serveAnswers(shop: DispatchShop): void {
  const { fleet } = shop
  serveSaid(shop, 'accept', 'ticket.answer', (tx, gathered, by, { now }) => accept(tx, fleet, gathered, by, now))
  serveSaid(shop, 'decline', 'ticket.answer', (tx, gathered, by, { now, body }) =>
    decline(tx, fleet, gathered, by, body.reason, now),
  )
}

function serveProgress(shop: DispatchShop): void {
  const { fleet, secret } = shop
  const said = (by: Answerer, { now, body }: { now: Instant; body: { takenAt?: Instant } }): Said => ({
    by,
    takenAt: body.takenAt,
    now,
  })
  serveSaid(shop, 'depart', 'ticket.progress', (tx, gathered, by, ask) => setOut(tx, gathered, said(by, ask)))
  serveSaid(shop, 'arrive', 'ticket.progress', (tx, gathered, by, ask) =>
    reach(tx, gathered, said(by, ask), { fleet, secret, siteCode: ask.body.siteCode }),
  )
  serveSaid(shop, 'resolve', 'ticket.progress', (tx, gathered, by, ask) => {
    const { note, photoId } = ask.body
    return resolve(tx, gathered, said(by, ask), { note, photoId })
  })
  serveSaid(shop, 'plan', 'ticket.progress', (tx, gathered, by, ask) => {
    const { owner, steps, dueAt } = ask.body
    return handInPlan(tx, gathered, said(by, ask), { owner, steps, dueAt })
  })
  serveVerb(shop, 'return', (tx, gathered, { body, actor, now }) => returnTask(tx, gathered, body.reason, actor, now))
}

/** For whoever prints the sign at the gate. */
function serveSiteCode(shop: DispatchShop): void {
  shop.serve(wire.siteCode, async ({ tenant, params }) =>
    (await communityExists(shop.db, tenant, params.id))
      ? { code: siteCodeOf(shop.secret, params.id) }
      : refused('unknown'),
  )
}

type Commands = typeof wire.dispatchCommands
type Verb = keyof Commands
type VerbAsk<V extends Verb> = Ask<Commands[V]> & { reader: Reader }
type Decision = Outcome | Refused<ErrorCode>

/** A verb on one dispatch: gather and lock, let the noun decide and keep, announce; the fleet learns of changed duty after commit. */
function serveVerb<V extends Verb>(
  shop: DispatchShop,
  verb: V,
  act: (tx: Tx, gathered: Gathered, ask: VerbAsk<V>) => Promise<Decision>,
  mayAct = (gathered: Gathered, reader: Reader) =>
    permit(gathered, reader, wire.dispatchCommands[verb].action as Action),
): void {
  // All of them have the same parameters and answer; only `act` looks at the body, and it has the verb's own type.
  shop.serve(wire.dispatchCommands[verb] as Commands['withdraw'], async (asked) => {
    const ask = asked as unknown as VerbAsk<V>
    const changed: string[] = []
    const answer = await carryOut(shop.db, ask.command, ask.now, async (tx) => {
      const gathered = await gather(tx, ask.tenant, ask.params.id)
      if (!gathered) return refused('unknown')
      const barred = mayAct(gathered, ask.reader)
      if (barred) return barred
      const outcome = await act(tx, gathered, ask)
      if (isRefused(outcome)) return outcome
      const { ticket, dispatch, units } = outcome
      changed.push(...units.map(({ id }) => id))
      return { ticket, dispatch }
    })
    if (isRefused(answer)) return answer as Refused<ErrorCode>
    if (changed.length > 0) await shop.fleet.reload(changed)
    shop.wake(ask.tenant)
    return answer
  })
}

/** What is said by the unit, or for it. */
type SpokenVerb = Exclude<Verb, 'withdraw' | 'return'>

/** DP2: a verb that the unit says itself, or that a dispatcher records for it (`byPhone`). */
function serveSaid<V extends SpokenVerb>(
  shop: DispatchShop,
  verb: V,
  own: Action,
  act: (tx: Tx, gathered: Gathered, by: Answerer, ask: VerbAsk<V>) => Promise<Decision>,
): void {
  serveVerb(
    shop,
    verb,
    (tx, gathered, ask) => {
      const isByPhone = (ask.body as { byPhone?: boolean }).byPhone ?? false
      const barred = permit(gathered, ask.reader, isByPhone ? 'ticket.answerFor' : own)
      if (barred) return Promise.resolve(barred)
      const by = { actor: ask.actor, unitId: isByPhone ? null : gathered.dispatch.unitId }
      return act(tx, gathered, by, ask)
    },
    () => null,
  )
}

/** Who may the act for other units but not for this one is told so; who may it never is refused. */
function permit(
  { ticket, dispatch }: Gathered,
  reader: Reader,
  action: Action,
): Refused<'notYours' | 'notAllowed'> | null {
  if (may(reader.grants, action, dispatchSubject(ticket, dispatch))) return null
  return refused(mayEver(reader.grants, action, ticket.tenant) ? 'notYours' : 'notAllowed')
}

/** An act on a dispatch concerns its own unit alone, whoever else has been asked. */
const dispatchSubject = (
  { tenant, districtCode, subdistrictCode, neighbourhoodCode, id }: Ticket,
  { unitId }: Dispatch,
) => ({
  tenant,
  districtCode,
  subdistrictCode,
  neighbourhoodCode,
  unitIds: [unitId],
  ticketId: id,
})

/** A ticket that the reader may not even see is unknown to it (AC1). */
async function barOf(
  db: Parameters<typeof subjectOf>[0],
  ticket: Ticket | null,
  reader: Reader,
  action: Action,
): Promise<Refused<'unknown' | 'notAllowed'> | null> {
  const subject = ticket && (await subjectOf(db, ticket))
  if (!subject || !may(reader.grants, 'ticket.read', subject)) return refused('unknown')
  return may(reader.grants, action, subject) ? null : refused('notAllowed')
}
