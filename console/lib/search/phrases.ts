import { matchScore, type Readings } from './match.ts'

/** What a verb wants to know besides itself. */
export type VerbTakes = 'ticket' | 'unitForTicket' | 'unitOrTicket' | 'unitAndDuty'

export interface PhraseVerb {
  id: string
  takes: VerbTakes
  /** What it may be called, in both languages; the beginning of one is enough, in pinyin too. */
  words: readonly string[]
}

export interface PhraseWorld {
  verbs: readonly PhraseVerb[]
  tickets: readonly { id: string; number: number }[]
  units: readonly { id: string; callsign: string }[]
  /** What the drawer shows: meant where a phrase names none. */
  openTicketId: string | null
  openUnitId: string | null
  readings: Readings
}

/** A verb with its objects. `duty` null = the other one than now. */
export interface Phrase {
  verb: string
  ticketId: string | null
  unitId: string | null
  duty: 'onDuty' | 'offDuty' | null
}

/** Names that several units answer to are all offered, but a bar is not a list. */
const UNITS_LISTED = 4
const DUTY_WORDS = { onDuty: ['on', '在岗', '上岗'], offDuty: ['off', '离岗', '下岗'] }

/** DK15: everything a line may mean as verb and object: `assign 0132`, `duty 0132 off`, `#1042 close`; the likeliest first. */
export function phrasesOf(query: string, world: PhraseWorld): Phrase[] {
  const words = query.trim().toLowerCase().split(/\s+/)
  const [first = '', ...rest] = words
  const ahead = meant(first, world).flatMap((verb) => withObjects(verb, rest, world))
  const [last = '', ...before] = words.toReversed()
  const behind =
    words.length > 1 ? meant(last, world).flatMap((verb) => withObjects(verb, before.toReversed(), world)) : []
  return [...ahead, ...behind]
}

/** Verbs with a word that begins so; a verb whose whole word it is stands alone. */
function meant(said: string, { verbs, readings }: PhraseWorld): PhraseVerb[] {
  if (said.length < 2 && !isChinese(said)) return []
  const exact = verbs.filter(({ words }) => words.some((word) => word.toLowerCase() === said))
  if (exact.length > 0) return exact
  return verbs.filter(({ words }) => words.some((word) => begins(word.toLowerCase(), said, readings)))
}

const isChinese = (text: string) => /[\u3400-\u9fff]/.test(text)

/** As it stands, or by the pinyin of its first characters. */
function begins(word: string, said: string, readings: Readings): boolean {
  if (word.startsWith(said)) return true
  if (!isChinese(word)) return false
  const score = matchScore(word, said, readings)
  // Found at the very beginning, and nothing left out on the way.
  return score === 1
}

function withObjects(verb: PhraseVerb, objects: readonly string[], world: PhraseWorld): Phrase[] {
  switch (verb.takes) {
    case 'ticket':
      return objects.length > 1 ? [] : ticketsNamed(objects[0], world).map((ticketId) => phrase(verb, { ticketId }))
    case 'unitForTicket':
      return forTicket(verb, objects, world)
    case 'unitOrTicket': {
      const tickets = objects.length > 1 ? [] : ticketsNamed(objects[0], world)
      if (objects.length === 0)
        return [...tickets.map((ticketId) => phrase(verb, { ticketId })), ...openUnit(verb, world)]
      return [
        ...tickets.map((ticketId) => phrase(verb, { ticketId })),
        ...unitsNamed(objects, world).map((unitId) => phrase(verb, { unitId })),
      ]
    }
    case 'unitAndDuty':
      return dutyOf(verb, objects, world)
  }
}

const phrase = ({ id }: PhraseVerb, objects: Partial<Phrase>): Phrase => ({
  verb: id,
  ticketId: null,
  unitId: null,
  duty: null,
  ...objects,
})

const openUnit = (verb: PhraseVerb, { openUnitId }: PhraseWorld) =>
  openUnitId === null ? [] : [phrase(verb, { unitId: openUnitId })]

/** `#1042` and `1042` are ticket 1042 and no other (`0132` is a call sign); none named is the open one. */
function ticketsNamed(said: string | undefined, { tickets, openTicketId }: PhraseWorld): string[] {
  if (said === undefined) return openTicketId === null ? [] : [openTicketId]
  if (!/^(#\d+|[1-9]\d*)$/.test(said)) return []
  const number = Number(said.replace('#', ''))
  return tickets.filter((ticket) => ticket.number === number).map(({ id }) => id)
}

function unitsNamed(said: readonly string[], { units, readings }: PhraseWorld): string[] {
  const scored: { id: string; score: number }[] = []
  for (const { id, callsign } of units) {
    const score = matchScore(callsign, said.join(' '), readings)
    if (score !== null) scored.push({ id, score })
  }
  return scored
    .sort((a, b) => a.score - b.score)
    .slice(0, UNITS_LISTED)
    .map(({ id }) => id)
}

/** `assign 0132` is for the open ticket (null without one); a last number, or one with `#`, names another, unless it ends a unit's name. */
function forTicket(verb: PhraseVerb, objects: readonly string[], world: PhraseWorld): Phrase[] {
  const hashed = objects.find((word) => word.startsWith('#'))
  const isName = world.units.some(({ callsign }) => callsign.toLowerCase() === objects.join(' '))
  const last = objects.length > 1 && !isName ? objects.at(-1) : undefined
  const named = hashed ?? (last !== undefined && ticketsNamed(last, world).length > 0 ? last : undefined)
  const name = objects.filter((word) => word !== named)
  if (name.length === 0) return []
  // None named and none open: whoever shows the phrase says for which tickets it can be.
  const [ticketId = null] = ticketsNamed(named, world)
  if (named !== undefined && ticketId === null) return []
  return unitsNamed(name, world).map((unitId) => phrase(verb, { ticketId, unitId }))
}

/** `duty 0132 off`, `duty off` for the open unit, `duty 0132` for the other state than now. */
function dutyOf(verb: PhraseVerb, objects: readonly string[], world: PhraseWorld): Phrase[] {
  const last = objects.at(-1)
  const duty = last === undefined ? null : dutySaid(last, world.readings)
  const name = duty === null ? objects : objects.slice(0, -1)
  if (name.length === 0) return openUnit(verb, world).map((each) => ({ ...each, duty }))
  return unitsNamed(name, world).map((unitId) => phrase(verb, { unitId, duty }))
}

function dutySaid(said: string, readings: Readings): Phrase['duty'] {
  const is = (words: readonly string[]) =>
    words.some((word) => (isChinese(word) ? begins(word, said, readings) : word === said))
  if (is(DUTY_WORDS.onDuty)) return 'onDuty'
  return is(DUTY_WORDS.offDuty) ? 'offDuty' : null
}
