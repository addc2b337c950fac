import type { TicketEvent, TicketStatus } from './ticket.ts'

/** null = refused; 'before' = the status the ticket was suspended from. Total: a missing cell does not compile. */
export type NextStatus = TicketStatus | 'before' | null
type Row = Record<TicketEvent, NextStatus>

const REFUSED: Row = {
  triage: null,
  place: null,
  offer: null,
  decline: null,
  expire: null,
  accept: null,
  depart: null,
  arrive: null,
  submitPlan: null,
  resolve: null,
  rate: null,
  visit: null,
  close: null,
  return: null,
  suspend: null,
  resume: null,
  reopen: null,
  cancel: null,
  notAdmit: null,
  extend: null,
  transfer: null,
  escalate: null,
  merge: null,
}

/**
 * TK1: every status × event. `decline` and `expire` apply when the last standing offer falls; `extend` and `escalate`
 * are events that change no status; `transfer` sends the ticket to another jurisdiction, which must place the order itself;
 * `merge` closes it into its parent. A suspended ticket can be reclassified and extended: its clock keeps what it has.
 */
export const NEXT: Readonly<Record<TicketStatus, Readonly<Row>>> = {
  reported: {
    ...REFUSED,
    triage: 'triaged',
    place: 'placed',
    cancel: 'cancelled',
    notAdmit: 'not_admitted',
    transfer: 'reported',
    escalate: 'reported',
    merge: 'closed',
  },
  triaged: {
    ...REFUSED,
    triage: 'triaged',
    place: 'placed',
    suspend: 'suspended',
    cancel: 'cancelled',
    notAdmit: 'not_admitted',
    extend: 'triaged',
    transfer: 'triaged',
    escalate: 'triaged',
    merge: 'closed',
  },
  placed: {
    ...REFUSED,
    triage: 'placed',
    offer: 'offered',
    suspend: 'suspended',
    cancel: 'cancelled',
    notAdmit: 'not_admitted',
    extend: 'placed',
    transfer: 'triaged',
    escalate: 'placed',
    merge: 'closed',
  },
  offered: {
    ...REFUSED,
    triage: 'offered',
    offer: 'offered',
    decline: 'placed',
    expire: 'placed',
    accept: 'accepted',
    cancel: 'cancelled',
    extend: 'offered',
    escalate: 'offered',
  },
  accepted: {
    ...REFUSED,
    triage: 'accepted',
    depart: 'en_route',
    arrive: 'on_site',
    return: 'returned',
    suspend: 'suspended',
    cancel: 'cancelled',
    extend: 'accepted',
    escalate: 'accepted',
  },
  en_route: {
    ...REFUSED,
    triage: 'en_route',
    arrive: 'on_site',
    return: 'returned',
    suspend: 'suspended',
    cancel: 'cancelled',
    extend: 'en_route',
    escalate: 'en_route',
  },
  on_site: {
    ...REFUSED,
    triage: 'on_site',
    submitPlan: 'plan_submitted',
    resolve: 'resolved',
    return: 'returned',
    suspend: 'suspended',
    cancel: 'cancelled',
    extend: 'on_site',
    escalate: 'on_site',
  },
  plan_submitted: {
    ...REFUSED,
    submitPlan: 'plan_submitted',
    resolve: 'resolved',
    return: 'returned',
    suspend: 'suspended',
    cancel: 'cancelled',
    escalate: 'plan_submitted',
  },
  resolved: { ...REFUSED, rate: 'rated', visit: 'visited', close: 'closed', reopen: 'placed' },
  rated: { ...REFUSED, visit: 'visited', close: 'closed', reopen: 'placed' },
  visited: { ...REFUSED, rate: 'visited', close: 'closed', reopen: 'placed' },
  closed: { ...REFUSED, rate: 'closed', reopen: 'placed' },
  returned: {
    ...REFUSED,
    triage: 'returned',
    place: 'placed',
    offer: 'offered',
    suspend: 'suspended',
    cancel: 'cancelled',
    notAdmit: 'not_admitted',
    extend: 'returned',
    transfer: 'triaged',
    escalate: 'returned',
    merge: 'closed',
  },
  suspended: {
    ...REFUSED,
    triage: 'suspended',
    resume: 'before',
    cancel: 'cancelled',
    extend: 'suspended',
    escalate: 'suspended',
  },
  cancelled: { ...REFUSED, reopen: 'placed' },
  not_admitted: { ...REFUSED, reopen: 'reported' },
}

/** Statuses in which nobody is working on the ticket and somebody should be found: the queue's "unassigned" pane. */
export const UNASSIGNED: readonly TicketStatus[] = ['reported', 'triaged', 'placed', 'offered', 'returned']

/** Statuses after which the ticket leaves the live queue. */
export const ENDED: readonly TicketStatus[] = ['resolved', 'rated', 'visited', 'closed', 'cancelled', 'not_admitted']

/** The status after an event, or null when the table refuses it. */
export function next(
  status: TicketStatus,
  event: TicketEvent,
  suspendedFrom: TicketStatus | null,
): TicketStatus | null {
  const to = NEXT[status][event]
  return to === 'before' ? suspendedFrom : to
}
