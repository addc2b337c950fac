import { call, type Door } from '#cli/api.ts'
import type { Refused } from '#domain/refusal.ts'
import type { ErrorCode } from '#wire/codes.ts'
import { candidates, dispatchCommands, offerTicket } from '#wire/routes/dispatches.ts'
import { acknowledgeAlarm } from '#wire/routes/feed.ts'
import { residentRating } from '#wire/routes/resident.ts'
import { residentLink, ticketCommands } from '#wire/routes/tickets.ts'
import type { Act } from './desk.ts'
import type { Words } from './words.ts'

/** The simulator's accounts. Whoever recorded an arrival may not be the one who calls back, so there are two. */
export interface Staff {
  /** Triages, places, offers, calls back, closes. */
  room: Door
  /** Records what simulated units say on the phone. */
  phone: Door
  words: Words
}

export type Said = { ok: true } | Refused<ErrorCode | 'noServer' | 'nobody'>

/** How the simulated control room is heard. */
export interface Voice {
  ofTicket(act: Act, ticketId: string): Promise<Said>
  ofDispatch(act: Act, dispatchId: string): Promise<Said>
  notice(alarmId: string): Promise<Said>
}

/** At the real doors of a server. */
export const voiceOf = (staff: Staff): Voice => ({
  ofTicket: (act, ticketId) => sayOfTicket(staff, act, ticketId),
  ofDispatch: (act, dispatchId) => sayOfDispatch(staff, act, dispatchId),
  notice: (id) => call(staff.room, acknowledgeAlarm, { params: { id } }),
})

async function sayOfTicket({ room, words }: Staff, act: Act, ticketId: string): Promise<Said> {
  const params = { id: ticketId }
  switch (act.act) {
    case 'triage':
      return call(room, ticketCommands.triage, { params, body: { class: act.class } })
    case 'place':
      return call(room, ticketCommands.place, { params, body: {} })
    case 'offer':
      return offer(room, ticketId)
    case 'rate':
      return rate(room, ticketId, act.rating, words.ratingText(ticketId, act.rating))
    case 'visit':
      return call(room, ticketCommands.visit, { params, body: { solved: true, satisfied: true } })
    case 'close':
      return call(room, ticketCommands.close, { params, body: {} })
    default:
      throw new Error(`${act.act} is no act of the control room`)
  }
}

async function sayOfDispatch({ phone, words }: Staff, act: Act, dispatchId: string): Promise<Said> {
  const params = { id: dispatchId }
  const byPhone = true
  switch (act.act) {
    case 'accept':
      return call(phone, dispatchCommands.accept, { params, body: { byPhone } })
    case 'decline':
      return call(phone, dispatchCommands.decline, { params, body: { byPhone, reason: act.reason } })
    case 'depart':
      return call(phone, dispatchCommands.depart, { params, body: { byPhone } })
    case 'arrive':
      return call(phone, dispatchCommands.arrive, { params, body: { byPhone } })
    case 'plan':
      return call(phone, dispatchCommands.plan, {
        params,
        body: { byPhone, ...words.plan(dispatchId), dueAt: act.dueAt },
      })
    case 'resolve':
      return call(phone, dispatchCommands.resolve, { params, body: { byPhone, note: words.resolution(dispatchId) } })
    default:
      throw new Error(`${act.act} is no act of a unit`)
  }
}

const SHORT_LIST = 8

/** To the best of the ranking who is free and only made up: a real unit is never sent by a simulator. */
async function offer(room: Door, ticketId: string): Promise<Said> {
  const ranked = await call(room, candidates, { params: { id: ticketId }, query: { limit: SHORT_LIST } })
  if (!ranked.ok) return ranked
  const free = ranked.answer.candidates.filter(
    ({ barred, unit }) => !barred && unit.synthetic && unit.duty === 'onDuty',
  )
  const unitIds = free.slice(0, 3).map(({ unit }) => unit.id)
  if (unitIds.length === 0) return { ok: false, why: 'nobody' }
  return call(room, offerTicket, { params: { id: ticketId }, body: { unitIds, mode: 'sequence' } })
}

/** By the resident's own link, as a resident does. */
async function rate(room: Door, ticketId: string, rating: number, text: string): Promise<Said> {
  const linked = await call(room, residentLink, { params: { id: ticketId }, body: {} as never })
  if (!linked.ok) return linked
  const asResident = { ...room, apiKey: null }
  return call(asResident, residentRating, {
    params: { token: linked.answer.token },
    body: { rating, ...(text && { text }) },
  })
}
