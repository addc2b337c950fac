import { randomUUID } from 'node:crypto'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { alarms } from '#db/schema/feed.ts'
import { type Alarm, isSettled, rings, TICKET_ALARMS, type TicketAlarm } from '#domain/alarm.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { FeedAudience, FeedKind } from '#domain/feed.ts'
import type { Instant } from '#domain/instant.ts'
import { type ClockEntry, clocks } from '#domain/sla.ts'
import type { Actor, LogEntry, LogKind, Ticket } from '#domain/ticket.ts'
import type { NewLogEntry } from '#domain/ticket-step.ts'
import type { Unit } from '#domain/units.ts'
import { appendEvents, type NewEvent } from '#server/feed/append.ts'
import { audienceOf } from './audience.ts'
import { appendLog, insertTicket, logOf, saveTicket } from './queries.ts'

/** One thing that has been decided about a ticket, with whatever other rows it touched. */
export interface Change {
  /** As it was read and locked; null = new. */
  before: Ticket | null
  /** As the verb left it; the clock columns are recomputed here. */
  ticket: Ticket
  /** At least one; the first names the event. */
  entries: readonly NewLogEntry[]
  actor: Actor
  now: Instant
  /** Rows already written by whoever owns them, as they are now. */
  dispatches?: readonly Dispatch[]
  units?: readonly Unit[]
  alarms?: readonly TicketAlarm[]
  /** The engine came to it after its moment. */
  late?: boolean
}

/** Writes a change and its event; answers the ticket with its clocks. */
export async function record(tx: Tx, change: Change): Promise<Ticket> {
  const [ticket] = await recordAll(tx, [change])
  return ticket as Ticket
}

/**
 * EN3: ticket rows, log rows, clock columns and alarms of all changes first, their feed events last. A transaction that makes
 * several steps calls this once, at its end: from the first event on it holds the head of the feed, and must wait for nobody.
 */
export async function recordAll(tx: Tx, changes: readonly Change[]): Promise<Ticket[]> {
  const kept: { ticket: Ticket; events: NewEvent[] }[] = []
  for (const change of changes) kept.push(await keep(tx, change))
  await appendEvents(
    tx,
    kept.flatMap(({ events }) => events),
  )
  return kept.map(({ ticket }) => ticket)
}

async function keep(tx: Tx, change: Change): Promise<{ ticket: Ticket; events: NewEvent[] }> {
  const { before } = change
  const earlier = before ? await logOf(tx, before.id) : []
  const ticket = withClocks(change.ticket, [...earlier, ...change.entries])
  if (before) await saveTicket(tx, ticket)
  else await insertTicket(tx, ticket)
  const log = await appendLog(tx, ticket.id, earlier.at(-1)?.n ?? 0, change.entries)
  const settled = before ? await settleAlarms(tx, ticket, change) : []
  const raised = await raiseAlarms(tx, ticket, change)
  return { ticket, events: await eventsOf(tx, { ...change, ticket }, log, { settled, raised }) }
}

/** SL1: the columns are what the log says, whoever wrote it. */
export function withClocks(ticket: Ticket, log: readonly ClockEntry[]): Ticket {
  const read = clocks(log)
  if (!read) return ticket
  const { policyVersion, arriveDueAt, solveDueAt, pausedAt, arriveBreached, solveBreached } = read
  const { nextTimer, nextTimerAt } = read
  return {
    ...ticket,
    policyVersion,
    arriveDueAt,
    solveDueAt,
    pausedAt,
    arriveBreached,
    solveBreached,
    nextTimer,
    nextTimerAt,
  }
}

async function raiseAlarms(tx: Tx, ticket: Ticket, change: Change): Promise<Alarm[]> {
  const kinds = (change.alarms ?? []).filter((kind) => rings(kind, ticket))
  if (kinds.length === 0) return []
  const raised = kinds.map((kind) => ({
    id: randomUUID(),
    tenant: ticket.tenant,
    kind,
    ticketId: ticket.id,
    unitId: null,
    communityId: null,
    raisedAt: change.now,
    late: change.late ?? false,
    acknowledgedAt: null,
    acknowledgedBy: null,
  }))
  await tx.insert(alarms).values(raised)
  return raised
}

/** The breach says all that its warning said: one alarm for one clock. */
const OUTDOES: Partial<Record<TicketAlarm, TicketAlarm>> = {
  arriveBreach: 'arriveWarning',
  solveBreach: 'solveWarning',
}

async function settleAlarms(tx: Tx, ticket: Ticket, change: Change): Promise<Alarm[]> {
  const outdone = (change.alarms ?? []).map((kind) => OUTDOES[kind])
  const kinds = TICKET_ALARMS.filter((kind) => isSettled(kind, ticket) || outdone.includes(kind))
  if (kinds.length === 0) return []
  return tx
    .update(alarms)
    .set({ acknowledgedAt: change.now, acknowledgedBy: change.actor.id ?? change.actor.kind })
    .where(
      and(
        eq(alarms.tenant, ticket.tenant),
        isNull(alarms.acknowledgedAt),
        eq(alarms.ticketId, ticket.id),
        inArray(alarms.kind, kinds),
      ),
    )
    .returning()
}

async function eventsOf(
  tx: Tx,
  change: Change,
  log: LogEntry[],
  rung: { settled: Alarm[]; raised: Alarm[] },
): Promise<NewEvent[]> {
  const { before, ticket, actor, now, dispatches = [], units = [] } = change
  const formerly = {
    unitIds: [...dispatches.map((dispatch) => dispatch.unitId), ...(before?.unitId ? [before.unitId] : [])],
    firmIds: [before?.firmId ?? null],
  }
  const audience = await audienceOf(tx, ticket, formerly)
  const state = {
    tickets: [ticket],
    log,
    ...(dispatches.length && { dispatches: [...dispatches] }),
    ...(units.length && { units: [...units] }),
  }
  const event = { tenant: ticket.tenant, at: now, actor }
  const kind = kindOf(ticket, change.entries[0]?.kind ?? 'note')
  const events: NewEvent[] = [{ ...event, kind, audience, state }]
  // Whoever has just lost the ticket to another jurisdiction must learn that, and is no longer in its audience.
  if (before && before.neighbourhoodCode !== ticket.neighbourhoodCode) {
    events.unshift({ ...event, kind, audience: { ...jurisdictionOf(before), firmIds: [], unitIds: [] }, state })
  }
  // Alarms are for consoles: the field and the firms are not rung.
  const rooms: FeedAudience = { ...jurisdictionOf(ticket), firmIds: [], unitIds: [] }
  const ring = (kind: FeedKind, rows: Alarm[]) => {
    if (rows.length > 0) events.push({ ...event, kind, audience: rooms, state: { alarms: rows } })
  }
  ring('alarm:acknowledged', rung.settled)
  ring('alarm:raised', rung.raised)
  return events
}

const jurisdictionOf = ({ districtCode, subdistrictCode, neighbourhoodCode }: Ticket) => ({
  districtCode,
  subdistrictCode,
  neighbourhoodCode,
})

const kindOf = (ticket: Ticket, logged: LogKind): FeedKind =>
  logged === 'report' && ticket.imported ? 'ticket:imported' : EVENT_OF[logged]

const EVENT_OF: Record<LogKind, FeedKind> = {
  report: 'ticket:reported',
  triage: 'ticket:triaged',
  reclassify: 'ticket:triaged',
  place: 'ticket:placed',
  offer: 'ticket:offered',
  decline: 'ticket:declined',
  expire: 'ticket:expired',
  offerWithdrawn: 'ticket:offerWithdrawn',
  offerLost: 'ticket:accepted',
  accept: 'ticket:accepted',
  depart: 'ticket:departed',
  arrive: 'ticket:arrived',
  submitPlan: 'ticket:planSubmitted',
  resolve: 'ticket:resolved',
  rate: 'ticket:rated',
  visit: 'ticket:visited',
  close: 'ticket:closed',
  return: 'ticket:returned',
  suspend: 'ticket:suspended',
  resume: 'ticket:resumed',
  reopen: 'ticket:reopened',
  cancel: 'ticket:cancelled',
  notAdmit: 'ticket:notAdmitted',
  extend: 'ticket:extended',
  transfer: 'ticket:transferred',
  escalate: 'ticket:escalated',
  merge: 'ticket:merged',
  note: 'ticket:noted',
  photo: 'ticket:noted',
  handOff: 'ticket:handedOff',
  arriveWarning: 'ticket:warned',
  solveWarning: 'ticket:warned',
  arriveBreach: 'ticket:breached',
  solveBreach: 'ticket:breached',
}
