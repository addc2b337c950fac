import type { Instant } from './instant.ts'
import {
  announcementOf,
  commitmentOf,
  drawOrder,
  hashOf,
  LOTTERY_METHOD,
  type Lottery,
  type LotterySubject,
  seedOf,
} from './lottery.ts'
import { LEAST_PARTIES } from './lottery-steps.ts'

/** A draw as it is published and exported: with this alone, and no database, it can be checked. */
export interface LotteryRecord {
  id: string
  tenant: string
  communityId: string
  frozenAt: Instant
  candidates: { poolEntryId: string; firmId: string; firmName: string }[]
  lottery: Lottery
}

export const LOTTERY_CHECKS = [
  'method',
  'announcement',
  'secret',
  'parties',
  'commitments',
  'order',
  'source',
  'seed',
  'draw',
] as const
export type LotteryCheck = (typeof LOTTERY_CHECKS)[number]

export interface LotteryVerdict {
  /** Every check holds. */
  ok: boolean
  checks: { check: LotteryCheck; ok: boolean; says: string }[]
  /** Recomputed. */
  seed: string | null
  drawn: string[] | null
  /** Parties whose value is in the seed, and those left out. */
  revealed: string[]
  leftOut: string[]
}

/** LO7: everything about a draw recomputed from what is published; a word changed anywhere fails a check. */
export function checkLottery(record: LotteryRecord): LotteryVerdict {
  const { lottery } = record
  const { secret } = lottery
  const candidates = record.candidates.map(({ poolEntryId }) => poolEntryId)
  const seed = secret === null ? null : seedOf(lottery, secret)
  const drawn = seed === null ? null : drawOrder(seed, candidates)
  const subject: LotterySubject = { ...record, candidates }
  const found: Record<LotteryCheck, boolean> = {
    method: lottery.method === LOTTERY_METHOD,
    announcement: announcementOf(subject, lottery) === lottery.announcement,
    secret: secret !== null && hashOf(secret) === lottery.secretHash,
    parties: partiesHold(lottery),
    commitments: lottery.values.every(
      ({ party, value, commitment }) => value === null || commitmentOf(record.id, party, value) === commitment,
    ),
    order: orderHolds(lottery, record.frozenAt),
    source: sourceHolds(lottery),
    seed: seed !== null && seed === lottery.seed,
    draw: drawn !== null && JSON.stringify(drawn) === JSON.stringify(lottery.drawn),
  }
  const checks = LOTTERY_CHECKS.map((check) => ({ check, ok: found[check], says: SAYS[check] }))
  const revealed = lottery.values.filter(({ value }) => value !== null).map(({ party }) => party)
  const leftOut = lottery.parties.map(({ id }) => id).filter((id) => !revealed.includes(id))
  return { ok: checks.every(({ ok }) => ok), checks, seed, drawn, revealed, leftOut }
}

const SAYS: Record<LotteryCheck, string> = {
  method: 'the method is one that this program knows',
  announcement: 'candidates, parties, deadlines and the hash of the secret are those that were frozen',
  secret: 'the secret is the one whose hash was published with the freeze',
  parties: 'at least two parties or a public source, and only parties named beforehand have given values',
  commitments: 'every value is the one whose hash its party had given',
  order: 'hashes came after the freeze, values after the hashes, and the draw after the values, each in its time',
  source: 'the public value was read after its moment, and that after the parties had spoken',
  seed: 'the seed is the hash of all of these',
  draw: 'the order is the one that the seed gives',
}

function partiesHold({ parties, values, source }: Lottery): boolean {
  const ids = parties.map(({ id }) => id)
  const isOnce = (list: readonly string[]) => new Set(list).size === list.length
  const given = values.map(({ party }) => party)
  const isEnough = ids.length >= LEAST_PARTIES || (ids.length === 0 && source !== null)
  return isEnough && isOnce(ids) && isOnce(given) && given.every((party) => ids.includes(party))
}

function orderHolds(lottery: Lottery, frozenAt: Instant): boolean {
  const { parties, values, commitDueAt, revealDueAt, drawnAt } = lottery
  const committed = values.map(({ committedAt }) => committedAt)
  const isClosedEarly = parties.length > 0 && values.length === parties.length
  const closedAt = isClosedEarly ? Math.max(...committed) : commitDueAt
  const revealed = values.flatMap(({ revealedAt }) => (revealedAt === null ? [] : [revealedAt]))
  const isOver = revealed.length === values.length ? closedAt : revealDueAt
  return (
    frozenAt <= commitDueAt &&
    commitDueAt <= revealDueAt &&
    values.every(({ value, revealedAt }) => (value === null) === (revealedAt === null)) &&
    committed.every((at) => at >= frozenAt && at < commitDueAt) &&
    revealed.every((at) => at >= closedAt && at < revealDueAt) &&
    drawnAt !== null &&
    drawnAt >= Math.max(isOver, ...revealed)
  )
}

function sourceHolds({ source, revealDueAt, drawnAt }: Lottery): boolean {
  if (!source) return true
  const { at, value, givenAt } = source
  return (
    value !== null && givenAt !== null && at >= revealDueAt && givenAt >= at && drawnAt !== null && drawnAt >= givenAt
  )
}
