import { call, type Told, upload } from '#console/lib/api.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { Route } from '#wire/route.ts'
import { dispatchCommands } from '#wire/routes/dispatches.ts'
import { giveConsent, setDuty, withdrawConsent } from '#wire/routes/fleet.ts'
import { addPhoto } from '#wire/routes/tickets.ts'
import type { Outcome, Queued, Verb } from './outbox.ts'

const DISPATCH_VERBS = [
  'accept',
  'decline',
  'depart',
  'arrive',
  'plan',
  'resolve',
  'return',
] as const satisfies readonly Verb[]
type DispatchVerb = (typeof DISPATCH_VERBS)[number]
const isDispatchVerb = (verb: Verb): verb is DispatchVerb => (DISPATCH_VERBS as readonly Verb[]).includes(verb)

/** Steps whose moment is the tap, not the delivery (TK23). An accept races with others: only its delivery counts. */
const TAPPED: readonly Verb[] = ['depart', 'arrive', 'plan', 'resolve']

/** Refusals that say "not now", not "no". */
const NOT_NOW: readonly ErrorCode[] = ['overloaded', 'starting', 'tooMany', 'internal']

function outcomeOf(told: Told<Route>): Outcome {
  if (told.ok) return { ok: true }
  if (told.why === 'unreachable') return { ok: false, retry: 'unreachable', afterMs: null }
  if (told.why === 'notSignedIn') return { ok: false, retry: 'signIn', afterMs: null }
  if (NOT_NOW.includes(told.why)) return { ok: false, retry: 'busy', afterMs: told.retryAfterMs ?? null }
  return { ok: false, refused: told.why }
}

/** Tells the server one action of the field page, under the key it got with the tap. */
export async function sendAction(entry: Queued): Promise<Outcome> {
  const { verb, line, key } = entry
  if (verb === 'duty')
    return outcomeOf(await call(setDuty, { params: { id: line }, body: entry.body as { duty: 'onDuty' }, key }))
  if (verb === 'consent') {
    return outcomeOf(
      await call(giveConsent, { body: { unitId: line, textVersion: String(entry.body.textVersion) }, key }),
    )
  }
  if (verb === 'withdraw') return outcomeOf(await call(withdrawConsent, { body: { unitId: line }, key }))
  return isDispatchVerb(verb) ? sendStep(verb, entry) : { ok: false, refused: 'badRequest' }
}

/**
 * A photo goes first and its id takes its place in the action: were it sent anew with each try, the same key would come
 * with another body, and the server rightly refuses that.
 */
async function sendStep(verb: DispatchVerb, entry: Queued): Promise<Outcome> {
  if (entry.photo && entry.ticketId) {
    const told = await sendPhoto(entry.ticketId, entry.photo)
    if (!told.ok) return outcomeOf(told)
    return { ok: true, rest: { ...entry, photo: null, body: { ...entry.body, photoId: told.answer.id } } }
  }
  const body = TAPPED.includes(verb) ? { ...entry.body, takenAt: entry.at } : entry.body
  return outcomeOf(
    await call(dispatchCommands[verb] as Route, { params: { id: entry.line }, body, key: entry.key } as never),
  )
}

function sendPhoto(ticketId: string, photo: Blob) {
  const form = new FormData()
  form.set('purpose', 'after')
  form.set('photo', photo, 'photo.jpg')
  return upload(addPhoto, { id: ticketId }, form)
}
