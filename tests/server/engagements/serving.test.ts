import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { emergencyLog, engagements, proofs } from '#db/schema/engagements.ts'
import { alarms } from '#db/schema/feed.ts'
import { communities } from '#db/schema/places.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { calendarOf } from '#domain/calendar.ts'
import type { CommunityCase } from '#domain/community.ts'
import type { Engagement } from '#domain/engagement.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import type { Proof } from '#domain/proof.ts'
import { siteCodeOf } from '#server/dispatch/site-code.ts'
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
import { phonePicture, photoForm } from '#tests/support/pictures.ts'
import type { EngagementCard, NoticeFace } from '#wire/routes/engagements.ts'

const SECRET = 's'.repeat(40)
const CALENDAR = calendarOf('Asia/Shanghai')
const ITEMS = ['refuse', 'basicCleaning', 'orderKeeping', 'liftOperation'] as const
let world: EngagementWorld
let spare: string[]

beforeAll(async () => {
  world = await engagementWorld(3)
  const capacity = { cleaners: 99, guards: 99, liftOperators: 99, moneyAtRisk: 10_000_000 }
  await world.app.db.update(poolEntries).set({ capacity })
  spare = await moreCommunities(world.app, 10)
})
// What was served in one test must not be looked after by the clock of the next.
afterEach(() => world.app.db.update(engagements).set({ timers: [], nextTimerAt: null }))
afterAll(() => world.end())

const post = <T = Engagement>(who: Asker, path: string, body: object = {}) => taken<T>(who.ask('POST', path, body))
const tick = () => world.app.app.engine.tick()
const provider = (n: number) => world.providers[n - 1] as Asker
const served = async (n = 1, months = 6) => world.serving(await world.unmanaged(spare.pop() as string), n, months)
const cardOf = (who: Asker, id: string) => taken<EngagementCard>(who.ask('GET', `/api/engagements/${id}`))
const caseOf = async (id: string) =>
  (await taken<{ case: CommunityCase }>(world.officer.ask('GET', `/api/communities/${id}`))).case
const byCode = (who: Asker, { id, communityId }: Engagement, item: string, more: object = {}) =>
  who.ask('POST', `/api/engagements/${id}/proofs`, { item, siteCode: siteCodeOf(SECRET, communityId), ...more })
const rungFor = async (communityId: string, kind: string) =>
  (await world.app.db.select().from(alarms).where(eq(alarms.communityId, communityId))).filter(
    (one) => one.kind === kind,
  )
/** The city's hour of the day after next at which proofs are looked for, and later days. */
const proofHour = (engagement: Engagement, days: number) =>
  CALENDAR.atHour(CALENDAR.plusDays(engagement.activeAt as number, days), 20)

describe('daily proof', () => {
  test('[EP1, EP2] by the code at the site, once an item and day, by the firm’s own people and no other’s', async () => {
    const engagement = await served()
    const crew = await world.asking('crew-1', { ...grantFor('fieldWorker') })
    const others = await world.asking('crew-2', { ...grantFor('fieldWorker'), unitId: 'testville-u2' })
    const first = await taken<Proof>(byCode(crew, engagement, 'refuse'))
    expect(first).toMatchObject({
      item: 'refuse',
      day: CALENDAR.dayOf(world.app.clock.now()),
      via: 'qr',
      hasPhoto: false,
    })
    expect(await taken<Proof>(byCode(provider(1), engagement, 'refuse'))).toEqual(first)
    expect(await refusal(byCode(others, engagement, 'basicCleaning'))).toBe('unknown')
    expect(await refusal(byCode(crew, engagement, 'basicCleaning', { siteCode: 'guessed' }))).toBe('badCode')
    expect(await refusal(byCode(crew, engagement, 'basicCleaning', { day: '2020-01-01' }))).toBe('proofDay')
    expect((await caseOf(engagement.communityId)).firstRefuseAt).toBe(world.app.clock.now())
    const { missingToday } = await cardOf(provider(1), engagement.id)
    expect(missingToday).toEqual(['basicCleaning', 'orderKeeping', 'liftOperation'])
  })

  test('[EP2] by a photo, kept without a byte of the original', async () => {
    const engagement = await served()
    const form = photoForm(await phonePicture(400, 300), { item: 'basicCleaning' })
    const send = (who: Asker) =>
      world.app.app.http.inject({
        method: 'POST',
        url: `/api/engagements/${engagement.id}/proof-photos`,
        payload: form.payload,
        headers: { ...form.headers, ...who.headers },
      })
    expect((await send(provider(2))).statusCode).toBe(404)
    const proof: Proof = (await send(provider(1))).json()
    expect(proof).toMatchObject({ item: 'basicCleaning', via: 'photo', hasPhoto: true })
    const photo = await provider(1).ask('GET', `/api/proofs/${proof.id}/photo`)
    expect(photo.headers['content-type']).toBe('image/jpeg')
    expect(photo.rawPayload.includes(Buffer.from('SECRET-COMMENT'))).toBe(false)
    expect((await provider(2).ask('GET', `/api/proofs/${proof.id}/photo`)).statusCode).toBe(404)
  })

  test('[ET4, EG6] missed, is alarmed once at the hour, and silenced by the proof that was missing', async () => {
    const engagement = await served()
    world.app.clock.set(proofHour(engagement, 1) - HOUR_MS)
    for (const item of ITEMS.slice(1)) await taken(byCode(provider(1), engagement, item))
    await tick()
    expect(await rungFor(engagement.communityId, 'proofMissed')).toEqual([])
    world.app.clock.set(proofHour(engagement, 1))
    await Promise.all([tick(), tick()])
    await tick()
    expect(await rungFor(engagement.communityId, 'proofMissed')).toMatchObject([{ late: false, acknowledgedAt: null }])
    const warned = (await cardOf(world.officer, engagement.id)).log.filter(({ kind }) => kind === 'warn')
    expect(warned.map(({ detail }) => detail?.missing)).toEqual([['refuse']])
    // Next morning, all of the new day says nothing of what was missing on the day before.
    const day = CALENDAR.dayOf(world.app.clock.now())
    world.app.clock.advance(14 * HOUR_MS)
    for (const item of ITEMS) await taken(byCode(provider(1), engagement, item))
    expect(await world.openAlarms(engagement.communityId)).toContain('proofMissed')
    await taken(byCode(provider(1), engagement, 'refuse', { day }))
    expect(await world.openAlarms(engagement.communityId)).not.toContain('proofMissed')
  })

  test('[ET3, ET4] missed while the server was down, is alarmed once for each day and marked late, with one alarm open', async () => {
    const engagement = await served()
    world.app.clock.set(proofHour(engagement, 4) + HOUR_MS)
    await tick()
    await tick()
    const rung = await rungFor(engagement.communityId, 'proofMissed')
    expect(rung.map(({ late }) => late)).toEqual([true, true, true, true])
    expect(rung.filter(({ acknowledgedAt }) => acknowledgedAt === null)).toHaveLength(1)
  })
})

describe('the term on the server', () => {
  test('[ET2, ET3] alarms stand on their days, late ones come once, and the end does not end it', async () => {
    const engagement = await served(2)
    const endsAt = engagement.endsAt as number
    world.app.clock.set(CALENDAR.plusDays(endsAt, -60))
    await tick()
    expect(await world.newest(engagement.communityId)).toMatchObject({ status: 'expiring' })
    world.app.clock.set(endsAt + DAY_MS)
    await Promise.all([tick(), tick()])
    await tick()
    const log = (await cardOf(world.officer, engagement.id)).log.filter(
      ({ kind }) => kind === 'warn' || kind === 'nearEnd',
    )
    const terms = log.filter(({ detail }) => detail?.timer === 'termAlarm' || detail?.timer === 'termEnd')
    expect(terms.map(({ detail }) => [detail?.timer, detail?.days ?? null, detail?.late ?? false])).toEqual([
      ['termAlarm', 60, false],
      ['termAlarm', 30, true],
      ['termAlarm', 7, true],
      ['termEnd', null, true],
    ])
    expect(await world.newest(engagement.communityId)).toMatchObject({ status: 'expiring', endedAt: null })
    const missed = log.filter(({ detail }) => detail?.timer === 'voteMilestone').map(({ detail }) => detail?.item)
    expect(missed).toEqual(['groupFormed', 'voteHeld', 'firmHired'])
  })

  test('[ET6] a milestone that is done in time is not alarmed', async () => {
    const engagement = await served(2)
    await post(world.officer, `/api/engagements/${engagement.id}/steps`, {
      kind: 'ownersVote',
      item: 'groupFormed',
      done: true,
    })
    world.app.clock.set(CALENDAR.plusDays(engagement.endsAt as number, -119))
    await tick()
    expect(await world.openAlarms(engagement.communityId)).not.toContain('milestoneMissed')
  })
})

describe('taking over', () => {
  test('[EG3, EP3] nothing serves unpublicised; the notice is read by anybody and says what was posted for good', async () => {
    const community = await world.unmanaged(spare.pop() as string)
    await world.offered(community, [3])
    const { id } = await world.newest(community)
    await post(provider(3), `/api/engagements/${id}/accept`)
    const terms = { startsAt: world.app.clock.now(), months: 7, fee: 1.5 }
    const at = `/api/engagements/${id}`
    expect(await refusal(world.officer.ask('POST', `${at}/contract`, terms))).toBe('termTooLong')
    await post(world.officer, `${at}/contract`, { ...terms, months: 6 })
    expect(await refusal(world.officer.ask('POST', `${at}/activate`, {}))).toBe('notPublicised')
    await post(world.officer, `${at}/publicise`, { contact: 'the sub-district office' })
    const { notices } = await cardOf(world.officer, id)
    const slug = notices[0]?.slug as string
    const face = () => taken<NoticeFace>(world.app.ask('GET', `/api/notices/${slug}`))
    const posted = await face()
    expect(posted).toMatchObject({
      status: 'publicised',
      takenDownAt: null,
      content: { fee: 1.5, lifts: 4, mode: 'designate' },
    })
    await post(world.officer, `${at}/activate`)
    expect(
      await world.app.db.select({ firm: communities.firmId }).from(communities).where(eq(communities.id, community)),
    ).toEqual([{ firm: firmId(3) }])
    await post(world.officer, `${at}/terminate`, { reason: 'no service' })
    expect(await face()).toMatchObject({ content: posted.content, status: 'ended', takenDownAt: world.app.clock.now() })
    expect((await world.app.ask('GET', '/api/notices/nothing')).statusCode).toBe(404)
  })

  test('[EP3, EL6] a notice comes down with an engagement that is taken back, or overtaken by a hired firm, before it serves', async () => {
    const ends = {
      withdraw: (engagement: Engagement) =>
        post(world.officer, `/api/engagements/${engagement.id}/withdraw`, { reason: 'the owners object' }),
      settle: ({ communityId }: Engagement) =>
        post(world.officer, `/api/communities/${communityId}/settle`, {
          outcome: 'self_managed',
          reason: 'by themselves',
        }),
    }
    for (const end of Object.values(ends)) {
      const community = await world.unmanaged(spare.pop() as string)
      await world.offered(community, [3])
      const engagement = await world.newest(community)
      const at = `/api/engagements/${engagement.id}`
      await post(provider(3), `${at}/accept`)
      await post(world.officer, `${at}/contract`, { startsAt: world.app.clock.now(), months: 6, fee: 1.5 })
      await post(world.officer, `${at}/publicise`, { contact: 'the sub-district office' })
      const slug = (await cardOf(world.officer, engagement.id)).notices[0]?.slug as string
      await end(engagement)
      const face = await taken<NoticeFace>(world.app.ask('GET', `/api/notices/${slug}`))
      expect(face).toMatchObject({ status: 'ended', takenDownAt: world.app.clock.now() })
    }
  })

  test('[EG4] a successor waits until the earlier firm is handing over, and ends it by beginning', async () => {
    const former = await served(1)
    await world.offered(former.communityId, [2])
    const { id } = await world.newest(former.communityId)
    await post(provider(2), `/api/engagements/${id}/accept`)
    await post(world.officer, `/api/engagements/${id}/contract`, {
      startsAt: world.app.clock.now(),
      months: 3,
      fee: 1.4,
    })
    await post(world.officer, `/api/engagements/${id}/publicise`, { contact: 'the office' })
    expect(await refusal(world.officer.ask('POST', `/api/engagements/${id}/activate`, {}))).toBe('alreadyEngaged')
    await post(world.officer, `/api/engagements/${former.id}/hand-over`, { reason: 'another firm' })
    expect(await refusal(world.officer.ask('POST', `/api/engagements/${id}/activate`, {}))).toBe('missingReason')
    await post(world.officer, `/api/engagements/${id}/activate`, { reason: 'papers follow' })
    const [ended] = await world.app.db.select().from(engagements).where(eq(engagements.id, former.id))
    expect(ended).toMatchObject({ status: 'ended', endReason: 'succeeded' })
    expect(await caseOf(former.communityId)).toMatchObject({
      status: 'emergency',
      providerFirmId: firmId(2),
      engagementId: id,
    })
  })

  test('[EG5] abandoned, the community is unmanaged once more while a successor goes on being sought', async () => {
    const engagement = await served(1)
    const opening = { mode: 'designate', candidates: [{ poolEntryId: poolId(2) }] }
    await post(world.officer, `/api/communities/${engagement.communityId}/selections`, opening)
    await post(world.officer, `/api/engagements/${engagement.id}/abandon`, { reason: 'it left overnight' })
    const after = await caseOf(engagement.communityId)
    expect(after).toMatchObject({ status: 'selecting', episode: 2, providerFirmId: null, engagementId: null })
    expect(after.unmanagedAt).toBe(world.app.clock.now())
    expect(await refusal(byCode(provider(1), engagement, 'refuse'))).toBe('wrongStage')
    const kept = await world.app.db
      .select()
      .from(emergencyLog)
      .where(eq(emergencyLog.subjectId, engagement.id))
      .orderBy(emergencyLog.n)
    expect(kept.at(-1)).toMatchObject({
      kind: 'abandon',
      reason: 'it left overnight',
      actor: { id: world.officer.userId },
    })
    expect(await world.app.db.select().from(proofs).where(eq(proofs.engagementId, engagement.id))).toEqual([])
  })
})
