import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emergencyLog, engagements } from '#db/schema/engagements.ts'
import { alarms } from '#db/schema/feed.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import { type Asker, grantFor } from '#tests/support/app.ts'
import {
  type EngagementWorld,
  engagementWorld,
  firmId,
  moreCommunities,
  poolId,
  refusal,
  taken,
} from '#tests/support/engagement-world.ts'

const FIRMS = 4
const PLACES = 10
let world: EngagementWorld
let spare: string[]

beforeAll(async () => {
  world = await engagementWorld(FIRMS)
  // Enough room for everything here: what is full is made full by the test that needs it.
  const capacity = { cleaners: 99, guards: 99, liftOperators: 99, moneyAtRisk: 10_000_000 }
  await world.app.db.update(poolEntries).set({ capacity })
  spare = await moreCommunities(world.app, PLACES)
})
afterAll(() => world.end())

const freshCommunity = () => world.unmanaged(spare.pop() as string)
const provider = (n: number) => world.providers[n - 1] as Asker
const tick = () => world.app.app.engine.tick()
const rowsOf = (communityId: string) =>
  world.app.db
    .select({ firmId: engagements.firmId, status: engagements.status, rank: engagements.rank })
    .from(engagements)
    .where(eq(engagements.communityId, communityId))
    .orderBy(engagements.rank)
const logKinds = async (subjectId: string) =>
  (
    await world.app.db.select().from(emergencyLog).where(eq(emergencyLog.subjectId, subjectId)).orderBy(emergencyLog.n)
  ).map(({ kind }) => kind)
const statusOf = async (id: string) =>
  (await taken<{ case: { status: string } }>(world.officer.ask('GET', `/api/communities/${id}`))).case.status

describe('an offer to a provider', () => {
  test('[EL1] is made by a decision that keeps mode, candidates, decider, moment and reason', async () => {
    const community = await freshCommunity()
    const selection = await world.offered(community, [1, 2])
    expect(selection).toMatchObject({
      status: 'decided',
      mode: 'designate',
      approved: [poolId(1), poolId(2)],
      decidedBy: { kind: 'api', id: world.officer.userId },
      decidedAt: world.app.clock.now(),
      reason: 'nearest',
    })
    expect(await logKinds(selection.id)).toEqual(['open', 'decide'])
    expect(await statusOf(community)).toBe('selecting')
    const mine = await taken<{ id: string }[]>(provider(1).ask('GET', '/api/engagements?status=offered'))
    expect(mine).toContainEqual(expect.objectContaining({ communityId: community, rank: 1 }))
  })

  test('[EG7] goes to the next of the approved list on a no, and with nobody left back to the officer', async () => {
    const community = await freshCommunity()
    await world.offered(community, [1, 2])
    const first = await world.newest(community)
    await taken(provider(1).ask('POST', `/api/engagements/${first.id}/decline`, { reason: 'no people' }))
    const second = await world.newest(community)
    expect(second).toMatchObject({ firmId: firmId(2), status: 'offered', rank: 2 })
    expect(await world.openAlarms(community)).not.toContain('candidatesExhausted')
    await taken(provider(2).ask('POST', `/api/engagements/${second.id}/decline`, { reason: 'too far' }))
    expect(await world.openAlarms(community)).toContain('candidatesExhausted')
    expect(await statusOf(community)).toBe('unmanaged')
    await world.offered(community, [3])
    expect(await world.openAlarms(community)).not.toContain('candidatesExhausted')
  })

  test('[EG7, EG2] ends by the clock, once, and the next has as long to answer', async () => {
    const community = await freshCommunity()
    await world.offered(community, [1, 2], 12)
    world.app.clock.advance(12 * HOUR_MS - 1)
    await tick()
    expect(await rowsOf(community)).toEqual([{ firmId: firmId(1), status: 'offered', rank: 1 }])
    world.app.clock.advance(1)
    const { id } = await world.newest(community)
    expect(await refusal(provider(1).ask('POST', `/api/engagements/${id}/accept`, {}))).toBe('offerExpired')
    await Promise.all([tick(), tick()])
    expect(await rowsOf(community)).toEqual([
      { firmId: firmId(1), status: 'expired', rank: 1 },
      { firmId: firmId(2), status: 'offered', rank: 2 },
    ])
    const { offerExpiresAt } = await world.newest(community)
    expect(offerExpiresAt).toBe(world.app.clock.now() + 12 * HOUR_MS)
    expect(await world.openAlarms(community)).toContain('offerUnanswered')
    await taken(provider(2).ask('POST', `/api/engagements/${(await world.newest(community)).id}/accept`, {}))
    expect(await world.openAlarms(community)).not.toContain('offerUnanswered')
  })

  test('[ET3, EG7] that ended in an outage ends once, late, and the list goes on from there', async () => {
    const community = await freshCommunity()
    await world.offered(community, [1, 2, 3], 12)
    const { id } = await world.newest(community)
    world.app.clock.advance(5 * DAY_MS)
    await tick()
    await tick()
    expect((await rowsOf(community)).map(({ status }) => status)).toEqual(['expired', 'offered'])
    const log = await world.app.db.select().from(emergencyLog).where(eq(emergencyLog.subjectId, id))
    expect(log.filter(({ kind }) => kind === 'expire').map(({ detail }) => detail?.late)).toEqual([true])
    const rung = await world.app.db.select().from(alarms).where(eq(alarms.communityId, community))
    expect(rung.filter(({ kind }) => kind === 'offerUnanswered').map(({ late }) => late)).toEqual([true])
  })

  test('[EG7, EL3] passes over whoever may not be engaged any more, and says so in the log', async () => {
    const community = await freshCommunity()
    const { id: selectionId } = await world.offered(community, [1, 2, 3])
    await world.app.db
      .update(poolEntries)
      .set({ status: 'suspended' })
      .where(eq(poolEntries.id, poolId(2)))
    const { id } = await world.newest(community)
    await taken(provider(1).ask('POST', `/api/engagements/${id}/decline`, { reason: 'no people' }))
    expect(await world.newest(community)).toMatchObject({ firmId: firmId(3), rank: 3, status: 'offered' })
    expect(await logKinds(selectionId)).toContain('passOver')
    await world.app.db
      .update(poolEntries)
      .set({ status: 'in_pool' })
      .where(eq(poolEntries.id, poolId(2)))
  })

  test('[EL3] is refused by name when the first choice may not be engaged; a yellow light gives way to a reason', async () => {
    const community = await freshCommunity()
    const now = world.app.clock.now()
    await world.app.db
      .update(poolEntries)
      .set({ yellowSince: now })
      .where(eq(poolEntries.id, poolId(4)))
    const open = (overrideReason?: string) =>
      world.officer.ask('POST', `/api/communities/${community}/selections`, {
        mode: 'designate',
        candidates: [{ poolEntryId: poolId(4), ...(overrideReason && { overrideReason }) }],
      })
    expect(await refusal(open())).toBe('yellowLight')
    const { id } = await taken<{ id: string }>(open('nobody else has lift operators'))
    await taken(world.officer.ask('POST', `/api/selections/${id}/decide`, { ranked: [poolId(4)], reason: 'only one' }))
    expect(await world.newest(community)).toMatchObject({ overrideReason: 'nobody else has lift operators' })
  })

  test('[EL3] a firm whose people are promised meanwhile cannot say yes', async () => {
    const community = await freshCommunity()
    await world.offered(community, [3])
    const { id } = await world.newest(community)
    const few = { cleaners: 1, guards: 99, liftOperators: 99, moneyAtRisk: 10_000_000 }
    await world.app.db
      .update(poolEntries)
      .set({ capacity: few })
      .where(eq(poolEntries.id, poolId(3)))
    expect(await refusal(provider(3).ask('POST', `/api/engagements/${id}/accept`, {}))).toBe('noCapacity')
    expect(await world.newest(community)).toMatchObject({ status: 'offered' })
  })

  test('[EG5] is withdrawn before it began, with a reason, and the community is unmanaged again', async () => {
    const community = await freshCommunity()
    await world.offered(community, [1, 2])
    const { id } = await world.newest(community)
    const withdraw = (reason: string) => world.officer.ask('POST', `/api/engagements/${id}/withdraw`, { reason })
    expect(await refusal(withdraw('  '))).toBe('missingReason')
    await taken(withdraw('another way was found'))
    expect(await world.newest(community)).toMatchObject({
      id,
      status: 'ended',
      endReason: 'withdrawn',
      nextTimerAt: null,
    })
    expect(await statusOf(community)).toBe('unmanaged')
    expect(await refusal(provider(1).ask('POST', `/api/engagements/${id}/accept`, {}))).toBe('wrongStage')
  })

  test('[EG1] is answered by the firm it was made to, and by nobody else', async () => {
    const community = await freshCommunity()
    await world.offered(community, [1])
    const { id } = await world.newest(community)
    expect(await refusal(provider(2).ask('POST', `/api/engagements/${id}/accept`, {}))).toBe('unknown')
    expect(await refusal(world.officer.ask('POST', `/api/engagements/${id}/accept`, {}))).toBe('notAllowed')
    expect(await refusal(provider(1).ask('POST', `/api/engagements/${id}/activate`, {}))).toBe('notAllowed')
    expect(await refusal(world.officer.ask('POST', `/api/engagements/${id}/activate`, {}))).toBe('wrongStage')
  })
})

describe('choosing', () => {
  test('[EL1, EL5] is begun only where a provider is needed, and is given up with a reason while it is open', async () => {
    const opening = { mode: 'rank', candidates: [{ poolEntryId: poolId(1) }] }
    const managed = spare.pop() as string
    expect(await refusal(world.officer.ask('POST', `/api/communities/${managed}/selections`, opening))).toBe(
      'wrongStage',
    )
    const community = await freshCommunity()
    const { id } = await taken<{ id: string }>(
      world.officer.ask('POST', `/api/communities/${community}/selections`, opening),
    )
    await taken(world.officer.ask('POST', `/api/selections/${id}/cancel`, { reason: 'the owners have found a firm' }))
    expect(await statusOf(community)).toBe('unmanaged')
    expect(await logKinds(id)).toEqual(['open', 'cancel'])
  })

  test('[EL2, EL3] shows the pool ranked, each firm with what it has left and what bars it', async () => {
    await world.app.db
      .update(poolEntries)
      .set({ status: 'suspended' })
      .where(eq(poolEntries.id, poolId(1)))
    const path = `/api/communities/${spare[0] ?? 'testville-c1'}/candidates`
    const shown = await taken<{ entry: { id: string }; rank: number | null; bar: string | null }[]>(
      world.officer.ask('GET', path),
    )
    expect(shown.at(0)).toMatchObject({ entry: { id: poolId(2) }, rank: 1, bar: null })
    expect(shown).toContainEqual(expect.objectContaining({ rank: null, bar: 'notInPool' }))
    expect((await provider(1).ask('GET', path)).statusCode).toBe(403)
  })
})

describe('the lists', () => {
  type Row = { id: string; status: string; communityId: string }
  const listed = (path: string, who: Asker = world.officer) => taken<Row[]>(who.ask('GET', path))
  const lists = ['/api/engagements?', '/api/selections?']

  test('[AC1] of engagements and choosings go page by page to the end, newest first, each only with the reader’s own', async () => {
    for (const list of lists) {
      const whole = await listed(`${list}limit=1000`)
      expect(whole.length).toBeGreaterThan(3)
      const pages = [await listed(`${list}limit=2`)]
      while (pages.at(-1)?.length === 2) pages.push(await listed(`${list}limit=2&after=${pages.at(-1)?.at(-1)?.id}`))
      expect(pages.flat()).toEqual(whole)
    }
    const elsewhere = await world.asking('elsewhere', { role: 'subdistrictOfficer', subdistrictCode: 'S2' })
    for (const list of lists) expect(await listed(list, elsewhere)).toEqual([])
    const own = await listed('/api/engagements?', provider(2))
    expect(own.length).toBeGreaterThan(0)
    expect(new Set(own.map((row) => (row as Row & { firmId: string }).firmId))).toEqual(new Set([firmId(2)]))
  })

  test('[AC1] what is live and what is over are told apart, and a firm’s crew sees what its firm is engaged for', async () => {
    const [live, over] = [await listed('/api/engagements?phase=live'), await listed('/api/engagements?phase=over')]
    expect([...live, ...over].map(({ id }) => id).sort()).toEqual(
      (await listed('/api/engagements?')).map(({ id }) => id).sort(),
    )
    for (const { status } of over) expect(['declined', 'expired', 'ended']).toContain(status)
    for (const { status } of live) expect(['declined', 'expired', 'ended']).not.toContain(status)
    const crew = await world.asking('crew', { ...grantFor('fieldWorker') })
    const seen = await listed('/api/engagements?', crew)
    expect(seen.map(({ id }) => id)).toEqual((await listed('/api/engagements?', provider(1))).map(({ id }) => id))
  })

  test('[AC1] of communities goes on by id, and is the sub-district’s own', async () => {
    const ids = async (query: string) =>
      (await taken<{ communityId: string }[]>(world.officer.ask('GET', `/api/communities?${query}`))).map(
        ({ communityId }) => communityId,
      )
    const whole = await ids('')
    expect(whole).toEqual(whole.toSorted())
    expect([...(await ids('limit=3')), ...(await ids(`after=${whole[2]}`))]).toEqual(whole)
  })
})
