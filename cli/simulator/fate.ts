import type { DeclineReason } from '#domain/dispatch.ts'
import { MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import { between, chance, pick, type Random, seededRandom, wholeBetween } from '#domain/random.ts'
import type { Category, TicketClass } from '#domain/ticket.ts'

/** How a simulated ticket will go, drawn once from its id: so a simulator that starts anew goes on where the old one was. */
export interface Fate {
  class: TicketClass
  /** Each from the moment before it: report → triage → place → offer. */
  triageAfterMs: number
  placeAfterMs: number
  offerAfterMs: number
  workMs: number
  /** Of a major case: from its arrival to its solution plan. */
  planAfterMs: number
  /** null: this resident never rates. */
  rateAfterMs: number | null
  rating: number
  visitAfterMs: number
  closeAfterMs: number
}

/** Of a hundred tickets: dealt with at once, slowly (most lose the five minutes), and left lying until it hurts. */
const PROMPT_SHARE = 0.83
const SLOW_SHARE = 0.12

const COMPLEX: readonly Category[] = ['burstPipe', 'heatOutage', 'powerOutage', 'waterOutage', 'violation', 'dispute']

export function fateOf(ticketId: string, category: Category, seed: number): Fate {
  const random = seededRandom(seed, `fate of ${ticketId}`)
  const cls = classOf(category, random)
  const [triage, place, offer] = pace(random)
  return {
    class: cls,
    triageAfterMs: triage,
    placeAfterMs: place,
    offerAfterMs: offer,
    workMs: workMs(cls, random),
    planAfterMs: between(random, 4, 18) * MINUTE_MS,
    rateAfterMs: chance(random, 0.6) ? between(random, 0.5, 8) * MINUTE_MS : null,
    rating: pick(random, [5, 5, 5, 5, 4, 4, 4, 3, 2]),
    visitAfterMs: between(random, 9, 25) * MINUTE_MS,
    closeAfterMs: between(random, 1, 5) * MINUTE_MS,
  }
}

function classOf(category: Category, random: Random): TicketClass {
  const drawn = random()
  if (!COMPLEX.includes(category)) return drawn < 0.92 ? 'ordinary' : 'complex'
  if (drawn < 0.45) return 'ordinary'
  return drawn < 0.9 ? 'complex' : 'major'
}

function pace(random: Random): [number, number, number] {
  const drawn = random()
  const draw = (low: number, high: number) => Math.round(between(random, low, high) * SECOND_MS)
  if (drawn < PROMPT_SHARE) return [draw(5, 18), draw(2, 8), draw(2, 6)]
  if (drawn < PROMPT_SHARE + SLOW_SHARE) return [draw(50, 170), draw(10, 60), draw(10, 50)]
  return [draw(300, 900), draw(60, 300), draw(30, 200)]
}

function workMs(cls: TicketClass, random: Random): number {
  if (cls === 'ordinary') return between(random, 4, 24) * MINUTE_MS
  return cls === 'complex' ? between(random, 25, 110) * MINUTE_MS : between(random, 70, 160) * MINUTE_MS
}

/** How a simulated unit takes one offer. */
export interface Temper {
  /** null: the phone rings unheard, and the offer expires. */
  answer: 'accept' | { decline: DeclineReason } | null
  answerAfterMs: number
  departAfterMs: number
  /** From standing at the site to saying so. */
  arriveAfterMs: number
}

/** Well inside the offer's countdown of 25 s. */
const SLOWEST_ANSWER_S = 12

export function temperOf(dispatchId: string, seed: number): Temper {
  const random = seededRandom(seed, `temper for ${dispatchId}`)
  const drawn = random()
  const declines: readonly DeclineReason[] = ['busy', 'tooFar', 'lacksTools', 'other']
  return {
    answer: drawn < 0.89 ? 'accept' : drawn < 0.96 ? { decline: pick(random, declines) } : null,
    answerAfterMs: wholeBetween(random, 3, SLOWEST_ANSWER_S) * SECOND_MS,
    departAfterMs: wholeBetween(random, 3, 10) * SECOND_MS,
    arriveAfterMs: wholeBetween(random, 5, 12) * SECOND_MS,
  }
}

/** How long an alarm rings before the simulated room takes notice of it: long enough to be heard, and not for ever. */
export const noticeAfterMs = (alarmId: string, seed: number): number =>
  wholeBetween(seededRandom(seed, `notice of ${alarmId}`), 20, 90) * SECOND_MS
