import type { Tx } from '#db/connect.ts'
import type { TicketAlarm } from '#domain/alarm.ts'
import { gradeArrival } from '#domain/arrival.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import type { Answerer } from '#domain/offers.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { arrive, depart, finish, giveBack } from '#domain/tasks.ts'
import type { Actor, SolutionPlan } from '#domain/ticket.ts'
import * as ticketVerbs from '#domain/ticket-dispatch.ts'
import type { TicketRefusal } from '#domain/ticket-refusals.ts'
import type { Decided } from '#domain/ticket-step.ts'
import type { FleetView } from '#server/fleet/view.ts'
import { record } from '#server/tickets/record.ts'
import type { Outcome } from './answers.ts'
import { settleDuty } from './duty.ts'
import { type Gathered, withChanged } from './gather.ts'
import { isPhotoOf, saveDispatches, unitsForUpdate } from './queries.ts'
import { checkSiteCode } from './site-code.ts'

const inputOf = ({ dispatch }: Gathered, by: Answerer) => ({
  dispatchId: dispatch.id,
  unitId: dispatch.unitId,
  byPhone: by.unitId === null,
})

/** Keeps what both sides have decided: the dispatch's row, the unit's duty, the ticket with its log and event. */
async function keep(
  tx: Tx,
  { ticket, siblings }: Gathered,
  decided: Decided,
  dispatch: Dispatch,
  actor: Actor,
  now: Instant,
  alarms: TicketAlarm[] = [],
): Promise<Outcome> {
  await saveDispatches(tx, [dispatch])
  const after = withChanged(siblings, [dispatch])
  const units = await settleDuty(tx, decided.ticket, after, [dispatch.unitId], now)
  const change = {
    before: ticket,
    ticket: decided.ticket,
    entries: [decided.entry],
    actor,
    now,
    dispatches: [dispatch],
    units,
    alarms,
  }
  return { ticket: await record(tx, change), dispatch, units }
}

export async function setOut(
  tx: Tx,
  gathered: Gathered,
  by: Answerer,
  now: Instant,
): Promise<Outcome | Refused<TicketRefusal<'depart'>>> {
  const left = depart(gathered.dispatch, now)
  if (!left.ok) return left
  const decided = ticketVerbs.depart(gathered.ticket, inputOf(gathered, by), by.actor, now)
  return decided.ok ? keep(tx, gathered, decided, left.dispatch, by.actor, now) : decided
}

export interface Evidence {
  fleet: FleetView
  /** What the site's codes are keyed with (HONGGUAN_SECRET). */
  secret: string
  siteCode?: string | undefined
}

/** AR1: whoever says so, the arrival is graded by the best evidence there is; what was seen is kept in the log. */
export async function reach(
  tx: Tx,
  gathered: Gathered,
  by: Answerer,
  evidence: Evidence,
  now: Instant,
): Promise<Outcome | Refused<TicketRefusal<'arrive'> | 'unknown'>> {
  const { ticket, dispatch } = gathered
  const [unit] = await unitsForUpdate(tx, ticket.tenant, [dispatch.unitId])
  if (!unit) return refused('unknown')
  const { grade, ...seen } = gradeArrival({
    site: [ticket.lng, ticket.lat],
    mode: unit.mode,
    fixes: evidence.fleet.recent(unit.id),
    siteCode: checkSiteCode(evidence.secret, ticket.communityId, evidence.siteCode),
    by: by.unitId === null ? 'dispatcher' : 'unit',
    now,
  })
  const there = arrive(dispatch, grade, now)
  if (!there.ok) return there
  const decided = ticketVerbs.arrive(ticket, { ...inputOf(gathered, by), grade, evidence: seen }, by.actor, now)
  return decided.ok ? keep(tx, gathered, decided, there.dispatch, by.actor, now) : decided
}

export async function resolve(
  tx: Tx,
  gathered: Gathered,
  by: Answerer,
  proof: { note?: string | undefined; photoId?: string | undefined },
  now: Instant,
): Promise<Outcome | Refused<TicketRefusal<'resolve'>>> {
  const { ticket, dispatch } = gathered
  const done = finish(dispatch, now)
  if (!done.ok) return done
  // A photo of another ticket proves nothing about this one.
  const isProof = proof.photoId === undefined || (await isPhotoOf(tx, proof.photoId, ticket.id))
  if (!isProof) return refused('missingProof')
  const decided = ticketVerbs.resolve(ticket, { ...inputOf(gathered, by), ...proof }, by.actor, now)
  return decided.ok ? keep(tx, gathered, decided, done.dispatch, by.actor, now) : decided
}

/** DP11: the task stays the unit's, to be resolved later, but a plan handed in holds nobody on site. */
export async function handInPlan(
  tx: Tx,
  gathered: Gathered,
  by: Answerer,
  plan: SolutionPlan,
  now: Instant,
): Promise<Outcome | Refused<TicketRefusal<'submitPlan'>>> {
  const decided = ticketVerbs.submitPlan(gathered.ticket, { ...inputOf(gathered, by), plan }, by.actor, now)
  return decided.ok ? keep(tx, gathered, decided, gathered.dispatch, by.actor, now) : decided
}

/** DP12: 退单. */
export async function returnTask(
  tx: Tx,
  gathered: Gathered,
  reason: string,
  actor: Actor,
  now: Instant,
): Promise<Outcome | Refused<TicketRefusal<'return'>>> {
  const given = giveBack(gathered.dispatch, now)
  if (!given.ok) return given
  const { id: dispatchId, unitId } = gathered.dispatch
  const decided = ticketVerbs.returnTask(gathered.ticket, { dispatchId, unitId, reason }, actor, now)
  return decided.ok ? keep(tx, gathered, decided, given.dispatch, actor, now, ['ticketReturned']) : decided
}
