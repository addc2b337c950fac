import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Instant } from './instant.ts'

/**
 * A draw that anyone can recompute and nobody can steer (docs/decisions/0010). In this order:
 *
 *   1. frozen     candidates, method, parties, deadlines and the hash of the server's secret are published
 *   2. committing each party gives the hash of a value of its own
 *   3. revealing  each party gives the value; whoever has not by the deadline is left out
 *   4. awaitingSource  a public value that did not exist before is read, where one was named
 *   5. drawn      the secret is published; secret, values and public value make the seed, the seed makes the order
 *
 * Every hash is SHA-256 of UTF-8 text, in lower-case hex.
 */
export const LOTTERY_METHOD = 'hongguan-lottery-1'

/** Somebody named beforehand who gives a value: an account, with the name it had then. */
export interface LotteryParty {
  id: string
  name: string
}

export interface LotteryValue {
  party: string
  /** Hash of `SELECTION PARTY VALUE` (with single spaces): another party's hash is of no use to anybody. */
  commitment: string
  committedAt: Instant
  value: string | null
  revealedAt: Instant | null
}

/** A public value that nobody here makes, e.g. the numbers of a state lottery of a day to come. */
export interface LotterySource {
  name: string
  /** When it will exist: not before the parties' last word. */
  at: Instant
  value: string | null
  givenAt: Instant | null
}

/** Everything that anyone needs to recompute the draw, and nothing that is secret before it. */
export interface Lottery {
  method: string
  secretHash: string
  /** Hash of all that was frozen. */
  announcement: string
  /** Published with the draw. */
  secret: string | null
  parties: LotteryParty[]
  commitDueAt: Instant
  revealDueAt: Instant
  source: LotterySource | null
  values: LotteryValue[]
  seed: string | null
  /** Pool entries in the order drawn. */
  drawn: string[] | null
  drawnAt: Instant | null
}

/** What is frozen with a lottery: it cannot be changed without the announcement's hash changing. */
export interface LotterySubject {
  /** Of the selection. */
  id: string
  communityId: string
  frozenAt: Instant
  /** Pool entries in the order published. */
  candidates: readonly string[]
}

export const hashOf = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

/** What a party publishes first: `printf '%s %s %s' SELECTION PARTY VALUE | sha256sum` gives the same. */
export const commitmentOf = (selectionId: string, party: string, value: string): string =>
  hashOf(`${selectionId} ${party} ${value}`)

type Frozen = Pick<Lottery, 'method' | 'parties' | 'commitDueAt' | 'revealDueAt' | 'source' | 'secretHash'>

/** LO1: one hash of candidates, method, parties, deadlines, source and the secret's hash. */
export function announcementOf(subject: LotterySubject, frozen: Frozen): string {
  const { id, communityId, frozenAt, candidates } = subject
  const { method, parties, commitDueAt, revealDueAt, source, secretHash } = frozen
  return hashOf(
    JSON.stringify([
      method,
      id,
      communityId,
      frozenAt,
      candidates,
      parties.map((party) => [party.id, party.name]),
      commitDueAt,
      revealDueAt,
      source && [source.name, source.at],
      secretHash,
    ]),
  )
}

/** LO4: the seed is of the announcement, the secret, every revealed value in the order of the parties, and the public value. */
export function seedOf({ method, announcement, parties, values, source }: Lottery, secret: string): string {
  const revealed = parties.flatMap(({ id }) => {
    const value = values.find(({ party }) => party === id)?.value ?? null
    return value === null ? [] : [[id, value]]
  })
  return hashOf(JSON.stringify([method, announcement, secret, revealed, source?.value ?? null]))
}

const WORDS = 2 ** 32

/** LO5: the candidates in an order in which every one is equally likely: Fisher and Yates, each place drawn by rejection. */
export function drawOrder(seed: string, candidates: readonly string[]): string[] {
  const words = wordsOf(hexToBytes(seed))
  const order = [...candidates]
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(last + 1, words)
    const kept = order[last] as string
    order[last] = order[other] as string
    order[other] = kept
  }
  return order
}

/** A whole number from 0 to below `bound`, none likelier than another: words past the last whole multiple are drawn again. */
export function below(bound: number, words: Iterator<number, never>): number {
  const limit = WORDS - (WORDS % bound)
  let word = words.next().value
  while (word >= limit) word = words.next().value
  return word % bound
}

/** The stream of a seed: SHA-256 of the seed's bytes and a counter (4 bytes, highest first, from 0), eight words of 4 bytes from each. */
function* wordsOf(seed: Uint8Array): Generator<number, never> {
  for (let counter = 0; ; counter++) {
    const input = new Uint8Array(seed.length + 4)
    input.set(seed)
    new DataView(input.buffer).setUint32(seed.length, counter)
    const block = sha256(input)
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
    for (let at = 0; at < block.length; at += 4) yield view.getUint32(at)
  }
}
