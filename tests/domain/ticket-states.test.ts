import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Actor, TICKET_EVENTS, TICKET_STATUSES, type Ticket, type TicketEvent } from '#domain/ticket.ts'
import { cancel, close, rate, reopen, visit } from '#domain/ticket-closing.ts'
import * as dispatch from '#domain/ticket-dispatch.ts'
import { extend, resume, suspend } from '#domain/ticket-pauses.ts'
import { TICKET_REFUSALS } from '#domain/ticket-refusals.ts'
import { ENDED, NEXT, next, UNASSIGNED } from '#domain/ticket-states.ts'
import type { Decided } from '#domain/ticket-step.ts'
import { escalate, merge, notAdmit, place, transfer, triage } from '#domain/ticket-verbs.ts'
import { aTicket, T0 } from '#tests/support/dispatch-rows.ts'
import { ERROR_STATUS } from '#wire/codes.ts'

const WHO: Actor = { kind: 'user', id: 'dispatcher-1' }
const TASK = { dispatchId: 'dispatch-1', unitId: 'unit-1' }
const why = { reason: 'asked' }
const to = { districtCode: '1', subdistrictCode: '11', neighbourhoodCode: '111' }

type Answer = Decided | { ok: false; why: string }

/** Every event with everything it could ask for, so that only the table can refuse it. */
const DO: Record<TicketEvent, (ticket: Ticket) => Answer> = {
  triage: (ticket) => triage(ticket, { class: 'major' }, WHO, T0),
  place: (ticket) => place(ticket, WHO, T0),
  offer: (ticket) => dispatch.offer(ticket, { ...TASK, mode: 'sequence', via: 'page', expiresAt: null }, WHO, T0),
  decline: (ticket) => dispatch.decline(ticket, { ...TASK, reason: 'busy', stillStanding: 0 }, WHO, T0),
  expire: (ticket) => dispatch.expire(ticket, { ...TASK, stillStanding: 0 }, WHO, T0),
  accept: (ticket) => dispatch.accept(ticket, { ...TASK, firmId: null }, WHO, T0),
  depart: (ticket) => dispatch.depart(ticket, TASK, WHO, T0),
  arrive: (ticket) => dispatch.arrive(ticket, { ...TASK, grade: 'geofence' }, WHO, T0),
  submitPlan: (ticket) =>
    dispatch.submitPlan(ticket, { ...TASK, plan: { owner: 'o', steps: 's', dueAt: T0 } }, WHO, T0),
  resolve: (ticket) => dispatch.resolve(ticket, { ...TASK, note: 'done' }, WHO, T0),
  rate: (ticket) => rate(ticket, { rating: 5 }, WHO, T0),
  visit: (ticket) => visit(ticket, { solved: true, satisfied: null, callerUnitIds: [], handlers: [] }, WHO, T0),
  close: (ticket) => close(ticket, WHO, T0),
  return: (ticket) => dispatch.returnTask(ticket, { ...TASK, ...why }, WHO, T0),
  suspend: (ticket) => suspend(ticket, why, WHO, T0),
  resume: (ticket) => resume(ticket, WHO, T0),
  reopen: (ticket) => reopen(ticket, why, WHO, T0),
  cancel: (ticket) => cancel(ticket, why, WHO, T0),
  notAdmit: (ticket) => notAdmit(ticket, why, WHO, T0),
  extend: (ticket) => extend(ticket, { ...why, byMs: 60_000 }, WHO, T0),
  transfer: (ticket) => transfer(ticket, { ...why, to }, WHO, T0),
  escalate: (ticket) => escalate(ticket, why, WHO, T0),
  merge: (ticket) => merge(ticket, { ...why, into: aTicket({ id: 'parent' }) }, WHO, T0),
}

const inStatus = (status: Ticket['status']) =>
  aTicket({ status, class: 'major', unitId: 'unit-1', suspendedFrom: status === 'suspended' ? 'en_route' : null })

describe('the table of ticket states', () => {
  test.each(TICKET_STATUSES)(
    '[TK1] %s answers every event as the table says, and a refused one changes nothing',
    (status) => {
      for (const event of TICKET_EVENTS) {
        const ticket = Object.freeze(inStatus(status))
        const cell = NEXT[status][event]
        const expected = cell === 'before' ? 'en_route' : cell
        const answer = DO[event](ticket)
        expect([event, answer.ok ? answer.ticket.status : null]).toEqual([event, expected])
        expect(next(status, event, ticket.suspendedFrom)).toBe(expected)
      }
    },
  )

  test('[TK1] resume leads back to whatever was suspended, in every state that can be', () => {
    for (const status of TICKET_STATUSES) {
      const suspended = suspend(inStatus(status), why, WHO, T0)
      if (!suspended.ok || status === 'suspended') continue
      const resumed = resume(suspended.ticket, WHO, T0)
      expect(resumed.ok && [resumed.ticket.status, resumed.ticket.suspendedFrom]).toEqual([status, null])
    }
  })

  test('[TK1] a ticket can be brought to its end from every state, and reopened from every end', () => {
    for (const status of TICKET_STATUSES) {
      const isOver = ENDED.includes(status)
      expect([status, NEXT[status].cancel !== null]).toEqual([status, !isOver])
      expect([status, NEXT[status].reopen !== null]).toEqual([status, isOver])
      expect(isOver && UNASSIGNED.includes(status)).toBe(false)
    }
  })

  test('[TK3] every refusal is a code that the door can say, and no verb says another than its own', () => {
    for (const [verb, codes] of Object.entries(TICKET_REFUSALS)) {
      for (const code of codes)
        expect([verb, Object.keys(ERROR_STATUS)]).toEqual([verb, expect.arrayContaining([code])])
    }
    for (const event of TICKET_EVENTS) {
      for (const status of TICKET_STATUSES) {
        const answer = DO[event](inStatus(status))
        if (!answer.ok) expect(TICKET_REFUSALS[event]).toContain(answer.why)
      }
    }
  })

  test('[TK3] is printed in docs/ticket-states.md as it stands', async () => {
    const docs = new URL('../../docs/', import.meta.url)
    const { ticketStatesPage } = await import(new URL('make-ticket-states.ts', docs).pathname)
    expect(readFileSync(new URL('ticket-states.md', docs), 'utf8')).toBe(ticketStatesPage())
  })
})
