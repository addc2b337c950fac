import type { Dispatch, DispatchStatus } from '#domain/dispatch.ts'
import type { Ticket } from '#domain/ticket.ts'

export const STEPS = ['depart', 'arrive', 'plan', 'resolve'] as const
export type Step = (typeof STEPS)[number]

type Task = Pick<Dispatch, 'status'>
type Case = Pick<Ticket, 'status' | 'class' | 'planSubmittedAt'>

/** The one next step of a task: what the big button does. null = nothing to do for this unit. */
export function nextStep(dispatch: Task, ticket: Case): Step | null {
  if (ticket.status === 'suspended') return null
  if (dispatch.status === 'accepted') return 'depart'
  if (dispatch.status === 'en_route') return 'arrive'
  if (dispatch.status !== 'on_site') return null
  return ticket.class === 'major' && ticket.planSubmittedAt === null ? 'plan' : 'resolve'
}

/** A step that may be taken instead of the next one, shown small: already there, already mended, or a plan once more. */
export function otherStep(dispatch: Task, ticket: Case): Step | null {
  const next = nextStep(dispatch, ticket)
  if (next === 'depart') return 'arrive'
  if (next === 'plan') return 'resolve'
  if (next === 'resolve' && ticket.class === 'major') return 'plan'
  return null
}

const AFTER: Record<Exclude<Step, 'plan'>, DispatchStatus> = { depart: 'en_route', arrive: 'on_site', resolve: 'done' }

/** The task as it will be when the waiting steps have been taken: the page goes on in a tunnel, marked as not yet sent. */
export function withWaiting<T extends { dispatch: Dispatch; ticket: Ticket }>(task: T, waiting: readonly string[]): T {
  let { dispatch, ticket } = task
  for (const verb of waiting) {
    if (verb === 'plan') ticket = { ...ticket, planSubmittedAt: ticket.planSubmittedAt ?? ticket.updatedAt }
    else if (verb in AFTER) dispatch = { ...dispatch, status: AFTER[verb as Exclude<Step, 'plan'>] }
  }
  return { ...task, dispatch, ticket }
}
