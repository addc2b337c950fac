import { and, asc, eq, isNull } from 'drizzle-orm'
import { engagements } from '#db/schema/engagements.ts'
import { alarms, events } from '#db/schema/feed.ts'
import { communities, firms } from '#db/schema/places.ts'
import { poolEntries } from '#db/schema/pool.ts'
import type { Grant } from '#domain/access.ts'
import type { CommunityCase } from '#domain/community.ts'
import type { Engagement } from '#domain/engagement.ts'
import { commitmentOf } from '#domain/lottery.ts'
import type { PoolEntry } from '#domain/pool.ts'
import type { Selection } from '#domain/selection.ts'
import { issueApiKey } from '#server/people/api-keys.ts'
import { TENANT_HEADER } from '#wire/route.ts'
import { type Asker, CITY, startTestApp, type TestApp, type TestAppOptions } from './app.ts'
import { aPoolEntry, NEEDS } from './engagement-rows.ts'

/** Community 1 of the small city: in sub-district S1. */
export const HOME = `${CITY}-c1`

export interface EngagementWorld {
  app: TestApp
  /** Of S1. */
  officer: Asker
  /** The people of firm n (1…) of the pool. */
  providers: Asker[]
  /** An account with a grant of its own, asking with an API key. */
  asking(name: string, grant: Partial<Grant> & Pick<Grant, 'role'>): Promise<Asker>
  /** A community in S1 that has been declared unmanaged, with its needs. */
  unmanaged(id?: string): Promise<string>
  /** Opens a choosing among these firms and approves them in this order: the first has the offer. */
  offered(communityId: string, firmNumbers: readonly number[], offerHours?: number): Promise<Selection>
  /** The newest engagement of a community. */
  newest(communityId: string): Promise<Engagement>
  /** Everything up to serving, by the first of the list. */
  serving(communityId: string, firmNumber: number, months?: number): Promise<Engagement>
  openAlarms(communityId: string): Promise<string[]>
  kinds(): Promise<string[]>
  end(): Promise<void>
}

export const poolId = (n: number) => `pool-${n}`
export const firmId = (n: number) => `${CITY}-f${n}`

/** The small city with so many firms in its pool, an officer of S1 and somebody of each firm. */
export async function engagementWorld(firmCount = 3, options: TestAppOptions = {}): Promise<EngagementWorld> {
  const app = await startTestApp(options)
  await fillPool(app, firmCount)
  const asking: EngagementWorld['asking'] = async (name, grant) => {
    const bare = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmId: null, unitId: null }
    const userId = await app.account(name, { tenant: CITY, ticketId: null, ...bare, ...grant })
    const key = await issueApiKey(app.app.auth, userId, name)
    const headers = { authorization: `Bearer ${key}`, [TENANT_HEADER]: CITY }
    const ask: Asker['ask'] = (method, url, body, more = {}) => app.ask(method, url, body, { ...headers, ...more })
    return { userId, username: name, headers, ask }
  }
  const officer = await app.withRole('subdistrictOfficer')
  const providers: Asker[] = []
  for (let n = 1; n <= firmCount; n++)
    providers.push(await asking(`provider-${n}`, { role: 'providerManager', firmId: firmId(n) }))
  const world = { app, officer, providers, asking }
  return { ...world, ...stepsIn(world), ...looksAt(app), end: () => app.end() }
}

async function fillPool({ db }: TestApp, firmCount: number): Promise<void> {
  const more = Array.from({ length: Math.max(0, firmCount - 2) }, (_, i) => firmId(i + 3))
  if (more.length > 0)
    await db.insert(firms).values(more.map((id) => ({ id, tenant: CITY, name: id, synthetic: true })))
  const entries = Array.from(
    { length: firmCount },
    (_, i): PoolEntry => aPoolEntry({ id: poolId(i + 1), tenant: CITY, firmId: firmId(i + 1), quality: 90 - i }),
  )
  await db.insert(poolEntries).values(entries)
}

/** The answer of a request that must be taken. */
export async function taken<T>(answer: ReturnType<Asker['ask']>): Promise<T> {
  const { statusCode, body } = await answer
  if (statusCode !== 200) throw new Error(`${statusCode} ${body}`)
  return JSON.parse(body) as T
}

/** The code of one that must be refused. */
export async function refusal(answer: ReturnType<Asker['ask']>): Promise<string> {
  const { statusCode, body } = await answer
  return statusCode === 200 ? `taken: ${body}` : JSON.parse(body).error.code
}

type Steps = Pick<EngagementWorld, 'unmanaged' | 'offered' | 'serving' | 'newest'>

function stepsIn({ app, officer, providers }: Pick<EngagementWorld, 'app' | 'officer' | 'providers'>): Steps {
  const say = <T = Engagement>(who: Asker, path: string, body: object = {}) => taken<T>(who.ask('POST', path, body))
  const newest: Steps['newest'] = async (communityId) => {
    const rows = await app.db
      .select()
      .from(engagements)
      .where(eq(engagements.communityId, communityId))
      .orderBy(asc(engagements.proposedAt), asc(engagements.rank))
    return rows.at(-1) as Engagement
  }
  const unmanaged: Steps['unmanaged'] = async (id = HOME) => {
    await say(officer, `/api/communities/${id}/facts`, {
      needs: NEEDS,
      areaM2: 10_000,
      feeRate: 1.5,
      collectionRate: 0.5,
    })
    await say<CommunityCase>(officer, `/api/communities/${id}/declare-unmanaged`, { reason: 'the firm has left' })
    return id
  }
  const offered: Steps['offered'] = async (communityId, numbers, offerHours) => {
    // Two choosings of one community are told apart by their moments.
    app.clock.advance(1_000)
    const candidates = numbers.map((n) => ({ poolEntryId: poolId(n) }))
    const opening = { mode: 'designate', candidates }
    const { id } = await say<Selection>(officer, `/api/communities/${communityId}/selections`, opening)
    const ranked = numbers.map(poolId)
    const decision = { ranked, reason: 'nearest', ...(offerHours !== undefined && { offerHours }) }
    return say<Selection>(officer, `/api/selections/${id}/decide`, decision)
  }
  const serving: Steps['serving'] = async (communityId, firmNumber, months = 6) => {
    await offered(communityId, [firmNumber])
    const { id } = await newest(communityId)
    await say(providers[firmNumber - 1] as Asker, `/api/engagements/${id}/accept`)
    await say(officer, `/api/engagements/${id}/contract`, { startsAt: app.clock.now(), months, fee: 1.5 })
    await say(officer, `/api/engagements/${id}/publicise`, { contact: 'the sub-district office' })
    return say(officer, `/api/engagements/${id}/activate`)
  }
  return { unmanaged, offered, serving, newest }
}

function looksAt({ db }: TestApp): Pick<EngagementWorld, 'openAlarms' | 'kinds'> {
  return {
    openAlarms: async (communityId) => {
      const rows = await db
        .select({ kind: alarms.kind })
        .from(alarms)
        .where(and(eq(alarms.communityId, communityId), isNull(alarms.acknowledgedAt)))
      return rows.map(({ kind }) => kind).sort()
    },
    kinds: async () => {
      const rows = await db
        .select({ kind: events.kind })
        .from(events)
        .where(eq(events.tenant, CITY))
        .orderBy(asc(events.seq))
      return rows.map(({ kind }) => kind)
    },
  }
}

/** More communities like the first, in the same neighbourhood. */
export async function moreCommunities({ db }: TestApp, count: number, name = 'more'): Promise<string[]> {
  const [model] = await db.select().from(communities).where(eq(communities.id, HOME))
  if (!model) throw new Error('the small city has no community 1')
  const ids = Array.from({ length: count }, (_, n) => `${CITY}-${name}-${n}`)
  await db.insert(communities).values(ids.map((id) => ({ ...model, id, slug: id, name: id })))
  return ids
}

/** A party's hash and value, as its page makes them. */
export const partyOf = (selectionId: string, { userId }: Asker, value = `${userId}-value-of-its-own`.slice(0, 60)) => ({
  value,
  commitment: commitmentOf(selectionId, userId, value),
})
