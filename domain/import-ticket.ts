import type { Dispatch } from './dispatch.ts'
import { MOMENTS, type Moment } from './import-map.ts'
import type { ReadRow } from './import-row.ts'
import type { Instant } from './instant.ts'
import type { Actor, Ticket } from './ticket.ts'
import { type Stages, withHistory } from './ticket-history.ts'
import { report, type Site } from './ticket-report.ts'
import { ENDED } from './ticket-states.ts'
import type { NewLogEntry } from './ticket-step.ts'

/** What the database gives rows that become a ticket. */
export interface Placing {
  tenant: string
  site: Site | null
  /** Ids of the units by the names the source gives them. */
  unitIds: ReadonlyMap<string, string>
  /** Draws the id of a new dispatch. */
  newId: () => string
  /** The map says that everything in the file is over. */
  allOver: boolean
  /** Whether the source tells arrivals at all: where it does not, a unit that was sent counts as having come. */
  tellsArrival: boolean
}

export interface PastTicket {
  ticket: Ticket
  /** Log rows, each at its own moment. */
  entries: NewLogEntry[]
  dispatches: Dispatch[]
}

/** IM3: rows of one key become one ticket with the stages they name and a dispatch for each unit they name. */
export function ticketOfRows(
  rows: readonly [ReadRow, ...ReadRow[]],
  made: { id: string; number: number },
  placing: Placing,
  actor: Actor,
  now: Instant,
): PastTicket {
  const [first] = rows
  const { category, class: known, priority, lng, lat, address, description } = first
  const stages = stagesOf(rows)
  const input = { category, class: known, priority, lng, lat, address, description }
  const { ticket: begun, entry } = report(
    {
      ...made,
      ...input,
      tenant: placing.tenant,
      channel: 'import',
      site: placing.site,
      imported: true,
      reportedAt: stages.reportedAt,
    },
    actor,
    now,
  )
  const dispatches = dispatchesOf(rows, made.id, placing, actor)
  const { ticket, entries } = pastOf(begun, stages, placing, actor)
  return { ticket: { ...ticket, unitId: winnerOf(dispatches) }, entries: [entry, ...entries], dispatches }
}

/**
 * IM4: rows of a ticket that is here already (a line mended after it was refused, a file that has grown). Its moments move
 * as if the rows had come together; the log, which is never rewritten, tells the stages that moved. A ticket that people
 * have opened again keeps what they made of it and only gets the dispatches.
 */
export function joinRows(
  before: { ticket: Ticket; dispatches: readonly Dispatch[] },
  rows: readonly [ReadRow, ...ReadRow[]],
  placing: Placing,
  actor: Actor,
  now: Instant,
): PastTicket {
  const dispatches = dispatchesOf(rows, before.ticket.id, placing, actor)
  if (before.ticket.round > 1) return { ticket: { ...before.ticket, updatedAt: now }, entries: [], dispatches }
  const stages = mergedStages(before.ticket, stagesOf(rows))
  const { ticket, entries } = pastOf({ ...before.ticket, reportedAt: stages.reportedAt }, stages, placing, actor)
  const moved = entries.filter(({ kind, at }) => knownAt(before.ticket, kind) !== at)
  const unitId = winnerOf([...before.dispatches, ...dispatches])
  return { ticket: { ...ticket, unitId, updatedAt: now }, entries: moved, dispatches }
}

interface RowStages extends Stages {
  reportedAt: Instant
  isCancelled: boolean
}

function pastOf(begun: Ticket, stages: RowStages, placing: Placing, actor: Actor) {
  const { ticket, entries } = withHistory(begun, stages, actor)
  const isOver = ENDED.includes(ticket.status)
  const status = stages.isCancelled ? 'cancelled' : placing.allOver && !isOver ? 'closed' : ticket.status
  return { ticket: { ...ticket, status }, entries }
}

const first = (moments: readonly Instant[]): Instant | null => (moments.length > 0 ? Math.min(...moments) : null)
const last = (moments: readonly Instant[]): Instant | null => (moments.length > 0 ? Math.max(...moments) : null)

/** The first moment of a beginning, the last of an end. */
function stagesOf(rows: readonly [ReadRow, ...ReadRow[]]): RowStages {
  const all = (moment: Moment) => rows.flatMap(({ moments }) => moments[moment] ?? [])
  const isCancelled = rows.some((row) => row.isCancelled)
  const closedAt = last(all('closed'))
  return {
    reportedAt: Math.min(...rows.map(({ moments }) => moments.reported)),
    triagedAt: first(all('triaged')),
    placedAt: first(all('placed')),
    acceptedAt: first(all('accepted')),
    enRouteAt: first(all('enRoute')),
    onSiteAt: first(all('onSite')),
    resolvedAt: last(all('resolved')),
    closedAt: isCancelled ? null : closedAt,
    cancelledAt: isCancelled ? (closedAt ?? last(all('ended'))) : null,
    resolution: rows.find(({ resolution }) => resolution !== null)?.resolution ?? null,
    isCancelled,
  }
}

function mergedStages(ticket: Ticket, late: RowStages): RowStages {
  const both = (...moments: (Instant | null | undefined)[]) => moments.filter((at) => at !== null && at !== undefined)
  const wasCancelled = ticket.status === 'cancelled'
  return {
    reportedAt: Math.min(ticket.reportedAt, late.reportedAt),
    triagedAt: first(both(ticket.triagedAt, late.triagedAt)),
    placedAt: first(both(ticket.placedAt, late.placedAt)),
    acceptedAt: first(both(ticket.acceptedAt, late.acceptedAt)),
    enRouteAt: first(both(ticket.enRouteAt, late.enRouteAt)),
    onSiteAt: first(both(ticket.onSiteAt, late.onSiteAt)),
    resolvedAt: last(both(ticket.resolvedAt, late.resolvedAt)),
    closedAt: wasCancelled ? ticket.closedAt : last(both(ticket.closedAt, late.closedAt)),
    cancelledAt: wasCancelled ? null : (late.cancelledAt ?? null),
    resolution: ticket.resolution ?? late.resolution ?? null,
    rating: ticket.rating,
    ratedAt: ticket.ratedAt,
    isCancelled: wasCancelled || late.isCancelled,
  }
}

/** The moment the ticket already tells for a log row of this kind. */
function knownAt(ticket: Ticket, kind: NewLogEntry['kind']): Instant | null {
  switch (kind) {
    case 'triage':
      return ticket.triagedAt
    case 'place':
      return ticket.placedAt
    case 'accept':
      return ticket.acceptedAt
    case 'depart':
      return ticket.enRouteAt
    case 'arrive':
      return ticket.onSiteAt
    case 'resolve':
      return ticket.resolvedAt
    case 'rate':
      return ticket.ratedAt
    case 'close':
      return ticket.closedAt
    default:
      return null
  }
}

/** Every part is over: nothing that is imported holds a unit or asks one. A unit that turned round on the way was called back. */
function dispatchesOf(rows: readonly ReadRow[], ticketId: string, placing: Placing, actor: Actor): Dispatch[] {
  return rows.flatMap(({ unit, moments }) => {
    const unitId = unit === null ? undefined : placing.unitIds.get(unit)
    if (unitId === undefined) return []
    const { accepted = null, enRoute = null, onSite = null, ended = null } = moments
    const hasCome = onSite !== null || !placing.tellsArrival
    return {
      id: placing.newId(),
      tenant: placing.tenant,
      ticketId,
      unitId,
      status: hasCome ? 'done' : 'withdrawn',
      mode: 'batch',
      via: 'phone',
      // A row that does not tell when the unit was asked: the first moment at which it is known to be in it.
      offeredAt: moments.offered ?? first([accepted, enRoute, onSite].filter((at) => at !== null)) ?? moments.reported,
      offeredBy: actor,
      expiresAt: null,
      answeredAt: accepted,
      answeredBy: accepted === null ? null : actor,
      declineReason: null,
      enRouteAt: enRoute,
      onSiteAt: onSite,
      grade: onSite === null ? null : 'imported',
      endedAt: ended,
      imported: true,
    } satisfies Dispatch
  })
}

/** The first on site; when nobody came, the first that left or accepted. */
function winnerOf(dispatches: readonly Dispatch[]): string | null {
  const by = (key: 'onSiteAt' | 'enRouteAt' | 'answeredAt') =>
    dispatches
      .filter((dispatch) => dispatch[key] !== null)
      .reduce<Dispatch | null>((best, one) => (best === null || (one[key] ?? 0) < (best[key] ?? 0) ? one : best), null)
  return (by('onSiteAt') ?? by('enRouteAt') ?? by('answeredAt'))?.unitId ?? null
}

/** A moment that lies before one that should precede it. Kept as it is, and named. */
export interface OutOfOrder {
  moment: Moment
  at: Instant
  /** The latest of the earlier stages. */
  after: Moment
  afterAt: Instant
}

export function outOfOrder({ moments }: Pick<ReadRow, 'moments'>): OutOfOrder[] {
  const found: OutOfOrder[] = []
  let latest: { moment: Moment; at: Instant } | null = null
  for (const moment of MOMENTS) {
    const at = moments[moment]
    if (at === undefined) continue
    if (latest && at < latest.at) found.push({ moment, at, after: latest.moment, afterAt: latest.at })
    if (!latest || at >= latest.at) latest = { moment, at }
  }
  return found
}
