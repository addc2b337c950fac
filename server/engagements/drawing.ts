import { randomBytes } from 'node:crypto'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { may } from '#domain/access.ts'
import { hashOf, type Lottery, type LotteryParty, type LotterySubject } from '#domain/lottery.ts'
import type { LotteryRecord } from '#domain/lottery-check.ts'
import { commit, draw, freezeLottery, giveSource, nextMoment, phaseOf, reveal } from '#domain/lottery-steps.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { Selection } from '#domain/selection.ts'
import { LATE_AFTER_MS } from '#domain/ticket-timers.ts'
import { accountsIn } from '#server/people/queries.ts'
import type { PossibleParty } from '#wire/routes/selections.ts'
import { firmsByIds } from './community-queries.ts'
import { keepSecret, secretOf, selectionForAnybody } from './engagement-queries.ts'
import { keepSelection, type SelectionLogKind } from './keep.ts'
import { type Act, type Pending, pending } from './record.ts'
import type { Chosen } from './selecting.ts'

/** Who may be named as a party: whoever may read the choosing, and the candidates' own people. */
export async function possibleParties(db: DbOrTx, selection: Selection): Promise<PossibleParty[]> {
  const { tenant, districtCode, subdistrictCode, neighbourhoodCode, candidates } = selection
  const firmIds = candidates.map(({ firmId }) => firmId)
  const subject = { tenant, districtCode, subdistrictCode, neighbourhoodCode, firmIds }
  const accounts = await accountsIn(db, tenant)
  return accounts
    .filter(({ disabled, grants }) => !disabled && may(grants, 'engagement.read', subject))
    .map(({ userId, displayName, grants }) => ({ id: userId, name: displayName, role: grants[0]!.role }))
}

export interface Freezing {
  parties: readonly string[]
  commitHours: number
  revealHours: number
  source: { name: string; at: number } | null
}

/** LO1: the draw is published, and its secret kept apart until it is drawn. */
export async function freeze(
  tx: Tx,
  before: Selection,
  { parties, ...terms }: Freezing,
  act: Act,
): Promise<Chosen<'wrongStage' | 'unknown' | 'tooFewParties' | 'tooFewCandidates' | 'datesCrossed'>> {
  if (before.mode !== 'lottery' || before.status !== 'open') return refused('wrongStage')
  const possible = new Map((await possibleParties(tx, before)).map(({ id, name }) => [id, { id, name }]))
  const named = parties.map((id) => possible.get(id))
  if (named.includes(undefined)) return refused('unknown')
  const secret = randomBytes(32).toString('hex')
  const frozen = freezeLottery(subjectOf(before, act.now), {
    ...terms,
    parties: named as LotteryParty[],
    secretHash: hashOf(secret),
  })
  if (!frozen.ok) return frozen
  await keepSecret(tx, before.id, secret)
  const selection: Selection = { ...before, status: 'frozen', frozenAt: act.now, lottery: frozen.lottery }
  return told(tx, selection, 'freeze', { announcement: frozen.lottery.announcement }, act)
}

const subjectOf = ({ id, communityId, candidates }: Selection, frozenAt: number): LotterySubject => ({
  id,
  communityId,
  frozenAt,
  candidates: candidates.map(({ poolEntryId }) => poolEntryId),
})

type Gave<Why extends string> = { ok: true; lottery: Lottery } | Refused<Why>

/** A step of a frozen draw by somebody; the draw itself follows in the same transaction when it was the last word. */
async function stepDraw<Why extends string>(
  tx: Tx,
  before: Selection,
  { kind, take }: { kind: SelectionLogKind; take: (lottery: Lottery) => Gave<Why> },
  act: Act,
): Promise<Chosen<Why | 'wrongStage'>> {
  if (before.status !== 'frozen' || before.lottery === null) return refused('wrongStage')
  const taken = take(before.lottery)
  return taken.ok ? told(tx, { ...before, lottery: taken.lottery }, kind, {}, act) : taken
}

export const giveCommitment = (tx: Tx, before: Selection, commitment: string, party: string, act: Act) =>
  stepDraw(tx, before, { kind: 'commit', take: (lottery) => commit(lottery, party, commitment, act.now) }, act)

export const giveValue = (tx: Tx, before: Selection, value: string, party: string, act: Act) =>
  stepDraw(
    tx,
    before,
    { kind: 'reveal', take: (lottery) => reveal(lottery, before.id, { party, value }, act.now) },
    act,
  )

export const givePublicValue = (tx: Tx, before: Selection, value: string, act: Act) =>
  stepDraw(tx, before, { kind: 'source', take: (lottery) => giveSource(lottery, value, act.now) }, act)

async function told(
  tx: Tx,
  selection: Selection,
  kind: SelectionLogKind,
  detail: Record<string, unknown>,
  act: Act,
): Promise<Chosen<never>> {
  const timed = withMoment(selection, act.now)
  const kept = await keepSelection(tx, { selection: timed, kind, detail }, act)
  const drawn = await drawIfReady(tx, timed, act)
  return { ok: true, selection: drawn?.selection ?? timed, pending: pending(kept, drawn?.pending ?? {}) }
}

const withMoment = (selection: Selection, now: number): Selection => ({
  ...selection,
  nextTimerAt: selection.lottery && nextMoment(selection.lottery, now),
  updatedAt: now,
})

/** LO3: made once, under the community's row, when the last word is spoken or its time is over. */
async function drawIfReady(tx: Tx, before: Selection, act: Act, late = false) {
  const { lottery } = before
  if (before.status !== 'frozen' || lottery === null || phaseOf(lottery, act.now) !== 'ready') return null
  const ids = before.candidates.map(({ poolEntryId }) => poolEntryId)
  const drawn = draw(lottery, ids, await secretOf(tx, before.id), act.now)
  const rank = new Map(drawn.drawn?.map((id, index) => [id, index + 1]))
  const candidates = before.candidates.map((one) => ({ ...one, rank: rank.get(one.poolEntryId) as number }))
  const selection: Selection = {
    ...before,
    status: 'drawn',
    candidates,
    lottery: drawn,
    nextTimerAt: null,
    updatedAt: act.now,
  }
  const detail = { drawn: drawn.drawn, values: drawn.values.filter(({ value }) => value !== null).length }
  const change = { selection, kind: 'draw' as const, detail, silences: ['lotterySourceDue' as const], late }
  return { selection, pending: await keepSelection(tx, change, act) }
}

/** What time does to a draw: a deadline passes, the source's moment comes. */
export async function passMoment(tx: Tx, before: Selection, act: Act): Promise<Pending> {
  if (before.nextTimerAt === null || before.nextTimerAt > act.now) return pending()
  const late = act.now - before.nextTimerAt > LATE_AFTER_MS
  const drawn = await drawIfReady(tx, before, act, late)
  if (drawn) return drawn.pending
  const selection = withMoment(before, act.now)
  const isSourceDue = selection.lottery !== null && phaseOf(selection.lottery, act.now) === 'awaitingSource'
  const rings = isSourceDue && selection.nextTimerAt === null ? ('lotterySourceDue' as const) : null
  return keepSelection(tx, { selection, kind: 'pass', rings, late }, act)
}

/** A draw as everybody may have it: its id alone finds it. Null before it is frozen. */
export async function lotteryRecordOf(db: DbOrTx, selectionId: string): Promise<LotteryRecord | null> {
  const selection = await selectionForAnybody(db, selectionId)
  if (!selection || selection.lottery === null || selection.frozenAt === null) return null
  const { id, tenant, communityId, frozenAt, lottery } = selection
  const firms = await firmsByIds(
    db,
    selection.candidates.map(({ firmId }) => firmId),
  )
  const nameOf = new Map(firms.map((firm) => [firm.id, firm.name]))
  const candidates = selection.candidates.map(({ poolEntryId, firmId }) => ({
    poolEntryId,
    firmId,
    firmName: nameOf.get(firmId) ?? firmId,
  }))
  return { id, tenant, communityId, frozenAt, candidates, lottery }
}
