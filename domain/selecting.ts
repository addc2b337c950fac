import { barOf, type EngagingBar, type Wanted } from './engageable.ts'
import type { SelectionMode } from './engagement.ts'
import { haversineM } from './geo.ts'
import type { Instant } from './instant.ts'
import type { PoolEntry } from './pool.ts'
import { type Refused, refused } from './refusal.ts'
import type { JointMeeting, Selection, SelectionCandidate } from './selection.ts'
import type { Amounts } from './services.ts'
import type { Actor } from './ticket.ts'
import { isBlank } from './ticket-step.ts'

/** A firm of the pool with what decides whether it may take a community. */
export interface Contender {
  entry: PoolEntry
  committed: Amounts
}

export interface RankedContender extends Contender {
  rank: number | null
  score: number | null
  distanceKm: number
  bar: EngagingBar | null
}

export const scoreOf = ({ partyBuilding, quality }: PoolEntry): number | null =>
  partyBuilding === null || quality === null ? null : partyBuilding + quality

/**
 * EL2: by Party work and quality together (the programme's entry criteria), unscored firms after the scored ones, then the nearer, then
 * by id so that it is the same for everybody. A barred firm has no rank.
 */
export function rankContenders(
  contenders: readonly Contender[],
  wanted: Wanted & { lng: number; lat: number },
  now: Instant,
): RankedContender[] {
  const seen = contenders.map((contender) => ({
    ...contender,
    rank: null,
    score: scoreOf(contender.entry),
    distanceKm: haversineM([wanted.lng, wanted.lat], [contender.entry.lng, contender.entry.lat]) / 1_000,
    bar: barOf(contender.entry, wanted, { committed: contender.committed, overrideReason: null }, now),
  }))
  seen.sort(
    (a, b) =>
      Number(a.bar !== null) - Number(b.bar !== null) ||
      (b.score ?? -1) - (a.score ?? -1) ||
      a.distanceKm - b.distanceKm ||
      (a.entry.id < b.entry.id ? -1 : 1),
  )
  return seen.map((one, index) => (one.bar === null ? { ...one, rank: index + 1 } : one))
}

/** Candidates in the order in which they are proposed; the ranking's order where the mode is to rank. */
export function candidatesFrom(
  asked: readonly { entry: PoolEntry; overrideReason: string | null }[],
  mode: SelectionMode,
  place: { lng: number; lat: number },
): SelectionCandidate[] {
  const scored = asked.map(({ entry, overrideReason }) => ({ entry, overrideReason, score: scoreOf(entry) }))
  const awayM = ({ lng, lat }: PoolEntry) => haversineM([place.lng, place.lat], [lng, lat])
  if (mode === 'rank')
    scored.sort(
      (a, b) =>
        (b.score ?? -1) - (a.score ?? -1) || awayM(a.entry) - awayM(b.entry) || (a.entry.id < b.entry.id ? -1 : 1),
    )
  return scored.map(({ entry, overrideReason, score }, index) => ({
    poolEntryId: entry.id,
    firmId: entry.firmId,
    rank: index + 1,
    score,
    overrideReason,
  }))
}

type Decided<Why extends string> = { ok: true; selection: Selection } | Refused<Why>

export interface Decision {
  ranked: readonly string[]
  reason: string
  meeting: JointMeeting | null
}

/**
 * EL1, EL4: an officer approves candidates in the order in which they are asked. A ranking keeps its order, a draw is taken whole as
 * it was drawn, and a joint meeting has been held.
 */
export function decide(
  selection: Selection,
  { ranked, reason, meeting }: Decision,
  actor: Actor,
  now: Instant,
): Decided<
  'wrongStage' | 'bound' | 'notCandidate' | 'notInOrder' | 'missingReason' | 'missingMeeting' | 'datesCrossed'
> {
  if (selection.status === 'frozen') return refused('bound')
  if (selection.status !== (selection.mode === 'lottery' ? 'drawn' : 'open')) return refused('wrongStage')
  if (isBlank(reason)) return refused('missingReason')
  const rankOf = new Map(selection.candidates.map(({ poolEntryId, rank }) => [poolEntryId, rank]))
  if (ranked.length === 0 || ranked.some((id) => !rankOf.has(id))) return refused('notCandidate')
  if (!keepsOrder(selection, ranked, rankOf)) return refused('notInOrder')
  if (selection.mode === 'joint_meeting' && meeting === null) return refused('missingMeeting')
  if (meeting !== null && meeting.heldAt > now) return refused('datesCrossed')
  const decided = { approved: [...ranked], reason, meeting, decidedAt: now, decidedBy: actor }
  return { ok: true, selection: { ...selection, ...decided, status: 'decided', nextTimerAt: null, updatedAt: now } }
}

function keepsOrder(
  { mode, lottery }: Selection,
  ranked: readonly string[],
  rankOf: ReadonlyMap<string, number>,
): boolean {
  if (mode === 'lottery') return JSON.stringify(ranked) === JSON.stringify(lottery?.drawn)
  if (mode !== 'rank') return true
  return ranked.every(
    (id, i) => i === 0 || (rankOf.get(id) as number) > (rankOf.get(ranked[i - 1] as string) as number),
  )
}

/** EL5: a draw that is frozen or drawn is given up by nobody; otherwise it could be repeated until it suits. */
export function cancel(
  selection: Selection,
  reason: string,
  now: Instant,
): Decided<'wrongStage' | 'bound' | 'missingReason'> {
  if (selection.status === 'frozen' || selection.status === 'drawn') return refused('bound')
  if (selection.status !== 'open') return refused('wrongStage')
  if (isBlank(reason)) return refused('missingReason')
  return { ok: true, selection: overtaken(selection, reason, now) }
}

/** The need is gone (the owners have hired a firm): a choosing at any stage ends. */
export const overtaken = (selection: Selection, reason: string, now: Instant): Selection => ({
  ...selection,
  status: 'cancelled',
  reason,
  nextTimerAt: null,
  updatedAt: now,
})
