import { Type } from 'typebox'
import { DECLINE_REASONS, type Dispatch, OFFER_MODES } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import type { Candidate } from '#domain/rank.ts'
import type { Ticket } from '#domain/ticket.ts'
import { route } from '#wire/route.ts'
import { Id, IdParams, InstantMs, Reason, shape, Text, word } from '#wire/shapes.ts'

const closed = { additionalProperties: false }

export interface Candidates {
  ticketId: string
  at: Instant
  router: 'estimate' | 'osrm'
  candidates: Candidate[]
}

const dispatchCommand = <B extends Parameters<typeof Type.Object>[0]>(
  verb: string,
  action: Parameters<typeof route>[0]['action'],
  summary: string,
  body: B,
) =>
  route({
    method: 'POST',
    path: `/api/dispatches/:id/${verb}`,
    action,
    ...('byPhone' in body ? { orAction: 'ticket.answerFor' as const } : {}),
    summary,
    command: true,
    params: IdParams,
    body: Type.Object(body, closed),
    answer: shape<{ ticket: Ticket; dispatch: Dispatch }>('TicketAndDispatch'),
  })

export const candidates = route({
  method: 'GET',
  path: '/api/tickets/:id/candidates',
  action: 'ticket.offer',
  summary: 'Units ranked for a ticket, each with its reasons',
  params: IdParams,
  query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }),
  answer: shape<Candidates>('Candidates'),
})

export const offerTicket = route({
  method: 'POST',
  path: '/api/tickets/:id/offers',
  action: 'ticket.offer',
  summary: 'Offer to one unit, to a list in turn (sequence), or to several at once (batch, 抢单)',
  command: true,
  params: IdParams,
  body: Type.Object(
    {
      unitIds: Type.Array(Id, { minItems: 1, maxItems: 500 }),
      mode: word(OFFER_MODES),
      ttlMs: Type.Optional(Type.Integer({ minimum: 5_000, maximum: 300_000 })),
      /** Needed when a unit already has a task. */
      confirmBusy: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  answer: shape<{ ticket: Ticket; dispatches: Dispatch[] }>('TicketAndDispatches'),
})

/** `byPhone`: the dispatcher records an answer heard on the phone (action ticket.answerFor; graded as the dispatcher's word). */
const byPhone = Type.Optional(Type.Boolean())
/**
 * `takenAt`: when the step was tapped, where a page without network tells it late. Taken as the step's moment if it is neither
 * ahead, nor before the step it follows, nor more than an hour back; kept in the log either way (TK23). Not with `byPhone`.
 */
const takenAt = Type.Optional(InstantMs)
export const acceptDispatch = dispatchCommand('accept', 'ticket.answer', 'Accept; one winner', { byPhone })
export const declineDispatch = dispatchCommand('decline', 'ticket.answer', 'Decline with a reason', {
  byPhone,
  reason: word(DECLINE_REASONS),
})
export const withdrawDispatch = dispatchCommand('withdraw', 'ticket.offer', 'Take a standing offer back', {})
export const departDispatch = dispatchCommand('depart', 'ticket.progress', 'En route', { byPhone, takenAt })
export const arriveDispatch = dispatchCommand(
  'arrive',
  'ticket.progress',
  'On site; graded by the best evidence (geofence, site QR, own word, dispatcher word)',
  { byPhone, takenAt, siteCode: Type.Optional(Type.String({ maxLength: 64 })) },
)
export const resolveDispatch = dispatchCommand('resolve', 'ticket.progress', 'Resolved, with a photo or a note', {
  byPhone,
  takenAt,
  note: Type.Optional(Text),
  photoId: Type.Optional(Id),
})
export const planDispatch = dispatchCommand('plan', 'ticket.progress', 'Submit the solution plan of a major case', {
  byPhone,
  takenAt,
  owner: Type.String({ minLength: 1, maxLength: 100 }),
  steps: Type.String({ minLength: 1, maxLength: 4_000 }),
  dueAt: InstantMs,
})
export const returnDispatch = dispatchCommand('return', 'ticket.return', '退单: give the task back with a reason', {
  reason: Reason,
})

/** AR4: printed as a QR at the community's gate; scanning it on arrival is evidence. */
export const siteCode = route({
  method: 'GET',
  path: '/api/communities/:id/site-code',
  action: 'device.manage',
  summary: "The code on a community's sign, for printing",
  params: IdParams,
  answer: Type.Object({ code: Type.String() }),
})

export const dispatchCommands = {
  accept: acceptDispatch,
  decline: declineDispatch,
  withdraw: withdrawDispatch,
  depart: departDispatch,
  arrive: arriveDispatch,
  resolve: resolveDispatch,
  plan: planDispatch,
  return: returnDispatch,
} as const
