import { describe, expect, test } from 'vitest'
import { isSettled, rings } from '#domain/alarm.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { Actor, Ticket } from '#domain/ticket.ts'
import { cancel, close, rate, reopen, visit } from '#domain/ticket-closing.ts'
import * as dispatch from '#domain/ticket-dispatch.ts'
import { withHistory } from '#domain/ticket-history.ts'
import { suspend } from '#domain/ticket-pauses.ts'
import { type Report, report } from '#domain/ticket-report.ts'
import { type Decided, isBlank } from '#domain/ticket-step.ts'
import { handOff, merge, note, place, transfer, triage } from '#domain/ticket-verbs.ts'
import { aTicket, T0 } from '#tests/support/dispatch-rows.ts'

const RESIDENT: Actor = { kind: 'resident', id: null }
const WORKER: Actor = { kind: 'user', id: 'neighbourhood-1' }
const DISPATCHER: Actor = { kind: 'user', id: 'dispatcher-1' }
const UNIT: Actor = { kind: 'unit', id: 'unit-1' }
const TASK = { dispatchId: 'dispatch-1', unitId: 'unit-1' }

const given: Report = {
  id: 'ticket-1',
  tenant: 'city',
  number: 7,
  channel: 'resident',
  category: 'burstPipe',
  description: 'water in the cellar',
  address: '',
  lng: 123.45,
  lat: 41.79,
  site: null,
}

const done = <A extends { ok: boolean }>(answer: A): Extract<A, { ok: true }> => {
  if (!answer.ok) throw new Error(JSON.stringify(answer))
  return answer as Extract<A, { ok: true }>
}
const ticketOf = (answer: Decided | { ok: false; why: string }): Ticket => done(answer).ticket

describe('a report', () => {
  test('[TK8] takes its jurisdiction and firm from the community alone; a bare point has neither', () => {
    const site = { communityId: 'c', districtCode: '1', subdistrictCode: '11', neighbourhoodCode: '111', firmId: 'f' }
    expect(report({ ...given, site }, RESIDENT, T0).ticket).toMatchObject(site)
    expect(report(given, RESIDENT, T0).ticket).toMatchObject({
      communityId: null,
      neighbourhoodCode: null,
      firmId: null,
    })
  })

  test('[TK9] begins with what its category means, unless somebody says otherwise', () => {
    const { ticket, entry } = report(given, RESIDENT, T0)
    expect(ticket).toMatchObject({ priority: 'P1', neededSkills: ['pipeMaintenance'], class: null, status: 'reported' })
    expect(entry).toMatchObject({ kind: 'report', at: T0, actor: RESIDENT, detail: { promised: true } })
    expect(report({ ...given, priority: 'P4', class: 'major' }, RESIDENT, T0).ticket).toMatchObject({
      priority: 'P4',
      class: 'major',
    })
    expect(report({ ...given, category: 'lifeService' }, RESIDENT, T0).entry.detail?.promised).toBe(false)
  })
})

describe('the four moments', () => {
  test('[TK2] 点单 下单 接单 评单 and who did each are kept on the ticket', () => {
    let ticket = report(given, RESIDENT, T0).ticket
    ticket = ticketOf(place(ticket, WORKER, T0 + 1))
    ticket = ticketOf(
      dispatch.offer(ticket, { ...TASK, mode: 'sequence', via: 'page', expiresAt: null }, DISPATCHER, T0 + 2),
    )
    ticket = ticketOf(dispatch.accept(ticket, { ...TASK, firmId: 'firm-1' }, UNIT, T0 + 3))
    ticket = ticketOf(dispatch.arrive(ticket, { ...TASK, grade: 'geofence' }, UNIT, T0 + 4))
    ticket = ticketOf(dispatch.resolve(ticket, { ...TASK, note: 'valve shut' }, UNIT, T0 + 5))
    ticket = ticketOf(rate(ticket, { rating: 5, text: 'quick' }, RESIDENT, T0 + 6))
    expect(ticket).toMatchObject({
      reportedAt: T0,
      reportedBy: RESIDENT,
      placedAt: T0 + 1,
      placedBy: WORKER,
      acceptedAt: T0 + 3,
      acceptedBy: UNIT,
      ratedAt: T0 + 6,
      ratedBy: RESIDENT,
      onSiteAt: T0 + 4,
      arrivalGrade: 'geofence',
      firmId: 'firm-1',
      rating: 5,
      status: 'rated',
    })
  })
})

describe('triage', () => {
  test('[TK10] the first is logged as triage, a later one as reclassify, each with what it changed', () => {
    const first = done(triage(report(given, RESIDENT, T0).ticket, { class: 'ordinary' }, DISPATCHER, T0 + 1))
    const second = done(triage(first.ticket, { class: 'complex' }, DISPATCHER, T0 + 2))
    expect([first.entry.kind, second.entry.kind]).toEqual(['triage', 'reclassify'])
    expect(second.entry).toMatchObject({ class: 'complex', detail: { classBefore: 'ordinary' } })
    expect(second.ticket.triagedAt).toBe(T0 + 1)
  })

  test('[TK10] another category brings its priority, skills and whether anything is promised; the same one changes none', () => {
    const raised = report({ ...given, priority: 'P2' }, RESIDENT, T0).ticket
    expect(ticketOf(triage(raised, { class: 'ordinary' }, DISPATCHER, T0)).priority).toBe('P2')
    const moved = done(triage(raised, { class: 'ordinary', category: 'lifeService' }, DISPATCHER, T0))
    expect(moved.ticket).toMatchObject({ priority: 'P4', neededSkills: ['generalHelp'] })
    expect(moved.entry.detail).toMatchObject({ promised: false, categoryBefore: 'burstPipe' })
  })
})

describe('elsewhere', () => {
  const to = { districtCode: '2', subdistrictCode: '22', neighbourhoodCode: '222' }

  test('[TK11] a transferred order must be placed by the new neighbourhood, its site stays', () => {
    const moved = ticketOf(transfer(aTicket({ communityId: 'c' }), { reason: 'not ours', to }, DISPATCHER, T0))
    expect(moved).toMatchObject({ ...to, status: 'triaged', placedAt: null, placedBy: null, communityId: 'c' })
  })

  test('[TK17] a merged ticket is closed into a living parent, and both logs say so', () => {
    const parent = aTicket({ id: 'parent', number: 2 })
    const merged = done(merge(aTicket(), { into: parent, reason: 'same pipe' }, DISPATCHER, T0))
    expect(merged.ticket).toMatchObject({ status: 'closed', mergedInto: 'parent', closedAt: T0 })
    expect(merged.parentEntry).toMatchObject({ kind: 'note', detail: { mergedFrom: 'ticket-1' } })
    expect(merge(parent, { into: parent, reason: 'x' }, DISPATCHER, T0)).toEqual({ ok: false, why: 'mergeIntoItself' })
    const over = aTicket({ id: 'over', status: 'resolved' })
    expect(merge(parent, { into: over, reason: 'x' }, DISPATCHER, T0)).toEqual({ ok: false, why: 'mergeIntoEnded' })
  })

  test('[TK17] whoever reported the merged one still rates', () => {
    const merged = done(merge(aTicket(), { into: aTicket({ id: 'parent' }), reason: 'same pipe' }, DISPATCHER, T0))
    expect(ticketOf(rate(merged.ticket, { rating: 4 }, RESIDENT, T0)).rating).toBe(4)
  })

  test('[TK18] a hand-off to an emergency number is kept with its moment and ends nothing', () => {
    const handed = done(handOff(aTicket({ category: 'fire' }), { to: '119' }, DISPATCHER, T0 + 5))
    expect(handed.ticket).toMatchObject({ status: 'placed', handedOffTo: '119', handedOffAt: T0 + 5 })
    expect(handed.entry).toMatchObject({ kind: 'handOff', detail: { to: '119' } })
    expect(handOff(aTicket({ status: 'closed' }), { to: '119' }, DISPATCHER, T0).ok).toBe(false)
    expect(note(aTicket({ status: 'closed' }), { text: 'called back' }, DISPATCHER, T0).ok).toBe(true)
  })
})

describe('the dispatch’s side', () => {
  const offered = aTicket({ status: 'offered' })
  const accepted = aTicket({ status: 'accepted', unitId: 'unit-1' })

  test('[TK4] only a ticket on offer is accepted: the second one is told that it was taken', () => {
    expect(dispatch.accept(accepted, { ...TASK, unitId: 'unit-2', firmId: null }, UNIT, T0)).toEqual({
      ok: false,
      why: 'alreadyTaken',
    })
    expect(dispatch.accept(aTicket(), { ...TASK, firmId: null }, UNIT, T0)).toEqual({ ok: false, why: 'notOffered' })
  })

  test('[TK4] a ticket goes back to placed only when its last standing offer falls', () => {
    const fallen = (stillStanding: number) =>
      ticketOf(dispatch.decline(offered, { ...TASK, reason: 'busy', stillStanding }, UNIT, T0)).status
    expect([fallen(2), fallen(0)]).toEqual(['offered', 'placed'])
    expect(ticketOf(dispatch.expire(offered, { ...TASK, stillStanding: 1 }, UNIT, T0)).status).toBe('offered')
    expect(ticketOf(dispatch.withdrawOffer(offered, { ...TASK, stillStanding: 0 }, UNIT, T0)).status).toBe('placed')
  })

  test('[TK5] the first arrival of a round counts, and giving the task back does not undo it', () => {
    const there = ticketOf(dispatch.arrive(accepted, { ...TASK, grade: 'selfReport' }, UNIT, T0 + MINUTE_MS))
    const back = ticketOf(dispatch.returnTask(there, { ...TASK, reason: 'no tools' }, UNIT, T0 + 2 * MINUTE_MS))
    expect(back).toMatchObject({ status: 'returned', unitId: null, acceptedAt: null, onSiteAt: T0 + MINUTE_MS })
    const second = { dispatchId: 'dispatch-2', unitId: 'unit-2' }
    const again = { ...back, status: 'accepted', unitId: 'unit-2' } as const
    const later = done(dispatch.arrive(again, { ...second, grade: 'geofence' }, UNIT, T0 + 9 * MINUTE_MS))
    expect(later.ticket).toMatchObject({ onSiteAt: T0 + MINUTE_MS, arrivalGrade: 'selfReport' })
    expect(later.entry.grade).toBe('geofence')
  })

  test('[TK5] only the unit that has the task moves it on', () => {
    const other = { dispatchId: 'dispatch-2', unitId: 'unit-2' }
    expect(dispatch.depart(accepted, other, UNIT, T0)).toEqual({ ok: false, why: 'notYours' })
    expect(dispatch.returnTask(accepted, { ...other, reason: 'x' }, UNIT, T0)).toEqual({ ok: false, why: 'notYours' })
  })

  test('[TK6] a plan answers a major case only; handed in again the first moment stands', () => {
    const plan = { owner: 'the firm', steps: 'dig, replace, fill', dueAt: T0 + 1 }
    const hand = (ticket: Ticket, now = T0) => dispatch.submitPlan(ticket, { ...TASK, plan }, UNIT, now)
    const on = (known: Ticket['class']) => aTicket({ status: 'on_site', unitId: 'unit-1', class: known })
    expect(hand(on(null))).toEqual({ ok: false, why: 'classUnknown' })
    expect(hand(on('complex'))).toEqual({ ok: false, why: 'notMajor' })
    const first = ticketOf(hand(on('major')))
    expect(ticketOf(hand(first, T0 + 60_000))).toMatchObject({ status: 'plan_submitted', planSubmittedAt: T0 })
  })

  test('[TK7] nothing is resolved without a photo or a note, and blanks are neither', () => {
    const there = aTicket({ status: 'on_site', unitId: 'unit-1' })
    expect(dispatch.resolve(there, { ...TASK, note: '  ' }, UNIT, T0)).toEqual({ ok: false, why: 'missingProof' })
    expect(ticketOf(dispatch.resolve(there, { ...TASK, photoId: 'p' }, UNIT, T0)).status).toBe('resolved')
    expect([isBlank(' \n'), isBlank(null), isBlank('x')]).toEqual([true, true, false])
    expect(suspend(there, { reason: ' ' }, DISPATCHER, T0)).toEqual({ ok: false, why: 'missingReason' })
  })
})

describe('the end of a ticket', () => {
  const resolved = aTicket({ status: 'resolved', unitId: 'unit-1', resolvedAt: T0 })
  const asked = { solved: true, satisfied: true, callerUnitIds: [], handlers: [] }

  test('[TK12] the call-back is by another than the unit or whoever recorded the solution', () => {
    expect(visit(resolved, asked, UNIT, T0)).toEqual({ ok: false, why: 'notYours' })
    expect(visit(resolved, { ...asked, callerUnitIds: ['unit-1'] }, WORKER, T0)).toEqual({ ok: false, why: 'notYours' })
    expect(visit(resolved, { ...asked, handlers: [DISPATCHER] }, DISPATCHER, T0)).toEqual({
      ok: false,
      why: 'notYours',
    })
    expect(ticketOf(visit(resolved, { ...asked, handlers: [DISPATCHER] }, WORKER, T0)).status).toBe('visited')
  })

  test('[TK13] rated once a round, before or after the call-back and the closing', () => {
    const closed = ticketOf(close(resolved, DISPATCHER, T0))
    const rated = ticketOf(rate(closed, { rating: 2 }, RESIDENT, T0))
    expect(rated).toMatchObject({ status: 'closed', rating: 2 })
    expect(rate(rated, { rating: 5 }, RESIDENT, T0)).toEqual({ ok: false, why: 'alreadyRated' })
    const again = ticketOf(reopen(rated, { reason: 'drips again' }, DISPATCHER, T0))
    expect([again.rating, again.ratedAt, again.round]).toEqual([null, null, 2])
  })

  test('[TK14] reopening begins a new round: nobody on it, nothing solved, the order placed by whoever reopens', () => {
    const again = done(reopen(resolved, { reason: 'drips again' }, DISPATCHER, T0 + 5))
    expect(again.ticket).toMatchObject({
      status: 'placed',
      round: 2,
      unitId: null,
      acceptedAt: null,
      onSiteAt: null,
      resolvedAt: null,
      placedAt: T0 + 5,
      placedBy: DISPATCHER,
      reportedAt: T0,
    })
    const notOurs = aTicket({ status: 'not_admitted', placedAt: null })
    expect(ticketOf(reopen(notOurs, { reason: 'ours after all' }, DISPATCHER, T0))).toMatchObject({
      status: 'reported',
      placedAt: null,
      triagedAt: null,
    })
  })

  test('[TK16] an alarm falls silent when what it asks for is done; an emergency only by a person’s word', () => {
    const fresh = report(given, RESIDENT, T0).ticket
    expect(isSettled('newTicket', fresh)).toBe(false)
    expect(isSettled('newTicket', ticketOf(triage(fresh, { class: 'ordinary' }, DISPATCHER, T0)))).toBe(true)
    const gone = ticketOf(cancel(fresh, { reason: 'by mistake' }, DISPATCHER, T0))
    expect(isSettled('emergencyReport', gone)).toBe(false)
    expect(isSettled('arriveBreach', gone)).toBe(true)
    expect(isSettled('arriveBreach', aTicket({ status: 'on_site', onSiteAt: T0 }))).toBe(true)
    expect(isSettled('solveWarning', aTicket({ status: 'on_site', onSiteAt: T0 }))).toBe(false)
    expect(isSettled('offersExhausted', aTicket({ status: 'offered' }))).toBe(true)
  })

  test('[TK16] history and calls played again ring for nobody, until a desk takes up a replayed one', () => {
    const live = aTicket()
    const replayed = aTicket({ channel: 'replay' })
    const past = aTicket({ channel: 'import', imported: true })
    for (const kind of ['emergencyReport', 'newTicket', 'arriveBreach', 'solveWarning'] as const)
      expect([live, replayed, past].map((ticket) => rings(kind, ticket))).toEqual([true, false, false])
    for (const kind of ['offersExhausted', 'ticketReturned'] as const)
      expect([live, replayed, past].map((ticket) => rings(kind, ticket))).toEqual([true, true, false])
  })
})

describe('imported history', () => {
  test('[TK15] keeps the stages it has at their own moments and invents none', () => {
    const past = report({ ...given, imported: true, reportedAt: T0 }, { kind: 'import', id: null }, T0 + 1e9)
    const stages = { acceptedAt: T0 + 60_000, onSiteAt: T0 + 30_000, closedAt: T0 + 90_000 }
    const { ticket, entries } = withHistory(past.ticket, stages, { kind: 'import', id: null })
    expect(ticket).toMatchObject({
      status: 'closed',
      ...stages,
      placedAt: null,
      resolvedAt: null,
      arrivalGrade: 'imported',
    })
    expect(entries.map(({ kind, at }) => [kind, at])).toEqual([
      ['accept', T0 + 60_000],
      ['arrive', T0 + 30_000],
      ['close', T0 + 90_000],
    ])
    expect(past.entry.detail?.promised).toBe(false)
  })
})
