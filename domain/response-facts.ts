import { CATEGORY_DEFAULTS } from './categories.ts'
import type { Instant } from './instant.ts'
import {
  METRICS,
  type Metric,
  placeOf,
  type ResponseFact,
  type Round,
  responseVerdict,
  type Stage,
  satisfactionVerdict,
  solutionVerdict,
  stageOf,
} from './response.ts'
import { clocks, policyOf } from './sla.ts'
import type { LogEntry, Ticket, TicketClass } from './ticket.ts'
import { ENDED } from './ticket-states.ts'

/** What is read of a ticket to know its times: no resident, no words of anybody. */
export type TimedTicket = Pick<
  Ticket,
  | 'id'
  | 'number'
  | 'status'
  | 'round'
  | 'reportedAt'
  | 'triagedAt'
  | 'acceptedAt'
  | 'enRouteAt'
  | 'onSiteAt'
  | 'planSubmittedAt'
  | 'resolvedAt'
  | 'ratedAt'
  | 'visitedAt'
  | 'rating'
  | 'arrivalGrade'
  | 'mergedInto'
  | 'lng'
  | 'lat'
  | 'address'
  | 'districtCode'
  | 'subdistrictCode'
  | 'neighbourhoodCode'
  | 'communityId'
  | 'category'
  | 'class'
  | 'priority'
  | 'origin'
  | 'channel'
  | 'imported'
  | 'policyVersion'
  | 'firmId'
  | 'unitId'
  | 'arriveBreached'
> & { areaCode: string | null }

export type TimedEntry = Pick<LogEntry, 'kind' | 'at' | 'class' | 'policyVersion' | 'grade' | 'detail'>

/** The log is needed only where the columns do not tell all: of what a call-back heard, and of rounds before the last. */
export const needsLog = ({ round, visitedAt }: Pick<TimedTicket, 'round' | 'visitedAt'>): boolean =>
  round > 1 || visitedAt !== null

/**
 * RT2: a ticket's rounds, each a promise of its own; the last as the columns tell it (imported moments move without their log
 * being rewritten), the earlier ones as the log does. `firmOf` says whose unit it was.
 */
export function factsOf(
  ticket: TimedTicket,
  log: readonly TimedEntry[],
  firmOf: (unitId: string) => string | null,
): ResponseFact[] {
  const parts = needsLog(ticket) ? splitAtReopen(log) : []
  const before = parts.slice(0, -1)
  const earlier = before.map((part, i) => {
    const breached = clocks(before.slice(0, i + 1).flat())?.arriveBreached ?? false
    return factOf(ticket, earlierRound(ticket, part, i + 1, firmOf), breached)
  })
  return [...earlier, factOf(ticket, lastRound(ticket, parts.at(-1) ?? []), ticket.arriveBreached)]
}

function factOf(ticket: TimedTicket, round: Round, isBreached: boolean): ResponseFact {
  const { number, lng, lat, districtCode, subdistrictCode, neighbourhoodCode, communityId, areaCode } = ticket
  const { category, priority, origin, channel, imported } = ticket
  const { startedAt, policyVersion, grade, firmId, unitId } = round
  // A booking of the past has no appointment to be measured by either, but its source measured it all the same.
  const isBooking = !imported && !CATEGORY_DEFAULTS[category].promised
  const stages = {} as Record<Metric, Stage>
  for (const metric of METRICS) stages[metric] = stageOf(metric, round, isBooking)
  return {
    ...{ number, lng, lat, districtCode, subdistrictCode, neighbourhoodCode, communityId, areaCode },
    ...{ category, priority, origin, channel, imported },
    ...{ startedAt, policyVersion, grade, firmId, unitId, round: round.round, class: round.class },
    stages,
    arriveDueAt: startedAt + policyOf(policyVersion).arriveMs,
    verdicts: {
      response: responseVerdict(round, isBooking, isBreached),
      solution: solutionVerdict(round, isBooking),
      satisfaction: satisfactionVerdict(round, isBooking),
    },
    place: placeOf(ticket),
  }
}

/** The entries of each round; those after the last reopening are the last. */
function splitAtReopen(log: readonly TimedEntry[]): TimedEntry[][] {
  const parts: TimedEntry[][] = [[]]
  for (const entry of log) {
    if (entry.kind === 'reopen') parts.push([])
    parts.at(-1)?.push(entry)
  }
  return parts
}

const CLOSED: readonly TimedTicket['status'][] = ['closed', 'cancelled', 'not_admitted']
const ENDS = { cancelled: 'cancelled', not_admitted: 'notAdmitted' } as const

function lastRound(ticket: TimedTicket, entries: readonly TimedEntry[]): Round {
  const { status, mergedInto, reportedAt } = ticket
  const { solved, satisfied } = heard(entries)
  return {
    round: ticket.round,
    triagedAt: ticket.triagedAt,
    acceptedAt: ticket.acceptedAt,
    enRouteAt: ticket.enRouteAt,
    onSiteAt: ticket.onSiteAt,
    planSubmittedAt: ticket.planSubmittedAt,
    resolvedAt: ticket.resolvedAt,
    ratedAt: ticket.ratedAt,
    visitedAt: ticket.visitedAt,
    rating: ticket.rating,
    class: ticket.class,
    unitId: ticket.unitId,
    firmId: ticket.firmId,
    policyVersion: ticket.policyVersion,
    startedAt: entries.find(({ kind }) => kind === 'reopen')?.at ?? reportedAt,
    grade: ticket.arrivalGrade,
    isOver: ENDED.includes(status),
    isClosed: CLOSED.includes(status),
    end: mergedInto !== null ? 'merged' : (ENDS[status as keyof typeof ENDS] ?? null),
    solved,
    satisfied,
  }
}

function earlierRound(
  ticket: TimedTicket,
  entries: readonly TimedEntry[],
  round: number,
  firmOf: (unitId: string) => string | null,
): Round {
  const first = (kind: TimedEntry['kind']): Instant | null => entries.find((entry) => entry.kind === kind)?.at ?? null
  const last = (kind: TimedEntry['kind']) => entries.findLast((entry) => entry.kind === kind)
  const has = (kind: TimedEntry['kind']) => entries.some((entry) => entry.kind === kind)
  const unitId = textOf(last('accept')?.detail?.unitId)
  const start = entries[0]
  return {
    round,
    startedAt: start?.at ?? ticket.reportedAt,
    triagedAt: first('triage'),
    acceptedAt: last('accept')?.at ?? null,
    enRouteAt: last('depart')?.at ?? null,
    onSiteAt: first('arrive'),
    planSubmittedAt: first('submitPlan'),
    resolvedAt: first('resolve'),
    ratedAt: first('rate'),
    visitedAt: last('visit')?.at ?? null,
    rating: numberOf(last('rate')?.detail?.rating),
    class: classAfter(entries, ticket.class),
    grade: entries.find(({ kind }) => kind === 'arrive')?.grade ?? null,
    unitId,
    firmId: (unitId === null ? null : firmOf(unitId)) ?? ticket.firmId,
    policyVersion: start?.policyVersion ?? ticket.policyVersion,
    isOver: true,
    isClosed: true,
    end: has('cancel') ? 'cancelled' : has('notAdmit') ? 'notAdmitted' : null,
    ...heard(entries),
  }
}

/** What the last call-back of a round was told. */
function heard(entries: readonly TimedEntry[]): { solved: boolean | null; satisfied: boolean | null } {
  const detail = entries.findLast(({ kind }) => kind === 'visit')?.detail
  const said = (word: string) => (typeof detail?.[word] === 'boolean' ? detail[word] : null)
  return { solved: said('solved'), satisfied: said('satisfied') }
}

function classAfter(entries: readonly TimedEntry[], otherwise: TicketClass | null): TicketClass | null {
  const named = entries.findLast(({ kind }) => ['report', 'triage', 'reclassify'].includes(kind))
  return named ? named.class : otherwise
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
