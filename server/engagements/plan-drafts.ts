import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import { type Action, may, scopeOf } from '#domain/access.ts'
import type { FeedKind } from '#domain/feed.ts'
import type { PlanConstraints } from '#domain/plan.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { NewEvent } from '#server/feed/append.ts'
import type { Ask, Reader } from '#server/serving.ts'
import type { changePlan, draftPlan } from '#wire/routes/plans.ts'
import { communitiesByIds } from './community-queries.ts'
import { lastNumber } from './plan-line-queries.ts'
import { type Area, headOfPlan, type KeptPlan, savePlan } from './plan-queries.ts'
import { type Act, appendLog, type Pending, pending } from './record.ts'
import { keepWeights, newestWeights, weightsOf } from './weights-queries.ts'
import { withoutHoles } from './without-holes.ts'

interface Told {
  plan: KeptPlan
  kind: string
  told: FeedKind
  reason?: string | null
  detail?: Record<string, unknown> | null
}

/** Row, log and event of a plan that has changed. */
export async function keepPlan(
  tx: Tx,
  { plan, kind, told, reason = null, detail = null }: Told,
  act: Act,
): Promise<Pending> {
  await savePlan(tx, plan)
  await appendLog(tx, { subject: 'plan', subjectId: plan.id, kind, reason, detail }, act)
  return pending({ events: [planEvent(plan, told, act)] })
}

/** What is told of a plan: its head, to whoever may read plans of its area. */
export function planEvent(plan: KeptPlan, kind: FeedKind, { actor, now }: Pick<Act, 'actor' | 'now'>): NewEvent {
  const { tenant, districtCode, subdistrictCode } = plan
  const audience = { districtCode, subdistrictCode, neighbourhoodCode: null, firmIds: [], unitIds: [] }
  return { tenant, kind, at: now, actor, audience, state: { plans: [headOfPlan(plan)] } }
}

/** The area a reader's plans keep to: an officer's own sub-district, else the whole city. */
export function areaOf({ grants, tenant }: Reader, action: Action): Area | null {
  const mine = grants.filter((grant) => grant.tenant === tenant)
  if (mine.some(({ role }) => scopeOf(role, action) === 'tenant')) return { districtCode: null, subdistrictCode: null }
  const narrow = mine.find(({ role }) => scopeOf(role, action) === 'subdistrict')
  return narrow ? { districtCode: narrow.districtCode, subdistrictCode: narrow.subdistrictCode } : null
}

export const permitsPlan = (reader: Reader, action: Action, plan: Pick<KeptPlan, 'tenant'> & Area): boolean =>
  may(reader.grants, action, {
    tenant: plan.tenant,
    districtCode: plan.districtCode,
    subdistrictCode: plan.subdistrictCode,
  })

/** PN1: chosen communities must all be there and in the reader's reach; their common area becomes the plan's. */
async function areaOfChosen(tx: Tx, reader: Reader, ids: readonly string[]): Promise<Area | null> {
  const found = await communitiesByIds(tx, reader.tenant, ids)
  const mine = found.filter(({ tenant, districtCode, subdistrictCode }) =>
    may(reader.grants, 'plan.make', { tenant, districtCode, subdistrictCode }),
  )
  if (mine.length < new Set(ids).size) return null
  const only = (codes: readonly string[]) => (new Set(codes).size === 1 ? (codes[0] ?? null) : null)
  return {
    districtCode: only(mine.map(({ districtCode }) => districtCode)),
    subdistrictCode: only(mine.map(({ subdistrictCode }) => subdistrictCode)),
  }
}

const NO_CONSTRAINTS: PlanConstraints = { locks: [], forbids: [], reserves: [], waivers: [] }

type Made = { plan: KeptPlan; pending: Pending }

export async function draft(tx: Tx, ask: Ask<typeof draftPlan>): Promise<Made | Refused<'unknown' | 'notAllowed'>> {
  const { reader, tenant, body, now, actor } = ask
  const area = body.communityIds ? await areaOfChosen(tx, reader, body.communityIds) : areaOf(reader, 'plan.make')
  if (!area) return refused(body.communityIds ? 'unknown' : 'notAllowed')
  const { weightsVersion } = body
  const weights = await (weightsVersion === undefined
    ? newestWeights(tx, tenant)
    : weightsOf(tx, tenant, weightsVersion))
  if (!weights) return refused('unknown')
  await keepWeights(tx, weights)
  const { name, communityIds, locks, forbids, reserves, waivers } = body
  const plan: KeptPlan = {
    ...freshPlan(tenant, { name, communityIds, ...area, weightsVersion: weights.version }, { actor, now }),
    ...NO_CONSTRAINTS,
    ...(locks && { locks }),
    ...(forbids && { forbids }),
    ...(reserves && { reserves }),
    ...(waivers && { waivers }),
    basis: await lastNumber(tx, tenant),
  }
  // An officer of several sub-districts plans for one at a time, or chooses communities of one.
  if (!permitsPlan(reader, 'plan.make', plan)) return refused('notAllowed')
  const { name: _, ...detail } = withoutHoles(body)
  const kept = await keepPlan(tx, { plan, kind: 'draft', told: 'plan:changed', detail }, { tenant, actor, now })
  return { plan, pending: kept }
}

function freshPlan(
  tenant: string,
  said: Pick<KeptPlan, 'name' | 'communityIds' | 'weightsVersion'> & Area,
  { actor, now }: Pick<Act, 'actor' | 'now'>,
): KeptPlan {
  return {
    id: randomUUID(),
    tenant,
    ...said,
    ...NO_CONSTRAINTS,
    status: 'draft',
    revision: 1,
    copyOf: null,
    result: null,
    problem: null,
    nMinusOne: null,
    basis: 0,
    createdAt: now,
    createdBy: actor,
    updatedAt: now,
    solvedAt: null,
    publishedAt: null,
    publishedBy: null,
  }
}

/** A changed draft: its result answers another question now and is void, but still what the next run begins from. */
export async function change(
  tx: Tx,
  before: KeptPlan,
  { body, reader, tenant, now, actor }: Ask<typeof changePlan>,
): Promise<Made | Refused<'unknown' | 'notAllowed' | 'wrongStage' | 'conflict'>> {
  if (before.status !== 'draft' && before.status !== 'solved') return refused('wrongStage')
  const { revision, communityIds, weightsVersion, ...said } = body
  if (revision !== before.revision) return refused('conflict')
  const area = communityIds ? await areaOfChosen(tx, reader, communityIds) : areaOf(reader, 'plan.make')
  if (!area) return refused(communityIds ? 'unknown' : 'notAllowed')
  if (weightsVersion !== undefined && !(await weightsOf(tx, tenant, weightsVersion))) return refused('unknown')
  const isNameOnly = Object.keys(body).every((field) => field === 'name' || field === 'revision')
  const plan: KeptPlan = {
    ...before,
    ...withoutHoles(said),
    ...(communityIds !== undefined && { communityIds, ...area }),
    ...(weightsVersion !== undefined && { weightsVersion }),
    revision: before.revision + 1,
    updatedAt: now,
    ...(!isNameOnly && { status: 'draft' as const, solvedAt: null, nMinusOne: null }),
  }
  if (!permitsPlan(reader, 'plan.make', plan)) return refused('notAllowed')
  const { revision: _, ...detail } = withoutHoles(body)
  return {
    plan,
    pending: await keepPlan(tx, { plan, kind: 'change', told: 'plan:changed', detail }, { tenant, actor, now }),
  }
}

/** What if: a draft of its own with the same question and the same answer so far. */
export async function copy(tx: Tx, from: KeptPlan, name: string, act: Act): Promise<Made> {
  const plan: KeptPlan = {
    ...from,
    id: randomUUID(),
    name,
    copyOf: from.id,
    status: from.solvedAt === null ? 'draft' : 'solved',
    revision: 1,
    createdAt: act.now,
    createdBy: act.actor,
    updatedAt: act.now,
    publishedAt: null,
    publishedBy: null,
  }
  return { plan, pending: await keepPlan(tx, { plan, kind: 'copy', told: 'plan:changed' }, act) }
}

export async function discard(
  tx: Tx,
  before: KeptPlan,
  revision: number,
  act: Act,
): Promise<Made | Refused<'wrongStage' | 'conflict'>> {
  if (before.status !== 'draft' && before.status !== 'solved') return refused('wrongStage')
  if (revision !== before.revision) return refused('conflict')
  const plan: KeptPlan = { ...before, status: 'discarded', revision: revision + 1, updatedAt: act.now }
  return { plan, pending: await keepPlan(tx, { plan, kind: 'discard', told: 'plan:changed' }, act) }
}
