import { describe, expect, test } from 'vitest'
import { calendarOf } from '#domain/calendar.ts'
import { EMERGENCY_DEFAULTS } from '#domain/emergency-settings.ts'
import {
  COMMITTED,
  ENGAGEMENT_STATUSES,
  type Engagement,
  type EngagementStatus,
  IN_THE_MAKING,
  SERVING,
} from '#domain/engagement.ts'
import { ENGAGEMENT_EVENTS, type EngagementEvent, NEXT_ENGAGEMENT } from '#domain/engagement-states.ts'
import * as verbs from '#domain/engagement-verbs.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import type { Actor } from '#domain/ticket.ts'
import { anEngagement, T0 } from '#tests/support/engagement-rows.ts'

const WHO: Actor = { kind: 'user', id: 'provider-1' }
const CALENDAR = calendarOf('Asia/Shanghai')
const TERMS = { startsAt: T0, months: 6, fee: 1.5 }

type Answer = { ok: true; engagement: Engagement } | { ok: false; why: string }

/** Every event with everything it could ask for, so that only the table can refuse it. */
const DO: Record<EngagementEvent, (engagement: Engagement) => Answer> = {
  offer: (one) => verbs.offer(one, 24, T0),
  accept: (one) => verbs.accept(one, WHO, T0),
  decline: (one) => verbs.decline(one, 'no people', WHO, T0),
  expire: (one) => verbs.expire({ ...one, offerExpiresAt: T0 }, T0),
  contract: (one) => verbs.contract(one, TERMS, EMERGENCY_DEFAULTS, CALENDAR, T0),
  publicise: (one) => verbs.publicise(one, T0),
  activate: (one) => verbs.activate(one, [], EMERGENCY_DEFAULTS, CALENDAR, T0),
  nearEnd: (one) => verbs.step(one, 'nearEnd', T0),
  handOver: (one) => verbs.startHandOver(one, 'the term ends', { days: 30, calendar: CALENDAR }, T0),
  takeOver: (one) => verbs.takeOver(one, { outcome: 'handedOver', openItems: 0, reason: null }, T0),
  abandon: (one) => verbs.cut(one, 'abandon', 'gone', T0),
  terminate: (one) => verbs.cut(one, 'terminate', 'no service', T0),
  withdraw: (one) => verbs.cut(one, 'withdraw', 'mistaken', T0),
}

const inStatus = (status: EngagementStatus) =>
  anEngagement({ status, answeredAt: T0, startsAt: T0, endsAt: T0 + 180 * DAY_MS })

describe('the table of engagement states', () => {
  test.each(ENGAGEMENT_STATUSES)(
    '[EG1] %s answers every event as the table says, and a refused one changes nothing',
    (status) => {
      for (const event of ENGAGEMENT_EVENTS) {
        const before = Object.freeze(inStatus(status))
        const answer = DO[event](before)
        const cell = NEXT_ENGAGEMENT[status][event]
        expect([event, answer.ok ? answer.engagement.status : null]).toEqual([event, cell])
      }
    },
  )

  test('[EG1] whoever serves, is bound or is on the way is known by status alone, and nobody is two of them wrongly', () => {
    for (const status of ENGAGEMENT_STATUSES) {
      const isEnd = Object.values(NEXT_ENGAGEMENT[status]).every((next) => next === null)
      expect([status, isEnd]).toEqual([status, !SERVING.includes(status) && !IN_THE_MAKING.includes(status)])
      if (SERVING.includes(status)) expect(COMMITTED).toContain(status)
      expect(SERVING.includes(status) && IN_THE_MAKING.includes(status)).toBe(false)
    }
  })

  test('[EG1] nothing but a publicised engagement becomes active, and only a hand-over is taken over', () => {
    const into = (event: EngagementEvent) => ENGAGEMENT_STATUSES.filter((status) => NEXT_ENGAGEMENT[status][event])
    expect(into('activate')).toEqual(['publicised'])
    expect(into('takeOver')).toEqual(['handing_over'])
  })
})

describe('an offer', () => {
  test('[EG2] stands for so many hours: a yes or no after that is none, and it does not expire before', () => {
    const offered = DO.offer(anEngagement())
    if (!offered.ok) throw new Error(offered.why)
    const end = T0 + 24 * HOUR_MS
    expect(offered.engagement.timers).toEqual([{ kind: 'offerExpiry', item: null, at: end }])
    expect(offered.engagement.nextTimerAt).toBe(end)
    expect(verbs.accept(offered.engagement, WHO, end)).toEqual({ ok: false, why: 'offerExpired' })
    expect(verbs.decline(offered.engagement, 'late', WHO, end)).toEqual({ ok: false, why: 'offerExpired' })
    expect(verbs.expire(offered.engagement, end - 1)).toEqual({ ok: false, why: 'tooEarly' })
    expect(verbs.expire(offered.engagement, end)).toMatchObject({ ok: true, engagement: { nextTimerAt: null } })
    expect(verbs.accept(offered.engagement, WHO, end - 1)).toMatchObject({
      ok: true,
      engagement: { status: 'accepted', answeredBy: WHO, timers: [] },
    })
  })

  test('[EG2] a no has a reason', () => {
    expect(verbs.decline(inStatus('offered'), '  ', WHO, T0)).toEqual({ ok: false, why: 'missingReason' })
  })
})

describe('a contract', () => {
  const agreed = (changes: Partial<typeof TERMS>) =>
    verbs.contract(inStatus('accepted'), { ...TERMS, ...changes }, EMERGENCY_DEFAULTS, CALENDAR, T0)

  test('[EG3] begins on the day of the yes or later', () => {
    expect(agreed({ startsAt: CALENDAR.startOfDay(T0) })).toMatchObject({ ok: true })
    expect(agreed({ startsAt: CALENDAR.startOfDay(T0) - 1 })).toEqual({ ok: false, why: 'datesCrossed' })
  })

  test('[EG3] does not serve before it is publicised, nor before the day that was publicised', () => {
    expect(DO.activate(inStatus('contracted'))).toEqual({ ok: false, why: 'notPublicised' })
    const later = { ...inStatus('publicised'), startsAt: T0 + 1 }
    expect(DO.activate(later)).toEqual({ ok: false, why: 'tooEarly' })
  })
})

describe('ending', () => {
  test('[EG5] at once takes a reason', () => {
    for (const event of ['abandon', 'terminate'] as const)
      expect(verbs.cut(inStatus('active'), event, ' ', T0)).toEqual({ ok: false, why: 'missingReason' })
    expect(verbs.cut(inStatus('offered'), 'withdraw', '', T0)).toEqual({ ok: false, why: 'missingReason' })
  })

  test('[ET5] a take-over with open items of the hand-over takes a reason, and all timers end with it', () => {
    const handing = { ...inStatus('handing_over'), timers: [{ kind: 'handOverEnd' as const, item: null, at: T0 }] }
    const over = (openItems: number, reason: string | null) =>
      verbs.takeOver(handing, { outcome: 'selfManaged', openItems, reason }, T0)
    expect(over(1, null)).toEqual({ ok: false, why: 'missingReason' })
    expect(over(1, 'the keys follow')).toMatchObject({ ok: true })
    expect(over(0, null)).toMatchObject({
      ok: true,
      engagement: { status: 'ended', endReason: 'selfManaged', timers: [], nextTimerAt: null },
    })
  })
})
