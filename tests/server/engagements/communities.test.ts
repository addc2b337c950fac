import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { communityContracts } from '#db/schema/communities.ts'
import { emergencyLog } from '#db/schema/engagements.ts'
import { alarms, events } from '#db/schema/feed.ts'
import { communities } from '#db/schema/places.ts'
import { tickets } from '#db/schema/tickets.ts'
import type { CommunityCase } from '#domain/community.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import { communityDates } from '#server/engagements/community-dates.ts'
import { type Asker, CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'

let app: TestApp
let officer: Asker
let dispatcher: Asker
let provider: Asker
let housing: Asker

beforeAll(async () => {
  app = await startTestApp()
  officer = await app.withRole('subdistrictOfficer')
  dispatcher = await app.withRole('dispatcher')
  provider = await app.withRole('providerManager')
  housing = await app.withRole('housingAuthority')
})
afterAll(() => app.end())

const HERE = `${CITY}-c1`
/** In the same sub-district. */
const BESIDE = `${CITY}-c3`
const ELSEWHERE = `${CITY}-c2`

async function done<T>(asker: Asker, url: string, body: object = {}): Promise<T> {
  const answer = await asker.ask('POST', url, body)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const say = (id: string, verb: string, body: object = {}, asker = officer) =>
  done<CommunityCase>(asker, `/api/communities/${id}/${verb}`, body)
const codeOf = async (asker: Asker, url: string, body?: object) =>
  (await asker.ask(body ? 'POST' : 'GET', url, body)).json().error?.code ?? 'done'
const card = async (id: string, asker = officer) => (await asker.ask('GET', `/api/communities/${id}`)).json()
const tick = () => communityDates(() => undefined).run(app.db, app.clock.now())
const openAlarms = async (communityId: string) =>
  (await app.db.select().from(alarms).where(eq(alarms.communityId, communityId)))
    .filter(({ acknowledgedAt }) => acknowledgedAt === null)
    .map(({ kind }) => kind)
    .sort()

describe('a community that loses its firm', () => {
  test('[EC2, EC8] declared unmanaged it has no keeper, and says who declared it, when and why', async () => {
    app.clock.set(T0)
    await say(HERE, 'facts', { areaM2: 40_000, feeRate: 1.5, collectionRate: 0.6, needs: NEEDS })
    const declared = await say(HERE, 'declare-unmanaged', { reason: 'the firm has left', since: T0 - 5 * HOUR_MS })
    expect(declared).toMatchObject({
      status: 'unmanaged',
      episode: 1,
      declaredAt: T0,
      declaredBy: { id: officer.userId },
      reason: 'the firm has left',
      unmanagedAt: T0 - 5 * HOUR_MS,
      formerFirmId: `${CITY}-f1`,
      needs: NEEDS,
    })
    const [row] = await app.db.select().from(communities).where(eq(communities.id, HERE))
    expect(row?.firmId).toBeNull()
    expect(await openAlarms(HERE)).toEqual(['communityUnmanaged'])
    const { log, names } = await card(HERE)
    expect(log.map(({ kind }: { kind: string }) => kind)).toEqual(['facts', 'declare'])
    expect(log.at(-1)).toMatchObject({
      actor: { id: officer.userId },
      reason: 'the firm has left',
      detail: { from: 'managed', to: 'unmanaged' },
    })
    expect(names[officer.userId]).toBe(officer.username)
  })

  test('[EC1] what the table does not name is refused and leaves nothing', async () => {
    const before = [await app.db.$count(events), await app.db.$count(emergencyLog)]
    const refusals = [
      await codeOf(officer, `/api/communities/${HERE}/declare-unmanaged`, { reason: 'again' }),
      await codeOf(officer, `/api/communities/${HERE}/declare-at-risk`, { reason: 'x' }),
      await codeOf(officer, `/api/communities/${HERE}/calm`, { reason: 'x' }),
      await codeOf(officer, `/api/communities/${BESIDE}/declare-unmanaged`, { reason: 'x', since: T0 + HOUR_MS }),
      await codeOf(officer, `/api/communities/${HERE}/settle`, { reason: 'x', outcome: 'managed' }),
      await codeOf(officer, `/api/communities/${HERE}/settle`, { reason: 'x', outcome: 'managed', firmId: 'none' }),
    ]
    expect(refusals).toEqual(['wrongStage', 'wrongStage', 'wrongStage', 'badRequest', 'badRequest', 'unknown'])
    expect([await app.db.$count(events), await app.db.$count(emergencyLog)]).toEqual(before)
  })

  test('[EC5, EC6] refuse that nobody collects is alarmed after its hours, and the first collection is told once', async () => {
    app.clock.set(T0 - 5 * HOUR_MS + 48 * HOUR_MS - 1)
    await tick()
    expect(await openAlarms(HERE)).toEqual(['communityUnmanaged'])
    app.clock.advance(1)
    await tick()
    await tick()
    expect(await openAlarms(HERE)).toEqual(['communityUnmanaged', 'refuseUncollected'])
    const collected = await say(HERE, 'refuse-collected')
    expect(collected.firstRefuseAt).toBe(app.clock.now())
    expect(await openAlarms(HERE)).toEqual(['communityUnmanaged'])
    expect(await codeOf(officer, `/api/communities/${HERE}/refuse-collected`, {})).toBe('wrongStage')
    expect((await officer.ask('GET', '/api/coverage')).json()).toMatchObject({
      uncovered: 1,
      hoursToRefuse: { median: 48, longest: 48, count: 1 },
      refuseWaiting: { communities: 0, since: null },
    })
  })

  test('[EC8] hired, the new firm answers for what is open and sees it; the old one does not', async () => {
    const seen = async (asker: Asker) => (await asker.ask('GET', '/api/tickets')).json() as Ticket[]
    const ticket = await done<Ticket>(dispatcher, '/api/tickets', {
      category: 'cleaning',
      description: 'x',
      communityId: HERE,
    })
    expect(ticket.firmId).toBeNull()
    expect(await seen(provider)).toEqual([])
    const hired = await say(HERE, 'settle', {
      outcome: 'managed',
      firmId: `${CITY}-f1`,
      reason: 'the owners have voted',
    })
    expect(hired).toMatchObject({
      status: 'managed',
      coveredAt: app.clock.now(),
      providerFirmId: null,
      riskReasons: [],
    })
    const [routed] = await app.db.select().from(tickets).where(eq(tickets.id, ticket.id))
    expect(routed?.firmId).toBe(`${CITY}-f1`)
    expect((await seen(provider)).map(({ id }) => id)).toEqual([ticket.id])
    expect(await openAlarms(HERE)).toEqual([])
    const { log } = (await dispatcher.ask('GET', `/api/tickets/${ticket.id}`)).json()
    expect(log.at(-1)).toMatchObject({ kind: 'note', detail: { routedTo: `${CITY}-f1` } })
  })
})

const NEEDS = { cleaners: 4, guards: 3, liftOperators: 1, lifts: 4, liftMaintenanceUntil: null }

describe('a community at risk', () => {
  test('[EC3, EC5] becomes so by its contract when the day comes, and calm again by a renewal', async () => {
    app.clock.set(T0)
    const endsAt = T0 + 200 * DAY_MS
    const fresh = await say(BESIDE, 'contract', { firmId: `${CITY}-f1`, startsAt: T0 - 500 * DAY_MS, endsAt })
    expect(fresh).toMatchObject({ status: 'managed', riskReasons: [] })
    const due = fresh.dueAt as number
    app.clock.set(due - 1)
    await tick()
    expect((await card(BESIDE)).case.status).toBe('managed')
    app.clock.set(due)
    await tick()
    expect((await card(BESIDE)).case).toMatchObject({
      status: 'at_risk',
      riskReasons: ['decisionDue'],
      dueAt: endsAt - 90 * DAY_MS,
    })
    expect(await openAlarms(BESIDE)).toEqual(['communityAtRisk'])
    const renewed = await say(BESIDE, 'contract', {
      firmId: `${CITY}-f1`,
      startsAt: endsAt,
      endsAt: endsAt + 700 * DAY_MS,
    })
    expect(renewed).toMatchObject({ status: 'managed', riskReasons: [] })
    expect(await openAlarms(BESIDE)).toEqual([])
    expect(await app.db.$count(communityContracts, eq(communityContracts.communityId, BESIDE))).toBe(2)
  })

  test('[EC4, EC5] a notice makes it so at once, its withdrawal undoes it, and no officer declares dates away', async () => {
    const at = app.clock.now()
    const noticed = await say(BESIDE, 'notice', { kind: 'ownersNotice', givenAt: at })
    expect(noticed).toMatchObject({ status: 'at_risk', riskReasons: ['ownersNotice'] })
    const { notices } = await card(BESIDE)
    expect(notices[0]).toMatchObject({ effectiveAt: at + 60 * DAY_MS, recordedBy: { id: officer.userId } })
    expect(await codeOf(officer, `/api/communities/${BESIDE}/calm`, { reason: 'x' })).toBe('wrongStage')
    const withdrawn = await say(BESIDE, 'withdraw-notice', { noticeId: notices[0].id, reason: 'agreed' })
    expect(withdrawn.status).toBe('managed')
    expect(await codeOf(officer, `/api/communities/${ELSEWHERE}/notice`, { kind: 'ownersNotice', givenAt: at })).toBe(
      'unknown',
    )
  })

  test('[EC1, EC5] an officer may declare it and undo that; the second engine finds nothing to do', async () => {
    expect(await say(BESIDE, 'declare-at-risk', { reason: 'wages unpaid' })).toMatchObject({
      status: 'at_risk',
      riskReasons: ['declared'],
      reason: 'wages unpaid',
    })
    expect(await say(BESIDE, 'calm', { reason: 'paid' })).toMatchObject({ status: 'managed', riskReasons: [] })
    expect(await tick()).toBe(0)
  })

  test('[EC5] after an outage its day is caught up with once, by whichever of four engines, and the alarm says that it is late', async () => {
    const endsAt = app.clock.now() + 100 * DAY_MS
    await say(BESIDE, 'owners-decided', { at: app.clock.now() })
    const quiet = await say(BESIDE, 'contract', {
      firmId: `${CITY}-f1`,
      startsAt: T0,
      endsAt,
      ownersDecidedAt: app.clock.now(),
    })
    expect(quiet).toMatchObject({ status: 'managed', dueAt: endsAt })
    app.clock.set(endsAt + 3 * HOUR_MS)
    const seen = await Promise.all([tick(), tick(), tick(), tick()])
    expect(seen.reduce((sum, count) => sum + count, 0)).toBe(1)
    const rung = (await app.db.select().from(alarms).where(eq(alarms.communityId, BESIDE))).filter(
      ({ acknowledgedAt }) => acknowledgedAt === null,
    )
    expect(rung).toMatchObject([{ kind: 'communityAtRisk', late: true }])
    await say(BESIDE, 'contract', { firmId: `${CITY}-f1`, startsAt: endsAt, endsAt: null })
    expect((await card(BESIDE)).case.status).toBe('managed')
  })

  test('[CM1] a declaration sent twice is one declaration', async () => {
    const headers = { 'idempotency-key': 'one-and-the-same-key' }
    const url = `/api/communities/${BESIDE}/declare-at-risk`
    const first = await officer.ask('POST', url, { reason: 'again' }, headers)
    const second = await officer.ask('POST', url, { reason: 'again' }, headers)
    expect([first.statusCode, second.json()]).toEqual([200, first.json()])
    await say(BESIDE, 'calm', { reason: 'over' })
  })
})

describe('who may know and do what', () => {
  test('[EM2] an officer is shut out of another sub-district, a firm of every declaration; the housing authority is everywhere', async () => {
    await say(ELSEWHERE, 'declare-at-risk', { reason: 'x' }, housing)
    for (const asker of [officer, provider])
      expect(await codeOf(asker, `/api/communities/${ELSEWHERE}`)).toBe('unknown')
    expect(await codeOf(officer, `/api/communities/${ELSEWHERE}/declare-unmanaged`, { reason: 'x' })).toBe('unknown')
    expect(await codeOf(dispatcher, `/api/communities/${ELSEWHERE}/declare-unmanaged`, { reason: 'x' })).toBe(
      'notAllowed',
    )
    const listed = async (asker: Asker) =>
      ((await asker.ask('GET', '/api/communities')).json() as CommunityCase[]).map(({ communityId }) => communityId)
    expect(await listed(officer)).toEqual([HERE, BESIDE])
    expect(await listed(provider)).toEqual([])
    expect(await listed(housing)).toEqual([HERE, ELSEWHERE, BESIDE])
    expect((await officer.ask('GET', '/api/coverage')).json()).toMatchObject({ atRisk: 0 })
    expect((await housing.ask('GET', '/api/coverage')).json()).toMatchObject({ atRisk: 1 })
  })

  test('[EM2] events, snapshot and alarms reach officers of the place and whoever may see all, and no other console', async () => {
    const head = (await housing.ask('GET', '/api/feed/snapshot')).json()
    await say(ELSEWHERE, 'declare-unmanaged', { reason: 'gone' }, housing)
    const told = async (asker: Asker) => {
      const answer = await asker.ask('GET', `/api/feed?since=${head.to}&epoch=${head.epoch}`)
      return (answer.json().events as { kind: string; state: object }[]).map(({ kind, state }) => [
        kind,
        Object.keys(state),
      ])
    }
    const officerThere = await officerAt('S2')
    const whole = [
      ['community:declared', ['cases']],
      ['alarm:acknowledged', ['alarms']],
      ['alarm:raised', ['alarms']],
    ]
    expect(await told(housing)).toEqual(whole)
    expect(await told(officerThere)).toEqual(whole)
    expect(await told(officer)).toEqual([])
    expect(await told(provider)).toEqual([])
    // The dispatch room sees the community and is not rung for it.
    expect(await told(dispatcher)).toEqual([
      ['community:declared', ['cases']],
      ['alarm:acknowledged', []],
      ['alarm:raised', []],
    ])
    const inSnapshot = async (asker: Asker) => {
      const { cases, alarms: rung } = (await asker.ask('GET', '/api/feed/snapshot')).json()
      return [
        cases.length,
        rung.filter(({ communityId }: { communityId: string | null }) => communityId !== null).length,
      ]
    }
    expect(await inSnapshot(officerThere)).toEqual([1, 1])
    expect(await inSnapshot(officer)).toEqual([0, 0])
    expect(await inSnapshot(dispatcher)).toEqual([1, 0])
    const ack = `/api/alarms/${await open(ELSEWHERE)}/acknowledge`
    expect(await codeOf(dispatcher, ack, {})).toBe('notAllowed')
    expect(await codeOf(officer, ack, {})).toBe('notAllowed')
    expect(await codeOf(officerThere, ack, {})).toBe('done')
  })
})

const open = async (communityId: string) =>
  (await app.db.select().from(alarms).where(eq(alarms.communityId, communityId))).find(
    ({ acknowledgedAt }) => acknowledgedAt === null,
  )?.id

/** A second officer, of another sub-district. */
async function officerAt(subdistrictCode: string): Promise<Asker> {
  const made = await app.withRole('subdistrictOfficer')
  const admin = await app.withRole('cityAdmin')
  await done(admin, `/api/accounts/${made.userId}/grants`, {
    grants: [{ role: 'subdistrictOfficer', subdistrictCode }],
  })
  return made
}
