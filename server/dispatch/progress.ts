import type { Tx } from '#db/connect.ts'
import type { TicketAlarm } from '#domain/alarm.ts'
import { gradeArrival } from '#domain/arrival.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import { isLate, momentOfTap, type StepMoment, toldLater } from '#domain/late-tap.ts'
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
import { heardBefore } from './heard.ts'
import { isPhotoOf, saveDispatches, unitsForUpdate } from './queries.ts'
import { checkSiteCode } from './site-code.ts'

/** Who says it, and, of a unit's own page, when the step was tapped. */
export interface Said {
  by: Answerer
  takenAt: Instant | undefined
  now: Instant
}

const inputOf = ({ dispatch }: Gathered, by: Answerer) => ({
  dispatchId: dispatch.id,
  unitId: dispatch.unitId,
  byPhone: by.unitId === null,
})

/** TK23: a dispatcher's record is of now; a page may tell a step that was taken in a tunnel. */
function momentOf({ ticket, dispatch }: Gathered, { by, takenAt, now }: Said): StepMoment {
  const { offeredAt, answeredAt, enRouteAt, onSiteAt } = dispatch
  const lastStepAt = Math.max(offeredAt, answeredAt ?? 0, enRouteAt ?? 0, onSiteAt ?? 0, ticket.planSubmittedAt ?? 0)
  return momentOfTap(by.unitId === null ? undefined : takenAt, lastStepAt, now)
}

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
  said: Said,
): Promise<Outcome | Refused<TicketRefusal<'depart'>>> {
  const { by, now } = said
  const moment = momentOf(gathered, said)
  const left = depart(gathered.dispatch, moment.at)
  if (!left.ok) return left
  const decided = ticketVerbs.depart(gathered.ticket, inputOf(gathered, by), by.actor, moment.at)
  return decided.ok ? keep(tx, gathered, toldLater(decided, moment, now), left.dispatch, by.actor, now) : decided
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
  said: Said,
  evidence: Evidence,
): Promise<Outcome | Refused<TicketRefusal<'arrive'> | 'unknown'>> {
  const { ticket, dispatch } = gathered
  const { by, now } = said
  const { fleet, secret, siteCode } = evidence
  const [unit] = await unitsForUpdate(tx, ticket.tenant, [dispatch.unitId])
  if (!unit) return refused('unknown')
  const moment = momentOf(gathered, said)
  const { grade, ...seen } = gradeArrival({
    site: [ticket.lng, ticket.lat],
    mode: unit.mode,
    fixes: isLate(moment) ? await heardBefore(tx, fleet, unit.id, moment.at) : fleet.recent(unit.id),
    siteCode: checkSiteCode(secret, ticket.communityId, siteCode),
    by: by.unitId === null ? 'dispatcher' : 'unit',
    isLate: isLate(moment),
    now: moment.at,
  })
  const there = arrive(dispatch, grade, moment.at)
  if (!there.ok) return there
  const input = { ...inputOf(gathered, by), grade, evidence: seen }
  const decided = ticketVerbs.arrive(ticket, input, by.actor, moment.at)
  return decided.ok ? keep(tx, gathered, toldLater(decided, moment, now), there.dispatch, by.actor, now) : decided
}

export async function resolve(
  tx: Tx,
  gathered: Gathered,
  said: Said,
  proof: { note?: string | undefined; photoId?: string | undefined },
): Promise<Outcome | Refused<TicketRefusal<'resolve'>>> {
  const { ticket, dispatch } = gathered
  const { by, now } = said
  const moment = momentOf(gathered, said)
  const done = finish(dispatch, moment.at)
  if (!done.ok) return done
  // A photo of another ticket proves nothing about this one.
  const isProof = proof.photoId === undefined || (await isPhotoOf(tx, proof.photoId, ticket.id))
  if (!isProof) return refused('missingProof')
  const decided = ticketVerbs.resolve(ticket, { ...inputOf(gathered, by), ...proof }, by.actor, moment.at)
  return decided.ok ? keep(tx, gathered, toldLater(decided, moment, now), done.dispatch, by.actor, now) : decided
}

/** DP11: the task stays the unit's, to be resolved later, but a plan handed in holds nobody on site. */
export async function handInPlan(
  tx: Tx,
  gathered: Gathered,
  said: Said,
  plan: SolutionPlan,
): Promise<Outcome | Refused<TicketRefusal<'submitPlan'>>> {
  const { by, now } = said
  const moment = momentOf(gathered, said)
  const decided = ticketVerbs.submitPlan(gathered.ticket, { ...inputOf(gathered, by), plan }, by.actor, moment.at)
  return decided.ok ? keep(tx, gathered, toldLater(decided, moment, now), gathered.dispatch, by.actor, now) : decided
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
