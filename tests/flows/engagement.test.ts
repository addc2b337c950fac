import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calendarOf } from '#domain/calendar.ts'
import type { CommunityCase } from '#domain/community.ts'
import type { Engagement } from '#domain/engagement.ts'
import type { FeedEvent, FeedRange } from '#domain/feed.ts'
import { HOUR_MS, type Instant } from '#domain/instant.ts'
import { checkLottery, type LotteryRecord } from '#domain/lottery-check.ts'
import type { Selection } from '#domain/selection.ts'
import { siteCodeOf } from '#server/dispatch/site-code.ts'
import { headOf } from '#server/feed/log.ts'
import { type Asker, CITY, grantFor } from '#tests/support/app.ts'
import {
  type EngagementWorld,
  engagementWorld,
  firmId,
  HOME,
  partyOf,
  poolId,
  taken,
} from '#tests/support/engagement-world.ts'
import type { EngagementCard, NoticeFace } from '#wire/routes/engagements.ts'
import type { CommunityFace } from '#wire/routes/resident.ts'

const CALENDAR = calendarOf('Asia/Shanghai')
const SECRET = 's'.repeat(40)
let world: EngagementWorld
let manager: Asker
let committee: Asker

beforeAll(async () => {
  world = await engagementWorld(3)
  manager = await world.asking('manager-1', { role: 'manager' })
  committee = await world.asking('committee-1', { ...grantFor('neighbourhoodWorker') })
  followers = { officer: follower(world.officer), manager: follower(manager), firm: follower(provider(3)) }
})
afterAll(() => world.end())

const tick = () => world.app.app.engine.tick()
const officer = <T = Engagement>(path: string, body: object = {}) => taken<T>(world.officer.ask('POST', path, body))
const provider = (n: number) => world.providers[n - 1] as Asker
const look = <T>(who: Asker, path: string) => taken<T>(who.ask('GET', path))
const caseOf = async () => (await look<{ case: CommunityCase }>(world.officer, `/api/communities/${HOME}`)).case
const servedBy = async () => (await taken<CommunityFace>(world.app.ask('GET', `/api/r/${HOME}`))).servedBy

/** A console that reads on from where it was, as one does that was cut off: the feed is kept for a week only. */
interface Follower {
  who: Asker
  since: number
  events: FeedEvent[]
}
const follower = (who: Asker): Follower => ({ who, since: 0, events: [] })
let followers: Record<'officer' | 'manager' | 'firm', Follower>

async function readOn(): Promise<void> {
  const head = await headOf(world.app.db, CITY)
  for (const each of Object.values(followers)) {
    const range = await look<FeedRange>(each.who, `/api/feed?since=${each.since}&epoch=${head?.epoch}&limit=5000`)
    each.events.push(...range.events)
    each.since = range.to
  }
}

async function moveTo(now: Instant): Promise<void> {
  await readOn()
  world.app.clock.set(now)
  await tick()
  await readOn()
}

/** As many days later, at nine in the morning of the city. */
const daysLater = (days: number) => moveTo(CALENDAR.atHour(CALENDAR.plusDays(world.app.clock.now(), days), 9))

async function takenOn(id: string, who: Asker, months: number): Promise<Engagement> {
  await taken(who.ask('POST', `/api/engagements/${id}/accept`, {}))
  await officer(`/api/engagements/${id}/contract`, { startsAt: world.app.clock.now(), months, fee: 1.5 })
  await officer(`/api/engagements/${id}/publicise`, { contact: 'the sub-district office' })
  return officer(`/api/engagements/${id}/activate`)
}

async function proved(who: Asker, { id, communityId }: Engagement): Promise<void> {
  const { missingToday } = await look<EngagementCard>(who, `/api/engagements/${id}`)
  const siteCode = siteCodeOf(SECRET, communityId)
  for (const item of missingToday) await taken(who.ask('POST', `/api/engagements/${id}/proofs`, { item, siteCode }))
}

describe('an emergency provider, from the declaration to the hand-over', () => {
  let first: Engagement
  let second: Engagement

  test('[P11] declared, drawn by lot, offered, refused and offered on, taken on and publicised: residents see who serves them', async () => {
    await world.unmanaged()
    expect(await servedBy()).toBeNull()
    const candidates = [1, 2, 3].map((n) => ({ poolEntryId: poolId(n) }))
    const { id } = await officer<Selection>(`/api/communities/${HOME}/selections`, { mode: 'lottery', candidates })
    const parties = [committee, provider(3)]
    await officer(`/api/selections/${id}/freeze`, { parties: parties.map(({ userId }) => userId) })
    for (const who of parties)
      await taken(who.ask('POST', `/api/selections/${id}/commit`, { commitment: partyOf(id, who).commitment }))
    for (const who of parties)
      await taken(who.ask('POST', `/api/selections/${id}/reveal`, { value: partyOf(id, who).value }))
    const record = await taken<LotteryRecord>(world.app.ask('GET', `/api/lotteries/${id}`))
    expect(checkLottery(record).ok).toBe(true)
    const order = record.lottery.drawn as string[]
    await officer(`/api/selections/${id}/decide`, { ranked: order, reason: 'as drawn in public' })

    const firmOf = (rank: number) => Number(order[rank - 1]?.split('-')[1])
    const asked = await world.newest(HOME)
    await taken(provider(firmOf(1)).ask('POST', `/api/engagements/${asked.id}/decline`, { reason: 'no people' }))
    await moveTo(world.app.clock.now() + 24 * HOUR_MS)
    const last = await world.newest(HOME)
    expect(last).toMatchObject({ rank: 3, status: 'offered', firmId: firmId(firmOf(3)) })
    first = await takenOn(last.id, provider(firmOf(3)), 6)
    expect(await servedBy()).toEqual({
      firmName: expect.any(String),
      since: world.app.clock.now(),
      until: first.endsAt,
    })
    expect(await caseOf()).toMatchObject({
      status: 'emergency',
      providerFirmId: first.firmId,
      coveredAt: first.activeAt,
    })
    await proved(provider(firmOf(3)), first)
    expect((await caseOf()).firstRefuseAt).toBe(world.app.clock.now())
  })

  test('[P11] abandoned a second time: its clock begins anew, and another is found at once', async () => {
    await daysLater(10)
    await officer(`/api/engagements/${first.id}/abandon`, { reason: 'its people did not come' })
    expect(await caseOf()).toMatchObject({
      status: 'unmanaged',
      episode: 2,
      firstRefuseAt: null,
      unmanagedAt: world.app.clock.now(),
    })
    expect(await world.openAlarms(HOME)).toEqual(['communityUnmanaged'])
    expect(await servedBy()).toBeNull()
    const next = first.firmId === firmId(1) ? 2 : 1
    await world.offered(HOME, [next])
    second = await takenOn((await world.newest(HOME)).id, provider(next), 6)
    await proved(provider(next), second)
    expect(await caseOf()).toMatchObject({ status: 'emergency', episode: 2, coveredAt: second.activeAt })
    expect(await world.openAlarms(HOME)).toEqual([])
  })

  test('[P11] the term runs out with its alarms, and the firm stays bound until the owners’ own firm has taken over', async () => {
    const endsAt = second.endsAt as number
    await moveTo(CALENDAR.plusDays(endsAt, -60))
    expect(await world.openAlarms(HOME)).toContain('termEnding')
    await officer(`/api/engagements/${second.id}/steps`, { kind: 'ownersVote', item: 'firmHired', done: true })
    await moveTo(endsAt)
    expect(await world.openAlarms(HOME)).toContain('termOver')
    expect((await servedBy())?.until).toBe(endsAt)
    await officer(`/api/engagements/${second.id}/hand-over`, { reason: 'the owners have hired a firm' })
    expect(await caseOf()).toMatchObject({ status: 'handing_over', providerFirmId: second.firmId })
    const { steps, notices } = await look<EngagementCard>(world.officer, `/api/engagements/${second.id}`)
    for (const { kind, item } of steps.filter((step) => step.kind === 'handOver'))
      await officer(`/api/engagements/${second.id}/steps`, { kind, item, done: true })
    await daysLater(31)
    expect(await world.openAlarms(HOME)).toContain('handOverOverdue')
    const ended = await officer(`/api/engagements/${second.id}/take-over`, { outcome: 'handedOver', firmId: firmId(2) })
    expect(ended).toMatchObject({ status: 'ended', endReason: 'handedOver', nextTimerAt: null })
    expect(await caseOf()).toMatchObject({ status: 'managed', providerFirmId: null })
    expect(await world.openAlarms(HOME)).toEqual([])
    expect(await servedBy()).toBeNull()
    const sheet = await taken<NoticeFace>(world.app.ask('GET', `/api/notices/${notices[0]?.slug}`))
    expect(sheet).toMatchObject({ status: 'ended', takenDownAt: world.app.clock.now() })
  })

  test('[P11] every step is in the feed of the officer and the manager, in order and once; a rival firm reads nothing of it', async () => {
    await readOn()
    const steps = ({ events }: Follower) =>
      events.filter(({ kind }) => /^(selection|engagement):/.test(kind)).map(({ kind, seq }) => ({ kind, seq }))
    const mine = steps(followers.officer)
    expect(mine).toEqual(steps(followers.manager))
    expect(mine.map(({ seq }) => seq)).toEqual([...new Set(mine.map(({ seq }) => seq))].sort((a, b) => a - b))
    const passed = mine.map(({ kind }) => kind)
    const way = [
      'selection:frozen',
      'selection:drawn',
      'selection:decided',
      'engagement:offered',
      'engagement:declined',
    ]
    const then = ['engagement:expired', 'engagement:accepted', 'engagement:publicised', 'engagement:activated']
    const end = ['engagement:ended', 'engagement:expiring', 'engagement:handingOver', 'engagement:ended']
    let from = 0
    for (const kind of [...way, ...then, ...end]) {
      const at = passed.indexOf(kind as never, from)
      expect([kind, at >= from]).toEqual([kind, true])
      from = at + 1
    }
    const firms = new Set<string>()
    for (const { state } of followers.firm.events) for (const one of state.engagements ?? []) firms.add(one.firmId)
    expect([...firms].filter((id) => id !== firmId(3))).toEqual([])
  })
})
