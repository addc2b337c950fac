import { call } from '#console/lib/api.ts'
import { desk } from '#console/lib/desk.svelte.ts'
import { feed } from '#console/lib/feed/feed.svelte.ts'
import { queueOf } from '#console/lib/feed/queue.ts'
import { m } from '#console/lib/paraglide/messages.js'
import { type Phrase, phrasesOf } from '#console/lib/search/phrases.ts'
import { pinyin } from '#console/lib/search/readings.svelte.ts'
import { serverTime } from '#console/lib/server-time.svelte.ts'
import { session } from '#console/lib/session.svelte.ts'
import { attempt } from '#console/lib/ui/toasts.svelte.ts'
import { words } from '#console/lib/words.ts'
import { verbsOf } from '#console/routes/(console)/ticket/dispatch-verbs.ts'
import { actionsFor, mayOffer } from '#console/routes/(console)/ticket/ticket-actions.ts'
import { ACTIVE_DISPATCH, type Dispatch } from '#domain/dispatch.ts'
import { setDuty } from '#wire/routes/fleet.ts'
import { ASSIGN, DUTY, isRecorded, isTicketAction, PHRASE_VERBS } from './phrase-verbs.ts'

/** A line the bar understands as verb and object. */
export interface PhraseItem {
  id: string
  text: string
  /** Why not, where the object's state or the reader's rights do not allow it: choosing it then only opens the object. */
  isPossible: boolean
  run(): void
}

const LISTED = 5

export function phraseItems(query: string): PhraseItem[] {
  const found = phrasesOf(query, {
    verbs: PHRASE_VERBS,
    tickets: [...feed.tickets.values()],
    units: [...feed.units.values()],
    openTicketId: desk.ticketId,
    openUnitId: desk.unitId,
    readings: pinyin.readings,
  })
  const items = found.flatMap((phrase) => forEachTicket(phrase).flatMap((each) => itemOf(each) ?? []))
  // What can be done first; the same thing said in two ways is one line.
  return [...new Map(items.map((item) => [item.id, item])).values()]
    .sort((a, b) => Number(b.isPossible) - Number(a.isPossible))
    .slice(0, LISTED)
}

/** Assigned to no ticket in particular: to those that stand first in the queue. */
function forEachTicket(phrase: Phrase): Phrase[] {
  if (phrase.verb !== ASSIGN || phrase.ticketId !== null) return [phrase]
  const { unassigned, lost } = queueOf(feed.tickets.values(), () => undefined, serverTime.exact())
  return [...unassigned, ...lost]
    .filter(({ ticket }) => mayOffer(ticket))
    .slice(0, LISTED)
    .map(({ ticket }) => ({ ...phrase, ticketId: ticket.id }))
}

function itemOf(phrase: Phrase): PhraseItem | null {
  if (phrase.verb === ASSIGN) return assignItem(phrase)
  if (phrase.verb === DUTY) return dutyItem(phrase)
  if (isTicketAction(phrase.verb)) return actionItem(phrase)
  return recordItem(phrase)
}

/** Whoever looks at yesterday's picture must not act on it. */
const isLive = () => feed.state !== 'cut'

function assignItem({ ticketId, unitId }: Phrase): PhraseItem | null {
  const ticket = feed.tickets.get(ticketId ?? '')
  const unit = feed.units.get(unitId ?? '')
  if (!ticket || !unit) return null
  const isPossible = isLive() && session.can('ticket.offer') && mayOffer(ticket) && unit.duty !== 'offDuty'
  return {
    id: `${ASSIGN} ${ticket.id} ${unit.id}`,
    text: m.desk_phraseAssign({ number: ticket.number, name: unit.callsign }),
    isPossible,
    run: () =>
      isPossible ? desk.order({ do: 'offer', ticketId: ticket.id, unitId: unit.id }) : desk.openTicket(ticket.id),
  }
}

function dutyItem({ unitId, duty: said }: Phrase): PhraseItem | null {
  const unit = feed.units.get(unitId ?? '')
  if (!unit) return null
  const duty = said ?? (unit.duty === 'offDuty' ? 'onDuty' : 'offDuty')
  const isSo = (unit.duty === 'offDuty') === (duty === 'offDuty')
  const isPossible = isLive() && session.can('unit.duty') && !isSo && !feed.tasks().has(unit.id)
  return {
    id: `${DUTY} ${unit.id} ${duty}`,
    text: `${duty === 'onDuty' ? m.desk_goOnDuty() : m.desk_goOffDuty()} · ${unit.callsign}`,
    isPossible,
    run: () => {
      if (!isPossible) return desk.openUnit(unit.id)
      const done = `${unit.callsign} · ${m.desk_dutyIs({ duty: words.duty(duty) })}`
      void attempt(call(setDuty, { params: { id: unit.id }, body: { duty } }), done)
    },
  }
}

function actionItem({ verb, ticketId }: Phrase): PhraseItem | null {
  const ticket = feed.tickets.get(ticketId ?? '')
  if (!ticket || !isTicketAction(verb)) return null
  const isPossible = isLive() && actionsFor(ticket, (action) => session.can(action)).some(({ id }) => id === verb)
  return {
    id: `${verb} ${ticket.id}`,
    text: `${m[`desk_do_${verb}`]()} · #${ticket.number} ${words.category(ticket.category)}`,
    isPossible,
    run: () => (isPossible ? desk.order({ do: 'act', ticketId: ticket.id, verb }) : desk.openTicket(ticket.id)),
  }
}

function recordItem({ verb, ticketId, unitId }: Phrase): PhraseItem | null {
  if (!isRecorded(verb)) return null
  const dispatch = dispatchOf(ticketId, unitId, (each) => {
    const ticket = feed.tickets.get(each.ticketId)
    return ticket !== undefined && verbsOf(each, ticket).includes(verb)
  })
  const ticket = feed.tickets.get(dispatch?.ticketId ?? '')
  const unit = feed.units.get(dispatch?.unitId ?? '')
  if (!dispatch || !ticket || !unit) return null
  const isPossible = isLive() && session.can('ticket.answerFor')
  return {
    id: `${verb} ${dispatch.id}`,
    text: `${m[`desk_record_${verb}`]()} · #${ticket.number} · ${unit.callsign}`,
    isPossible,
    run: () =>
      isPossible
        ? desk.order({ do: 'record', ticketId: ticket.id, dispatchId: dispatch.id, verb })
        : desk.openTicket(ticket.id),
  }
}

/** The unit's or the ticket's dispatch that this can be recorded of: the task before the offers. */
function dispatchOf(
  ticketId: string | null,
  unitId: string | null,
  fits: (each: Dispatch) => boolean,
): Dispatch | undefined {
  const mine = [...feed.dispatches.values()].filter(
    (each) => (ticketId === null ? each.unitId === unitId : each.ticketId === ticketId) && fits(each),
  )
  return mine.find(({ status }) => ACTIVE_DISPATCH.includes(status)) ?? mine[0]
}
