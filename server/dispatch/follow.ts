import { ACTIVE_DISPATCH } from '#domain/dispatch.ts'
import { release } from '#domain/tasks.ts'
import type { TicketStatus } from '#domain/ticket.ts'
import type { Follow } from '#server/tickets/follow.ts'
import { settleDuty } from './duty.ts'
import { withChanged } from './gather.ts'
import { dispatchesOf, saveDispatches, setWaiting } from './queries.ts'

/** In these somebody may have the task, or (offered) be about to. A suspended ticket keeps its unit for when it is resumed. */
const KEEPS: readonly TicketStatus[] = ['offered', 'accepted', 'en_route', 'on_site', 'plan_submitted', 'suspended']

/** DP13: what a verb of the control room on the ticket means for its offers, its task and its unit. */
export const followTicket: Follow = async (tx, ticket, now) => {
  const siblings = await dispatchesOf(tx, ticket.id)
  const isOver = !KEEPS.includes(ticket.status)
  const ended = isOver ? release(siblings, now) : []
  if (isOver) await setWaiting(tx, ticket.id, [])
  await saveDispatches(tx, ended)
  const atWork = siblings.filter(({ status }) => ACTIVE_DISPATCH.includes(status)).map(({ unitId }) => unitId)
  const units = await settleDuty(tx, ticket, withChanged(siblings, ended), atWork, now)
  return { dispatches: ended, units }
}
