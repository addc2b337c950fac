import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { below, commitmentOf, drawOrder, hashOf, type Lottery, type LotterySubject } from '#domain/lottery.ts'
import { checkLottery, type LotteryCheck, type LotteryRecord } from '#domain/lottery-check.ts'
import {
  commit,
  draw,
  freezeLottery,
  giveSource,
  type LotteryTerms,
  nextMoment,
  phaseOf,
  reveal,
} from '#domain/lottery-steps.ts'

const T0 = Date.UTC(2026, 2, 4)
const HOUR = 3_600_000
const SECRET = 'a5'.repeat(32)
const SUBJECT: LotterySubject = {
  id: 'selection-1',
  communityId: 'community-1',
  frozenAt: T0,
  candidates: ['pool-1', 'pool-2', 'pool-3', 'pool-4'],
}
const PARTIES = ['committee', 'owners', 'auditor'].map((id) => ({ id, name: `the ${id}` }))
const SOURCE = { name: 'state lottery, draw 2026031', at: T0 + 72 * HOUR }
const VALUE = { committee: 'c'.repeat(32), owners: 'o'.repeat(32), auditor: 'a'.repeat(32) }
type Party = keyof typeof VALUE

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

function frozen(changes: Partial<Parameters<typeof freezeLottery>[1]> = {}, subject = SUBJECT): Lottery {
  const terms = { parties: PARTIES, commitHours: 24, revealHours: 24, source: null, secretHash: hashOf(SECRET) }
  const answer = freezeLottery(subject, { ...terms, ...changes })
  if (!answer.ok) throw new Error(answer.why)
  return answer.lottery
}

/** The lottery after a step that must have been taken. */
function taken(answer: { ok: true; lottery: Lottery } | { ok: false; why: string }): Lottery {
  if (!answer.ok) throw new Error(answer.why)
  return answer.lottery
}

const committed = (lottery: Lottery, party: Party, at = T0 + HOUR) =>
  taken(commit(lottery, party, commitmentOf(SUBJECT.id, party, VALUE[party]), at))
const revealed = (lottery: Lottery, party: Party, at = T0 + 25 * HOUR) =>
  taken(reveal(lottery, SUBJECT.id, { party, value: VALUE[party] }, at))
const allCommitted = (lottery = frozen()) =>
  (Object.keys(VALUE) as Party[]).reduce((so, each) => committed(so, each), lottery)
const allRevealed = (lottery = allCommitted()) =>
  (Object.keys(VALUE) as Party[]).reduce((so, each) => revealed(so, each), lottery)
const drawn = (lottery = allRevealed(), at = T0 + 26 * HOUR) => draw(lottery, SUBJECT.candidates, SECRET, at)

const recordOf = (lottery: Lottery): LotteryRecord => ({
  id: SUBJECT.id,
  tenant: 'city',
  communityId: SUBJECT.communityId,
  frozenAt: SUBJECT.frozenAt,
  candidates: SUBJECT.candidates.map((id) => ({ poolEntryId: id, firmId: `firm of ${id}`, firmName: id })),
  lottery,
})

const failing = (record: LotteryRecord): LotteryCheck[] =>
  checkLottery(record).checks.flatMap(({ check, ok }) => (ok ? [] : [check]))

describe('freezing a lottery', () => {
  test('[LO1] any change of what was frozen changes the announcement', () => {
    const before = frozen().announcement
    const others = [
      frozen({ secretHash: hashOf('another') }),
      frozen({ parties: PARTIES.slice(1) }),
      frozen({ parties: [...PARTIES].reverse() }),
      frozen({ revealHours: 25 }),
      frozen({ source: SOURCE }),
      frozen({}, { ...SUBJECT, candidates: ['pool-2', 'pool-1', 'pool-3', 'pool-4'] }),
      frozen({}, { ...SUBJECT, communityId: 'community-2' }),
      frozen({}, { ...SUBJECT, frozenAt: T0 + 1 }),
    ].map(({ announcement }) => announcement)
    expect(new Set([before, ...others]).size).toBe(others.length + 1)
  })

  test('[LO2] it takes two parties or a source, two candidates, and a source later than the last word', () => {
    const terms = { parties: PARTIES, commitHours: 24, revealHours: 24, source: null, secretHash: hashOf(SECRET) }
    const why = (changes: Partial<LotteryTerms>, subject = SUBJECT) => {
      const answer = freezeLottery(subject, { ...terms, ...changes })
      return answer.ok ? null : answer.why
    }
    expect(why({ parties: PARTIES.slice(0, 1) })).toBe('tooFewParties')
    expect(why({ parties: [PARTIES[0], PARTIES[0]] as typeof PARTIES })).toBe('tooFewParties')
    expect(why({ parties: [] })).toBe('tooFewParties')
    expect(why({ parties: [], source: SOURCE })).toBeNull()
    expect(why({}, { ...SUBJECT, candidates: ['pool-1', 'pool-1'] })).toBe('tooFewCandidates')
    expect(why({ source: { ...SOURCE, at: T0 + 48 * HOUR - 1 } })).toBe('datesCrossed')
    expect(why({ source: { ...SOURCE, at: T0 + 48 * HOUR } })).toBeNull()
  })
})

describe('giving values', () => {
  test('[LO2] nobody but a named party gives, once, and no value is told while a hash is still to come', () => {
    const lottery = committed(frozen(), 'committee')
    expect(commit(lottery, 'stranger', 'x'.repeat(64), T0 + HOUR)).toEqual({ ok: false, why: 'notParty' })
    expect(commit(lottery, 'committee', 'x'.repeat(64), T0 + HOUR)).toEqual({ ok: false, why: 'alreadyGiven' })
    const early = reveal(lottery, SUBJECT.id, { party: 'committee', value: VALUE.committee }, T0 + 2 * HOUR)
    expect(early).toEqual({ ok: false, why: 'tooEarly' })
    expect(commit(lottery, 'owners', 'x'.repeat(64), T0 + 24 * HOUR)).toEqual({ ok: false, why: 'tooLate' })
  })

  test('[LO2] a value that is not the one behind the hash is refused, and so is the hash of another party', () => {
    const copied = commitmentOf(SUBJECT.id, 'committee', VALUE.committee)
    const lottery = taken(commit(committed(frozen(), 'committee'), 'owners', copied, T0 + HOUR))
    const at = T0 + 25 * HOUR
    const other = { party: 'committee', value: 'z'.repeat(32) }
    expect(reveal(lottery, SUBJECT.id, other, at)).toEqual({ ok: false, why: 'valueMismatch' })
    const mine = { party: 'owners', value: VALUE.committee }
    expect(reveal(lottery, SUBJECT.id, mine, at)).toEqual({ ok: false, why: 'valueMismatch' })
  })

  test('[LO3] who is silent neither stops nor repeats the draw: it is left out, and the rest decide', () => {
    const lottery = revealed(committed(committed(frozen(), 'committee'), 'owners'), 'committee')
    expect(phaseOf(lottery, T0 + 47 * HOUR)).toBe('revealing')
    expect(phaseOf(lottery, T0 + 48 * HOUR)).toBe('ready')
    const late = { party: 'owners', value: VALUE.owners }
    expect(reveal(lottery, SUBJECT.id, late, T0 + 48 * HOUR)).toEqual({ ok: false, why: 'tooLate' })
    const done = drawn(lottery, T0 + 48 * HOUR)
    expect(checkLottery(recordOf(done))).toMatchObject({
      ok: true,
      revealed: ['committee'],
      leftOut: ['owners', 'auditor'],
    })
    expect(() => drawn(done, T0 + 49 * HOUR)).toThrow('drawn')
  })

  test('[LO3] a draw in which nobody gave anything is made at the deadline all the same', () => {
    expect(phaseOf(frozen(), T0 + 24 * HOUR - 1)).toBe('committing')
    const done = drawn(frozen(), T0 + 24 * HOUR)
    expect(checkLottery(recordOf(done))).toMatchObject({ ok: true, revealed: [] })
  })

  test('[LO6] a stage whose last word is spoken does not wait for its deadline', () => {
    const lottery = frozen()
    expect([phaseOf(lottery, T0), nextMoment(lottery, T0)]).toEqual(['committing', T0 + 24 * HOUR])
    const all = allCommitted()
    expect([phaseOf(all, T0 + HOUR), nextMoment(all, T0 + HOUR)]).toEqual(['revealing', T0 + 48 * HOUR])
    const told = allRevealed(all)
    expect([phaseOf(told, T0 + 2 * HOUR), nextMoment(told, T0 + 2 * HOUR)]).toEqual(['ready', T0 + 2 * HOUR])
    expect([phaseOf(drawn(told), T0), nextMoment(drawn(told), T0)]).toEqual(['drawn', null])
  })

  test('[LO8] a source is read once, not before its moment, and the draw waits for it', () => {
    const lottery = allRevealed(allCommitted(frozen({ source: SOURCE })))
    expect([phaseOf(lottery, T0 + 26 * HOUR), nextMoment(lottery, T0 + 26 * HOUR)]).toEqual([
      'awaitingSource',
      SOURCE.at,
    ])
    expect(giveSource(lottery, '4711', SOURCE.at - 1)).toEqual({ ok: false, why: 'tooEarly' })
    const given = taken(giveSource(lottery, '4711', SOURCE.at))
    expect(giveSource(given, '4712', SOURCE.at)).toEqual({ ok: false, why: 'alreadyGiven' })
    expect(giveSource(frozen(), '4711', SOURCE.at)).toEqual({ ok: false, why: 'noSource' })
    const other = taken(giveSource(lottery, '4712', SOURCE.at))
    expect(drawn(given, SOURCE.at).seed).not.toBe(drawn(other, SOURCE.at).seed)
    expect(failing(recordOf(drawn(given, SOURCE.at)))).toEqual([])
  })
})

/** The same draw written a second time, with Node's hash, whole numbers of any size and no shared code. */
function drawnAgain(seedHex: string, candidates: readonly string[]): string[] {
  const bytes: number[] = []
  let counter = 0
  const word = (): bigint => {
    if (bytes.length === 0) {
      const tail = Buffer.alloc(4)
      tail.writeUInt32BE(counter++)
      bytes.push(
        ...createHash('sha256')
          .update(Buffer.concat([Buffer.from(seedHex, 'hex'), tail]))
          .digest(),
      )
    }
    return bytes.splice(0, 4).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  }
  const order = [...candidates]
  for (let i = order.length - 1; i > 0; i--) {
    const bound = BigInt(i + 1)
    let drawnWord = word()
    while (drawnWord >= 2n ** 32n - (2n ** 32n % bound)) drawnWord = word()
    const [moved] = order.splice(Number(drawnWord % bound), 1, order[i] as string)
    order[i] = moved as string
  }
  return order
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))

/** Chi-square of so many draws over every order of `n` candidates. */
function chiSquare(n: number, draws: number): number {
  const names = Array.from({ length: n }, (_, i) => String(i))
  const seen = new Map<string, number>()
  for (let i = 0; i < draws; i++) {
    const order = drawOrder(hashOf(`run ${n} ${i}`), names).join()
    seen.set(order, (seen.get(order) ?? 0) + 1)
  }
  const expected = draws / factorial(n)
  const missing = factorial(n) - seen.size
  return [...seen.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, missing * expected)
}

describe('the draw', () => {
  test('[LO4] seed and order are what another program makes of the published words', () => {
    const done = drawn()
    const values = PARTIES.map(({ id }) => [id, VALUE[id as Party]])
    const seed = sha256(JSON.stringify(['hongguan-lottery-1', done.announcement, SECRET, values, null]))
    expect(done.seed).toBe(seed)
    expect(done.secretHash).toBe(sha256(SECRET))
    expect(done.values[0]?.commitment).toBe(sha256(`selection-1 committee ${VALUE.committee}`))
    expect(done.drawn).toEqual(drawnAgain(seed, SUBJECT.candidates))
    for (let i = 0; i < 200; i++) {
      const names = Array.from({ length: (i % 40) + 2 }, (_, n) => `c${n}`)
      expect(drawOrder(hashOf(String(i)), names)).toEqual(drawnAgain(sha256(String(i)), names))
    }
  })

  test('[LO4] the secret and every revealed value change the seed', () => {
    const seeds = [
      drawn().seed,
      draw(allRevealed(), SUBJECT.candidates, 'b6'.repeat(32), T0 + 26 * HOUR).seed,
      drawn(revealed(revealed(allCommitted(), 'owners'), 'committee'), T0 + 48 * HOUR).seed,
      drawn(revealed(allCommitted(), 'owners'), T0 + 48 * HOUR).seed,
    ]
    expect(new Set(seeds).size).toBe(seeds.length)
  })

  test('[LO5] every order is equally likely: chi-square over all orders of 3, 4 and 5 candidates', () => {
    // 99.9 % points for 5, 23 and 119 degrees of freedom: a fair draw passes a seeded run or fails it for ever.
    expect(chiSquare(3, 6_000)).toBeLessThan(20.52)
    expect(chiSquare(4, 12_000)).toBeLessThan(49.73)
    expect(chiSquare(5, 24_000)).toBeLessThan(172)
  })

  test('[LO5] a word past the last whole multiple is drawn again', () => {
    const words = (...list: number[]) => list[Symbol.iterator]() as Iterator<number, never>
    expect(below(3, words(2 ** 32 - 1, 7))).toBe(1)
    expect(below(3, words(2 ** 32 - 2))).toBe((2 ** 32 - 2) % 3)
    expect(below(4, words(2 ** 32 - 1))).toBe(3)
    expect(below(2 ** 31 + 1, words(2 ** 31 + 1, 2 ** 32 - 1, 5))).toBe(5)
  })
})

describe('recomputing a draw', () => {
  test('[LO7] a draw as it was made passes every check', () => {
    const verdict = checkLottery(recordOf(drawn()))
    expect(verdict.ok).toBe(true)
    expect(verdict.drawn).toEqual(drawn().drawn)
  })

  test('[LO7] one word changed anywhere fails the check that it belongs to', () => {
    const done = drawn()
    const record = recordOf(done)
    const [first, ...rest] = done.values
    const changed = (changes: Partial<Lottery>) => failing(recordOf({ ...done, ...changes }))
    const value = (changes: object) => changed({ values: [{ ...first, ...changes } as never, ...rest] })
    expect(changed({ method: 'other' })).toContain('method')
    expect(failing({ ...record, candidates: record.candidates.slice(1) })).toEqual(
      expect.arrayContaining(['announcement', 'draw']),
    )
    expect(changed({ secret: 'b6'.repeat(32) })).toEqual(expect.arrayContaining(['secret', 'seed', 'draw']))
    expect(changed({ parties: [...PARTIES, { id: 'late', name: 'late' }] })).toContain('announcement')
    expect(value({ party: 'stranger' })).toEqual(expect.arrayContaining(['parties', 'commitments']))
    expect(value({ value: 'z'.repeat(32) })).toEqual(expect.arrayContaining(['commitments', 'seed']))
    expect(value({ committedAt: T0 + 24 * HOUR })).toContain('order')
    expect(value({ committedAt: T0 - 1 })).toContain('order')
    expect(value({ revealedAt: T0 + HOUR / 2 })).toContain('order')
    expect(value({ value: null })).toEqual(expect.arrayContaining(['order', 'seed']))
    expect(changed({ drawnAt: T0 + 2 * HOUR })).toContain('order')
    expect(changed({ seed: hashOf('x') })).toEqual(['seed'])
    expect(changed({ drawn: [...(done.drawn ?? [])].reverse() })).toEqual(['draw'])
    expect(failing(recordOf(allRevealed()))).toEqual(expect.arrayContaining(['secret', 'seed', 'draw']))
  })

  test('[LO7] a public value read before its moment fails', () => {
    const lottery = allRevealed(allCommitted(frozen({ source: SOURCE })))
    const done = drawn(taken(giveSource(lottery, '4711', SOURCE.at)), SOURCE.at)
    const early = { ...done, source: { ...SOURCE, value: '4711', givenAt: SOURCE.at - 1 } }
    expect(failing(recordOf(early))).toEqual(['source'])
  })
})
