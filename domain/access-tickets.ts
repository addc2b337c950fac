/** The tickets' part of the permission table (domain/access.ts). */

export const TICKET_ACTIONS = [
  'ticket.read',
  'ticket.report',
  'ticket.triage',
  'ticket.place',
  'ticket.offer',
  'ticket.answer',
  'ticket.answerFor',
  'ticket.progress',
  'ticket.suspend',
  'ticket.return',
  'ticket.cancel',
  'ticket.reopen',
  'ticket.visit',
  'ticket.close',
  'ticket.note',
  'ticket.transfer',
  'ticket.rate',
  'ticket.export',
  'requester.read',
  'photo.add',
  'photo.read',
] as const
type TicketAction = (typeof TICKET_ACTIONS)[number]

type Row = Partial<Record<TicketAction, 'tenant' | 'unit'>>

const ROOM: Row = {
  'ticket.read': 'tenant',
  'ticket.report': 'tenant',
  'ticket.triage': 'tenant',
  'ticket.place': 'tenant',
  'ticket.offer': 'tenant',
  'ticket.answerFor': 'tenant',
  'ticket.suspend': 'tenant',
  'ticket.return': 'tenant',
  'ticket.cancel': 'tenant',
  'ticket.reopen': 'tenant',
  'ticket.visit': 'tenant',
  'ticket.close': 'tenant',
  'ticket.note': 'tenant',
  'ticket.transfer': 'tenant',
  'requester.read': 'tenant',
  'photo.add': 'tenant',
  'photo.read': 'tenant',
}

/** A unit works at what it has been asked for. */
const FIELD: Row = {
  'ticket.read': 'unit',
  'ticket.answer': 'unit',
  'ticket.progress': 'unit',
  'ticket.return': 'unit',
  'ticket.note': 'unit',
  'requester.read': 'unit',
  'photo.add': 'unit',
  'photo.read': 'unit',
}

export const TICKETS = { ROOM, FIELD }
