import type { Dispatch } from '#domain/dispatch.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { dispatchCommands } from '#wire/routes/dispatches.ts'

export type DispatchVerb = keyof typeof dispatchCommands

/** What can be recorded of a dispatch as it stands. */
export function verbsOf(dispatch: Pick<Dispatch, 'status'>, ticket: Pick<Ticket, 'class' | 'status'>): DispatchVerb[] {
  if (dispatch.status === 'offered') return ['accept', 'decline', 'withdraw']
  if (dispatch.status === 'accepted') return ['depart', 'arrive', 'return']
  if (dispatch.status === 'en_route') return ['arrive', 'return']
  if (dispatch.status !== 'on_site') return []
  return ticket.class === 'major' && ticket.status === 'on_site' ? ['plan', 'resolve', 'return'] : ['resolve', 'return']
}
