import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { neighbourhoods, subdistricts } from '#db/schema/places.ts'
import { may } from '#domain/access.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import type { Actor, Ticket } from '#domain/ticket.ts'
import { cancel, close, reopen, visit } from '#domain/ticket-closing.ts'
import { extend, resume, suspend } from '#domain/ticket-pauses.ts'
import type { Decided } from '#domain/ticket-step.ts'
import {
  escalate,
  handOff,
  type Jurisdiction,
  merge,
  notAdmit,
  note,
  place,
  transfer,
  triage,
} from '#domain/ticket-verbs.ts'
import type { Unit } from '#domain/units.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask, Reader, Shop } from '#server/serving.ts'
import type { ErrorCode } from '#wire/codes.ts'
import { ticketCommands as wire } from '#wire/routes/tickets.ts'
import { subjectOf } from './audience.ts'
import type { Following } from './follow.ts'
import { logOf, ticketForUpdate, ticketsForUpdate } from './queries.ts'
import { type Change, record, recordAll } from './record.ts'

type Wire = typeof wire
type Verb = keyof Wire
type VerbAsk<V extends Verb> = Ask<Wire[V]> & { reader: Reader }
type Decision = Decided | Refused<ErrorCode>

/** The commands of the control room on one ticket: gather and lock, let `domain/` decide, keep, announce. */
export function ticketCommandRoutes(shop: Shop, following: Following): void {
  const serve = <V extends Verb>(
    verb: V,
    decide: (ticket: Ticket, ask: VerbAsk<V>, tx: Tx) => Decision | Promise<Decision>,
  ) => serveVerb(shop, verb, decide)
  const serveFollowed = <V extends Verb>(verb: V, decide: (ticket: Ticket, ask: VerbAsk<V>) => Decision) =>
    serveVerb(shop, verb, decide, following)

  serve('triage', (ticket, { body, actor, now }) => triage(ticket, body, actor, now))
  serve('place', (ticket, { actor, now }) => place(ticket, actor, now))
  serve('reopen', (ticket, { body, actor, now }) => reopen(ticket, body, actor, now))
  serve('close', (ticket, { actor, now }) => close(ticket, actor, now))
  serve('note', (ticket, { body, actor, now }) => note(ticket, body, actor, now))
  serve('extend', (ticket, { body, actor, now }) => extend(ticket, body, actor, now))
  serve('escalate', (ticket, { body, actor, now }) => escalate(ticket, body, actor, now))
  serve('handOff', (ticket, { body, actor, now }) => handOff(ticket, body, actor, now))
  serve('transfer', async (ticket, { body, actor, now, tenant }, tx) => {
    const to = await jurisdictionOf(tx, tenant, body.neighbourhoodCode)
    return to ? transfer(ticket, { reason: body.reason, to }, actor, now) : refused('unknown')
  })
  serve('visit', async (ticket, { body, actor, now, reader }, tx) => {
    const callerUnitIds = reader.grants.map((grant) => grant.unitId).filter((id) => id !== null)
    return visit(ticket, { ...body, callerUnitIds, handlers: await handlersOf(tx, ticket) }, actor, now)
  })
  serveFollowed('suspend', (ticket, { body, actor, now }) => suspend(ticket, body, actor, now))
  serveFollowed('resume', (ticket, { actor, now }) => resume(ticket, actor, now))
  serveFollowed('cancel', (ticket, { body, actor, now }) => cancel(ticket, body, actor, now))
  serveFollowed('notAdmit', (ticket, { body, actor, now }) => notAdmit(ticket, body, actor, now))
  serveMerge(shop, following)
}

function serveVerb<V extends Verb>(
  shop: Shop,
  verb: V,
  decide: (ticket: Ticket, ask: VerbAsk<V>, tx: Tx) => Decision | Promise<Decision>,
  following?: Following,
): void {
  // All commands share their parameters and their answer; only `decide` looks at the body, and it has the verb's own type.
  shop.serve(wire[verb] as Wire['place'], async (asked) => {
    const ask = asked as unknown as VerbAsk<V>
    const { tenant, actor, now } = ask
    let units: Unit[] = []
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      const before = await ticketForUpdate(tx, tenant, ask.params.id)
      const barred = await barOf(tx, before, ask.reader, wire[verb].action)
      if (barred || !before) return barred ?? refused('unknown')
      const decided = await decide(before, ask, tx)
      if (!decided.ok) return decided
      const followed = await following?.follow(tx, decided.ticket, now)
      units = followed?.units ?? []
      return record(tx, { before, ticket: decided.ticket, entries: [decided.entry], actor, now, ...followed })
    })
    if (isRefused(answer)) return answer
    if (units.length > 0) await following?.reload(units.map(({ id }) => id))
    shop.wake(tenant)
    return answer
  })
}

/** 并单 touches two tickets: both are locked, in one order, and both must be the reader's. */
function serveMerge(shop: Shop, following: Following): void {
  shop.serve(wire.merge, async (ask) => {
    const { tenant, actor, now, body } = ask
    let units: Unit[] = []
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      const locked = await ticketsForUpdate(tx, tenant, [ask.params.id, body.into])
      const [child, into] = [locked.get(ask.params.id) ?? null, locked.get(body.into) ?? null]
      const barred =
        (await barOf(tx, child, ask.reader, wire.merge.action)) ??
        (await barOf(tx, into, ask.reader, wire.merge.action))
      if (barred || !child || !into) return barred ?? refused('unknown')
      const decided = merge(child, { into, reason: body.reason }, actor, now)
      if (!decided.ok) return decided
      const followed = await following.follow(tx, decided.ticket, now)
      units = followed.units
      const by = { actor, now }
      const changes: Change[] = [
        { ...by, before: child, ticket: decided.ticket, entries: [decided.entry], ...followed },
        { ...by, before: into, ticket: decided.parent, entries: [decided.parentEntry] },
      ]
      const [merged] = await recordAll(tx, changes)
      return merged as Ticket
    })
    if (isRefused(answer)) return answer
    if (units.length > 0) await following.reload(units.map(({ id }) => id))
    shop.wake(tenant)
    return answer
  })
}

/** A ticket that the reader may not even see is unknown to it (AC1). */
async function barOf(
  tx: Tx,
  ticket: Ticket | null,
  reader: Reader,
  action: Wire[Verb]['action'],
): Promise<Refused<'unknown' | 'notAllowed'> | null> {
  if (!ticket) return refused('unknown')
  const subject = await subjectOf(tx, ticket)
  if (!may(reader.grants, 'ticket.read', subject)) return refused('unknown')
  return may(reader.grants, action, subject) ? null : refused('notAllowed')
}

/** Who recorded that somebody came, planned or solved in the present round. */
async function handlersOf(tx: Tx, ticket: Ticket): Promise<Actor[]> {
  const log = await logOf(tx, ticket.id)
  const since = log.findLastIndex((entry) => entry.kind === 'reopen')
  return log
    .slice(since + 1)
    .filter(({ kind }) => kind === 'arrive' || kind === 'submitPlan' || kind === 'resolve')
    .map((entry) => entry.actor)
}

async function jurisdictionOf(tx: Tx, tenant: string, neighbourhoodCode: string): Promise<Jurisdiction | null> {
  const [found] = await tx
    .select({ subdistrictCode: neighbourhoods.subdistrictCode, districtCode: subdistricts.districtCode })
    .from(neighbourhoods)
    .innerJoin(
      subdistricts,
      and(eq(subdistricts.tenant, neighbourhoods.tenant), eq(subdistricts.code, neighbourhoods.subdistrictCode)),
    )
    .where(and(eq(neighbourhoods.tenant, tenant), eq(neighbourhoods.code, neighbourhoodCode)))
  return found ? { ...found, neighbourhoodCode } : null
}
