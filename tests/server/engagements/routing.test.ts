import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emergencyLog, engagements } from '#db/schema/engagements.ts'
import { communities } from '#db/schema/places.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { tickets } from '#db/schema/tickets.ts'
import { DAY_MS } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import { holdCommunity, moveCommunity } from '#server/engagements/community-steps.ts'
import { announce } from '#server/engagements/record.ts'
import { type Asker, CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import { anEngagement, aPoolEntry } from '#tests/support/engagement-rows.ts'
import type { Candidates } from '#wire/routes/dispatches.ts'

let app: TestApp
let officer: Asker
let dispatcher: Asker

beforeAll(async () => {
  app = await startTestApp()
  app.clock.set(T0)
  officer = await app.withRole('subdistrictOfficer')
  dispatcher = await app.withRole('dispatcher')
})
afterAll(() => app.end())

const HERE = `${CITY}-c1`
/** The firm of the crew `u2` and of community 2: far from here, and about to be engaged for it. */
const PROVIDER = `${CITY}-f2`

const report = async (communityId = HERE): Promise<Ticket> =>
  (
    await dispatcher.ask('POST', '/api/tickets', {
      category: 'plumbingElectrical',
      description: 'a tap drips',
      communityId,
    })
  ).json()
const ticketRow = async (id: string) => (await app.db.select().from(tickets).where(eq(tickets.id, id)))[0]

/** One step of the community as the engagement's verbs take it. */
const move = (event: 'select' | 'cover' | 'abandon', more: { firmId?: string; engagementId?: string } = {}) =>
  app.db.transaction(async (tx) => {
    const act = { tenant: CITY, actor: { kind: 'user', id: officer.userId } as const, now: app.clock.now() }
    const held = await holdCommunity(tx, CITY, HERE, act.now)
    if (!held) throw new Error('no such community')
    const moved = await moveCommunity(tx, held, { event, reason: 'test', ...more }, act)
    if (!moved.ok) throw new Error(moved.why)
    await announce(tx, moved.pending)
  })

async function engage(): Promise<void> {
  await app.db.insert(poolEntries).values(aPoolEntry({ tenant: CITY, firmId: PROVIDER }))
  await app.db.insert(engagements).values(
    anEngagement({
      id: 'engagement-1',
      tenant: CITY,
      communityId: HERE,
      districtCode: 'D1',
      subdistrictCode: 'S1',
      neighbourhoodCode: 'N11',
      firmId: PROVIDER,
      poolEntryId: 'pool-1',
      selectionId: null,
      status: 'active',
      activeAt: T0,
      endsAt: T0 + 180 * DAY_MS,
    }),
  )
  await move('select')
  await move('cover', { firmId: PROVIDER, engagementId: 'engagement-1' })
}

describe('a community under an emergency engagement', () => {
  let before: Ticket

  beforeAll(async () => {
    before = await report()
    const url = `/api/communities/${HERE}/declare-unmanaged`
    expect((await officer.ask('POST', url, { reason: 'left' })).statusCode).toBe(200)
    await engage()
  })

  test('[EC8] what was open goes to the provider, and what is reported from now on is its own', async () => {
    expect(before.firmId).toBe(`${CITY}-f1`)
    expect((await ticketRow(before.id))?.firmId).toBe(PROVIDER)
    expect((await report()).firmId).toBe(PROVIDER)
    expect((await report(`${CITY}-c3`)).firmId).toBe(`${CITY}-f1`)
  })

  test('[EC8] a task somebody is on stays with whoever has it', async () => {
    const taken = await report()
    await app.db
      .update(tickets)
      .set({ status: 'on_site', firmId: `${CITY}-f1` })
      .where(eq(tickets.id, taken.id))
    await move('cover', { firmId: PROVIDER, engagementId: 'engagement-1' })
    expect((await ticketRow(taken.id))?.firmId).toBe(`${CITY}-f1`)
  })

  test('[RK11] its units stand first for a ticket there, and for one elsewhere they do not', async () => {
    const ranked = async (ticketId: string) =>
      ((await dispatcher.ask('GET', `/api/tickets/${ticketId}/candidates`)).json() as Candidates).candidates
    const [first] = await ranked(before.id)
    expect(first?.unit.id).toBe(`${CITY}-u2`)
    expect(first?.reasons.map(({ code }) => code)).toContain('emergencyProvider')
    const elsewhere = await ranked((await report(`${CITY}-c3`)).id)
    expect(elsewhere[0]?.unit.firmId).not.toBe(PROVIDER)
    expect(elsewhere.flatMap(({ reasons }) => reasons.map(({ code }) => code))).not.toContain('emergencyProvider')
  })

  test('[EC9] its residents are told who serves them and since when, on the page of the community and of their report', async () => {
    const servedBy = { firmName: '物业企业 002', since: T0, until: T0 + 180 * DAY_MS }
    expect((await app.ask('GET', `/api/r/${HERE}`)).json().servedBy).toEqual(servedBy)
    expect((await app.ask('GET', `/api/r/${CITY}-c3`)).json().servedBy).toBeNull()
    const reported = await app.ask('POST', `/api/r/${HERE}/tickets`, { category: 'cleaning', description: 'x' })
    const { token } = reported.json()
    expect((await app.ask('GET', `/api/t/${token}`)).json().servedBy).toEqual(servedBy)
  })

  test('[EC8, EM2] the provider sees the community and its tickets; the firm that left sees only what it is still on', async () => {
    const seen = async (asker: Asker) => ({
      cases: (await asker.ask('GET', '/api/communities')).json().length,
      tickets: (await asker.ask('GET', `/api/tickets?communityId=${HERE}`)).json().length,
    })
    const serving = await providerOf(PROVIDER)
    expect(await seen(serving)).toEqual({ cases: 1, tickets: 4 })
    expect(await seen(await app.withRole('providerManager'))).toEqual({ cases: 0, tickets: 1 })
    expect((await serving.ask('GET', '/api/feed/snapshot')).json()).toMatchObject({
      cases: [{ communityId: HERE, providerFirmId: PROVIDER }],
      engagements: [{ id: 'engagement-1' }],
    })
  })

  test('[EC2, EM1] abandoned a second time it has nobody again, and the log tells the whole story with its people', async () => {
    await app.db
      .update(engagements)
      .set({ status: 'ended', endReason: 'abandoned' })
      .where(eq(engagements.id, 'engagement-1'))
    await move('abandon')
    const [row] = await app.db.select().from(communities).where(eq(communities.id, HERE))
    expect(row?.firmId).toBeNull()
    const log = await app.db.select().from(emergencyLog).where(eq(emergencyLog.subjectId, HERE)).orderBy(emergencyLog.n)
    expect(log.map(({ kind, n }) => [n, kind])).toEqual([
      [1, 'declare'],
      [2, 'select'],
      [3, 'cover'],
      [4, 'cover'],
      [5, 'abandon'],
    ])
    expect(log.every(({ actor, at }) => actor.id === officer.userId && at === T0)).toBe(true)
    const { case: now, episodes } = (await officer.ask('GET', `/api/communities/${HERE}`)).json()
    expect(now).toMatchObject({ status: 'unmanaged', episode: 2, formerFirmId: PROVIDER })
    expect(
      episodes.map(({ episode, coveredAt }: { episode: number; coveredAt: number | null }) => [episode, coveredAt]),
    ).toEqual([
      [2, null],
      [1, T0],
    ])
  })
})

async function providerOf(firmId: string): Promise<Asker> {
  const made = await app.withRole('providerManager')
  const admin = await app.withRole('cityAdmin')
  const grants = [{ role: 'providerManager', firmId }]
  expect((await admin.ask('POST', `/api/accounts/${made.userId}/grants`, { grants })).statusCode).toBe(200)
  return made
}
