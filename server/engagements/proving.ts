import { randomUUID } from 'node:crypto'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { type Action, may } from '#domain/access.ts'
import { type Engagement, SERVING } from '#domain/engagement.ts'
import { missingProofs, proofItemsOf } from '#domain/engagement-steps.ts'
import type { Proof, ProofItem } from '#domain/proof.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { subjectOfEngagement } from '#server/feed/entitled-emergency.ts'
import type { Reader } from '#server/serving.ts'
import { type Held, recordRefuse } from './community-steps.ts'
import { keepEngagement } from './keep.ts'
import { addProof, crewOf, lastMissedDay, proofsSince } from './proof-queries.ts'
import { type Act, type Pending, pending, settleAlarms } from './record.ts'

export interface Proving {
  item: ProofItem
  /** Today unless given. */
  day?: string | undefined
  picture: { image: Buffer; width: number; height: number } | null
}

export type Proved = { ok: true; proof: Proof; pending: Pending } | Refused<'wrongStage' | 'notAgreed' | 'proofDay'>

/** EP1, EP2: once an item and day; whoever proves it again is answered with the first. A phone that was out of reach may still prove yesterday. */
export async function prove(tx: Tx, held: Held, engagement: Engagement, said: Proving, act: Act): Promise<Proved> {
  const { calendar } = held.ruling
  if (!SERVING.includes(engagement.status)) return refused('wrongStage')
  if (!proofItemsOf(engagement).includes(said.item)) return refused('notAgreed')
  const today = calendar.dayOf(act.now)
  const day = said.day ?? today
  const isInTime = day === today || day === calendar.dayOf(calendar.plusDays(act.now, -1))
  if (!isInTime || day < calendar.dayOf(engagement.activeAt ?? act.now)) return refused('proofDay')
  const known = await proofsSince(tx, engagement.id, day)
  const before = known.find((one) => one.day === day && one.item === said.item)
  if (before) return { ok: true, proof: before, pending: pending() }
  const proof = await insertProof(tx, engagement, { ...said, day }, act)
  const detail = { item: proof.item, day, via: proof.via }
  const kept = await keepEngagement(tx, { engagement, kind: 'prove', detail, proofs: [proof] }, act)
  const done = [...known.filter((one) => one.day === day).map(({ item }) => item), proof.item]
  const isWhole = missingProofs(engagement, done).length === 0
  const quiet =
    isWhole && (await lastMissedDay(tx, engagement.id)) === day ? await quieted(tx, engagement, act) : pending()
  return { ok: true, proof, pending: pending(kept, quiet, await firstRefuse(tx, held, proof, act)) }
}

/** EG6: only the proof that was missing silences the alarm; what is proved of another day says nothing of it. */
const quieted = async (tx: Tx, engagement: Engagement, act: Act): Promise<Pending> =>
  pending({ events: await settleAlarms(tx, (kind) => kind === 'proofMissed', engagement, act) })

/** EC6: what residents have been waiting for; told once an episode. */
async function firstRefuse(tx: Tx, held: Held, { item, at }: Proof, act: Act): Promise<Pending> {
  if (item !== 'refuse') return pending()
  const recorded = await recordRefuse(tx, held, at, act)
  return recorded.ok ? recorded.pending : pending()
}

async function insertProof(
  tx: Tx,
  { id: engagementId, communityId }: Engagement,
  { item, day, picture }: Proving & { day: string },
  { tenant, actor, now }: Act,
): Promise<Proof> {
  const via = picture ? ('photo' as const) : ('qr' as const)
  const proof = {
    id: randomUUID(),
    tenant,
    engagementId,
    communityId,
    item,
    day,
    at: now,
    by: actor,
    via,
    hasPhoto: via === 'photo',
  }
  await addProof(tx, proof, picture)
  return proof
}

export async function permits(db: DbOrTx, reader: Reader, action: Action, engagement: Engagement): Promise<boolean> {
  const crew = await crewOf(db, reader)
  const unitIds = crew.filter(({ firmId }) => firmId === engagement.firmId).map(({ id }) => id)
  return may(reader.grants, action, { ...subjectOfEngagement(engagement), unitIds })
}
