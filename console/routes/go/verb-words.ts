import type { Verb } from '#console/lib/pages/outbox.ts'
import { m } from '#console/lib/paraglide/messages.js'

export const VERB_WORDS: Record<Verb, () => string> = {
  accept: m.go_verb_accept,
  decline: m.go_verb_decline,
  depart: m.go_verb_depart,
  arrive: m.go_verb_arrive,
  plan: m.go_verb_plan,
  resolve: m.go_verb_resolve,
  return: m.go_verb_return,
  duty: m.go_verb_duty,
  consent: m.go_verb_consent,
  withdraw: m.go_verb_withdraw,
}
