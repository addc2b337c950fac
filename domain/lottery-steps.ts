import { HOUR_MS, type Instant } from './instant.ts'
import {
  announcementOf,
  commitmentOf,
  drawOrder,
  LOTTERY_METHOD,
  type Lottery,
  type LotteryParty,
  type LotterySubject,
  seedOf,
} from './lottery.ts'
import { type Refused, refused } from './refusal.ts'

export type LotteryPhase = 'committing' | 'revealing' | 'awaitingSource' | 'ready' | 'drawn'

/** Fewer could agree beforehand with nobody else to answer for it. */
export const LEAST_PARTIES = 2
/** A draw among fewer is none. */
export const LEAST_CANDIDATES = 2

/** LO6: where a draw stands. A stage whose last word has been spoken does not wait for its deadline. */
export function phaseOf(
  { parties, commitDueAt, revealDueAt, source, values, drawn }: Lottery,
  now: Instant,
): LotteryPhase {
  if (drawn) return 'drawn'
  if (values.length < parties.length && now < commitDueAt) return 'committing'
  if (values.some(({ value }) => value === null) && now < revealDueAt) return 'revealing'
  if (source && source.value === null) return 'awaitingSource'
  return 'ready'
}

/** When time alone changes something about the draw; null = nothing does. */
export function nextMoment(lottery: Lottery, now: Instant): Instant | null {
  switch (phaseOf(lottery, now)) {
    case 'committing':
      return lottery.commitDueAt
    case 'revealing':
      return lottery.revealDueAt
    case 'awaitingSource':
      return lottery.source && lottery.source.at > now ? lottery.source.at : null
    case 'ready':
      return now
    case 'drawn':
      return null
  }
}

export interface LotteryTerms {
  parties: LotteryParty[]
  commitHours: number
  revealHours: number
  source: { name: string; at: Instant } | null
  secretHash: string
}

/** LO1, LO2: the frozen draw. The source may not exist while a party can still choose whether to speak. */
export function freezeLottery(
  subject: LotterySubject,
  { parties, commitHours, revealHours, source, secretHash }: LotteryTerms,
): { ok: true; lottery: Lottery } | Refused<'tooFewParties' | 'tooFewCandidates' | 'datesCrossed'> {
  const isEnough = parties.length >= LEAST_PARTIES || (parties.length === 0 && source !== null)
  if (!isEnough || new Set(parties.map(({ id }) => id)).size < parties.length) return refused('tooFewParties')
  if (new Set(subject.candidates).size < LEAST_CANDIDATES) return refused('tooFewCandidates')
  const asked = parties.length > 0
  const commitDueAt = subject.frozenAt + (asked ? commitHours * HOUR_MS : 0)
  const revealDueAt = commitDueAt + (asked ? revealHours * HOUR_MS : 0)
  if (source && (source.at < revealDueAt || source.at <= subject.frozenAt)) return refused('datesCrossed')
  const frozen = {
    method: LOTTERY_METHOD,
    secretHash,
    parties,
    commitDueAt,
    revealDueAt,
    source: source && { ...source, value: null, givenAt: null },
  }
  const empty = { secret: null, values: [], seed: null, drawn: null, drawnAt: null }
  return { ok: true, lottery: { ...frozen, ...empty, announcement: announcementOf(subject, frozen) } }
}

type Gave<Why extends string> = { ok: true; lottery: Lottery } | Refused<Why>

/** LO2: a party's hash, once, before anybody's value is known. */
export function commit(
  lottery: Lottery,
  party: string,
  commitment: string,
  now: Instant,
): Gave<'notParty' | 'alreadyGiven' | 'tooLate'> {
  if (!lottery.parties.some(({ id }) => id === party)) return refused('notParty')
  if (lottery.values.some((given) => given.party === party)) return refused('alreadyGiven')
  if (phaseOf(lottery, now) !== 'committing') return refused('tooLate')
  const given = { party, commitment, committedAt: now, value: null, revealedAt: null }
  return { ok: true, lottery: { ...lottery, values: [...lottery.values, given] } }
}

/** LO2, LO3: the value behind the hash, once every hash is in or its time is over; a later one is left out. */
export function reveal(
  lottery: Lottery,
  selectionId: string,
  { party, value }: { party: string; value: string },
  now: Instant,
): Gave<'notParty' | 'alreadyGiven' | 'tooEarly' | 'tooLate' | 'valueMismatch'> {
  if (!lottery.parties.some(({ id }) => id === party)) return refused('notParty')
  const given = lottery.values.find((one) => one.party === party)
  if (given && given.value !== null) return refused('alreadyGiven')
  const phase = phaseOf(lottery, now)
  if (phase === 'committing') return refused('tooEarly')
  if (phase !== 'revealing' || !given) return refused('tooLate')
  if (commitmentOf(selectionId, party, value) !== given.commitment) return refused('valueMismatch')
  const values = lottery.values.map((one) => (one === given ? { ...one, value, revealedAt: now } : one))
  return { ok: true, lottery: { ...lottery, values } }
}

/** LO8: the public value, once, not before it exists; anyone can compare it with the source. */
export function giveSource(
  lottery: Lottery,
  value: string,
  now: Instant,
): Gave<'noSource' | 'alreadyGiven' | 'tooEarly'> {
  const { source } = lottery
  if (!source) return refused('noSource')
  if (source.value !== null) return refused('alreadyGiven')
  if (now < source.at || phaseOf(lottery, now) !== 'awaitingSource') return refused('tooEarly')
  return { ok: true, lottery: { ...lottery, source: { ...source, value, givenAt: now } } }
}

/** LO3, LO4: the draw itself. It waits for nobody and is made once; whoever is silent is left out. */
export function draw(lottery: Lottery, candidates: readonly string[], secret: string, now: Instant): Lottery {
  if (phaseOf(lottery, now) !== 'ready') throw new Error(`a draw is made when it is ready: ${phaseOf(lottery, now)}`)
  const seed = seedOf(lottery, secret)
  return { ...lottery, secret, seed, drawn: drawOrder(seed, candidates), drawnAt: now }
}
