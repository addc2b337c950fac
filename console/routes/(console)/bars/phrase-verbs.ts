import { m } from '#console/lib/paraglide/messages.js'
import type { PhraseVerb } from '#console/lib/search/phrases.ts'
import type { DispatchVerb } from '#console/routes/(console)/ticket/dispatch-verbs.ts'
import { TICKET_ACTION_IDS, type TicketAction } from '#console/routes/(console)/ticket/ticket-actions.ts'

export const ASSIGN = 'assign'
export const DUTY = 'duty'

/** Recorded for a unit after a call, or of an offer: what people say instead of the button's own text. */
const RECORDED: Readonly<Record<DispatchVerb, readonly string[]>> = {
  accept: ['接单'],
  decline: ['谢绝', '拒单'],
  withdraw: ['撤回'],
  depart: ['enroute', '出发'],
  arrive: ['onsite', '到场'],
  resolve: ['done', '解决'],
  plan: ['方案'],
  return: ['退单'],
}

/** Both languages at once: a console in Chinese still takes `close 1042`. */
const labels = (id: TicketAction['id']) => [
  m[`desk_do_${id}`]({}, { locale: 'en' }),
  m[`desk_do_${id}`]({}, { locale: 'zh-CN' }),
]

/** What is said for short, beside the button's text. */
const SHORT: Partial<Record<TicketAction['id'], readonly string[]>> = {
  triage: ['定级'],
  place: ['下单'],
  cancel: ['撤单'],
}

export const PHRASE_VERBS: readonly PhraseVerb[] = [
  { id: ASSIGN, takes: 'unitForTicket', words: ['assign', 'offer', 'send', '派单', '指派'] },
  { id: DUTY, takes: 'unitAndDuty', words: ['duty', '值班', '在岗'] },
  ...TICKET_ACTION_IDS.map(
    (id): PhraseVerb => ({ id, takes: 'ticket', words: [id, ...labels(id), ...(SHORT[id] ?? [])] }),
  ),
  ...(Object.entries(RECORDED) as [DispatchVerb, readonly string[]][]).map(
    ([id, words]): PhraseVerb => ({ id, takes: 'unitOrTicket', words: [id, ...words] }),
  ),
]

export const isRecorded = (verb: string): verb is DispatchVerb => verb in RECORDED
export const isTicketAction = (verb: string): verb is TicketAction['id'] =>
  (TICKET_ACTION_IDS as readonly string[]).includes(verb)
