import type { LogKind } from './ticket.ts'

/**
 * TK3: what each verb may answer instead of doing it; every word is a code of wire/codes.ts. `notInThisState` is the
 * empty cell of the table (domain/ticket-states.ts), the others are said by the verb itself.
 */
export const TICKET_REFUSALS = {
  triage: ['notInThisState'],
  place: ['notInThisState'],
  notAdmit: ['notInThisState', 'missingReason'],
  transfer: ['notInThisState', 'missingReason'],
  escalate: ['notInThisState', 'missingReason'],
  merge: ['notInThisState', 'missingReason', 'mergeIntoItself', 'mergeIntoEnded'],
  suspend: ['notInThisState', 'missingReason'],
  resume: ['notInThisState'],
  extend: ['notInThisState', 'missingReason'],
  cancel: ['notInThisState', 'missingReason'],
  reopen: ['notInThisState', 'missingReason'],
  visit: ['notInThisState', 'notYours'],
  rate: ['notInThisState', 'alreadyRated'],
  close: ['notInThisState'],
  offer: ['notInThisState'],
  accept: ['notOffered', 'alreadyTaken'],
  decline: ['notOffered', 'alreadyTaken'],
  expire: ['notOffered'],
  offerWithdrawn: ['notOffered'],
  depart: ['notInThisState', 'notYours'],
  arrive: ['notInThisState', 'notYours'],
  submitPlan: ['notInThisState', 'notYours', 'classUnknown', 'notMajor', 'missingProof'],
  resolve: ['notInThisState', 'notYours', 'missingProof'],
  return: ['notInThisState', 'notYours', 'missingReason'],
  handOff: ['notInThisState'],
} as const satisfies Partial<Record<LogKind, readonly string[]>>

export type TicketVerb = keyof typeof TICKET_REFUSALS
export type TicketRefusal<Verb extends TicketVerb = TicketVerb> = (typeof TICKET_REFUSALS)[Verb][number]
