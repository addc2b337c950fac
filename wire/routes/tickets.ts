import { Type } from 'typebox'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import type { LogEntry, Ticket } from '#domain/ticket.ts'
import { commandsOn } from '#wire/command.ts'
import { route } from '#wire/route.ts'
import {
  CategoryWord,
  Id,
  IdParams,
  InstantMs,
  Lat,
  Lng,
  nullable,
  OriginWord,
  PriorityWord,
  Reason,
  shape,
  shapes,
  Text,
  TicketClassWord,
  TicketStatusWord,
  WorkFieldWord,
  word,
} from '#wire/shapes.ts'

/** The one second type beside Ticket: what may leave only with the right `requester.read`. */
export interface Requester {
  name: string | null
  phone: string | null
}

export interface Photo {
  id: string
  ticketId: string
  at: Instant
  /** resident, before, after. */
  purpose: 'report' | 'before' | 'after'
  width: number
  height: number
}

export interface TicketCard {
  ticket: Ticket
  log: LogEntry[]
  dispatches: Dispatch[]
  photos: Photo[]
  /** null without the right to see it. */
  requester: Requester | null
  /** Other tickets at the same community in the last 90 days. */
  repeats: number
  /** Display names (a role and a number) of the accounts that the log names, by id. */
  names: Record<string, string>
}

const closed = { additionalProperties: false }

export const ReportFields = {
  category: CategoryWord,
  description: Text,
  address: Type.Optional(Type.String({ maxLength: 300 })),
  communityId: Type.Optional(Id),
  lng: Type.Optional(Lng),
  lat: Type.Optional(Lat),
  requesterName: Type.Optional(Type.String({ maxLength: 60 })),
  requesterPhone: Type.Optional(Type.String({ maxLength: 30, pattern: '^[0-9+() -]*$' })),
}

const ticketCommand = commandsOn('tickets', shape<Ticket>('Ticket'))

export const reportTicket = route({
  method: 'POST',
  path: '/api/tickets',
  action: 'ticket.report',
  summary: 'Report from the console; needs a community or a point',
  command: true,
  body: Type.Object(
    {
      ...ReportFields,
      class: Type.Optional(TicketClassWord),
      priority: Type.Optional(PriorityWord),
      workField: Type.Optional(WorkFieldWord),
      origin: Type.Optional(OriginWord),
      handedOffTo: Type.Optional(Type.String({ maxLength: 20 })),
      /** By API key only: what a simulator or a replay reports is marked so. */
      channel: Type.Optional(word(['simulator', 'replay'])),
      /** With `channel: replay` only: when the resident spoke, by the recording; not in the future. */
      reportedAt: Type.Optional(InstantMs),
    },
    closed,
  ),
  answer: shape<Ticket>('Ticket'),
})

export const tickets = route({
  method: 'GET',
  path: '/api/tickets',
  action: 'ticket.read',
  summary: 'Tickets, newest first; filters are folded',
  query: Type.Object({
    status: Type.Optional(TicketStatusWord),
    communityId: Type.Optional(Id),
    from: Type.Optional(InstantMs),
    to: Type.Optional(InstantMs),
    text: Type.Optional(Type.String({ maxLength: 100 })),
    beforeNumber: Type.Optional(Type.Integer({ minimum: 1 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  answer: shapes<Ticket>('Ticket'),
})

export const ticketCard = route({
  method: 'GET',
  path: '/api/tickets/:id',
  action: 'ticket.read',
  summary: 'One ticket, whole',
  params: IdParams,
  answer: shape<TicketCard>('TicketCard'),
})

export const exportTickets = route({
  method: 'GET',
  path: '/api/exports/tickets.csv',
  action: 'ticket.export',
  summary: 'Tickets as CSV (UTF-8 with BOM), streamed',
  query: Type.Object({ from: Type.Optional(InstantMs), to: Type.Optional(InstantMs) }),
  answer: Type.String(),
})

export const triageTicket = ticketCommand(
  'triage',
  'ticket.triage',
  'Set class, priority, category; a later call reclassifies and keeps elapsed and paused time',
  {
    class: TicketClassWord,
    priority: Type.Optional(PriorityWord),
    category: Type.Optional(CategoryWord),
    workField: Type.Optional(WorkFieldWord),
  },
)
export const placeTicket = ticketCommand(
  'place',
  'ticket.place',
  '下单: the neighbourhood (or the control room for it) places the order',
  {},
)
export const suspendTicket = ticketCommand(
  'suspend',
  'ticket.suspend',
  'Pause the solve clock; the arrival clock never pauses',
  { reason: Reason },
)
export const resumeTicket = ticketCommand('resume', 'ticket.suspend', 'Resume', {})
export const cancelTicket = ticketCommand('cancel', 'ticket.cancel', 'Cancel; a standing offer or task is withdrawn', {
  reason: Reason,
})
export const notAdmitTicket = ticketCommand('not-admit', 'ticket.triage', 'Out of scope, with the legal reason', {
  reason: Reason,
})
export const reopenTicket = ticketCommand('reopen', 'ticket.reopen', 'Reopen: a new round, clocks anew', {
  reason: Reason,
})
export const visitTicket = ticketCommand('visit', 'ticket.visit', 'Call-back by another than the handler', {
  solved: Type.Boolean(),
  satisfied: nullable(Type.Boolean()),
  note: Type.Optional(Text),
})
export const closeTicket = ticketCommand('close', 'ticket.close', 'Close', {})
export const noteTicket = ticketCommand('note', 'ticket.note', 'Add a note to the log', {
  text: Type.String({ minLength: 1, maxLength: 2_000 }),
})
export const extendTicket = ticketCommand(
  'extend',
  'ticket.suspend',
  'Extend the solve promise with a reason told to the caller',
  { reason: Reason, byMs: Type.Integer({ minimum: 60_000, maximum: 864_000_000 }) },
)
export const transferTicket = ticketCommand(
  'transfer',
  'ticket.transfer',
  'Send to another neighbourhood (12-digit code)',
  { reason: Reason, neighbourhoodCode: Type.String({ maxLength: 16 }) },
)
export const escalateTicket = ticketCommand('escalate', 'ticket.note', 'Escalate to the sub-district', {
  reason: Reason,
})
export const mergeTicket = ticketCommand('merge', 'ticket.close', 'Merge into another open ticket', {
  into: Id,
  reason: Reason,
})
export const handOffTicket = ticketCommand(
  'hand-off',
  'ticket.note',
  'Record that the caller was handed to an emergency number',
  { to: Type.String({ minLength: 2, maxLength: 20 }) },
)

/** multipart/form-data: one file `photo`, field `purpose`. */
export const addPhoto = route({
  method: 'POST',
  path: '/api/tickets/:id/photos',
  action: 'photo.add',
  summary: 'Add a photo (JPEG, PNG, WebP ≤ 8 MB; checked, metadata stripped)',
  params: IdParams,
  answer: shape<Photo>('Photo'),
})
export const photo = route({
  method: 'GET',
  path: '/api/photos/:id',
  action: 'photo.read',
  summary: 'The picture (image/jpeg)',
  params: IdParams,
  answer: Type.Unknown(),
})

export const residentLink = route({
  method: 'POST',
  path: '/api/tickets/:id/link',
  action: 'requester.read',
  summary: "A new single-ticket link for the resident (the old one ends); answers the link's token once",
  command: true,
  params: IdParams,
  answer: Type.Object({ token: Type.String() }),
})

export const ticketCommands = {
  triage: triageTicket,
  place: placeTicket,
  suspend: suspendTicket,
  resume: resumeTicket,
  cancel: cancelTicket,
  notAdmit: notAdmitTicket,
  reopen: reopenTicket,
  visit: visitTicket,
  close: closeTicket,
  note: noteTicket,
  extend: extendTicket,
  transfer: transferTicket,
  escalate: escalateTicket,
  merge: mergeTicket,
  handOff: handOffTicket,
} as const
