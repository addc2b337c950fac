import { describe, expect, test } from 'vitest'
import { COMMUNITY_EVENTS, COMMUNITY_STATUSES, NEXT_COMMUNITY } from '#domain/community-status.ts'
import {
  type CommunityStep,
  collectRefuse,
  isAlarmSettled,
  keeperAfter,
  stepCommunity,
} from '#domain/community-steps.ts'
import { coverageOf, daysUncovered } from '#domain/coverage.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import { T0 } from '#tests/support/dispatch-rows.ts'
import { aCase } from '#tests/support/emergency-rows.ts'

const OFFICER = { kind: 'user', id: 'officer-1' } as const
const step = (event: CommunityStep['event'], more: Partial<CommunityStep> = {}): CommunityStep => ({
  event,
  actor: OFFICER,
  reason: 'because',
  ...more,
})

/** The machine as the programme draws it: every pair that is not here is refused. */
const DRAWN = [
  'managed warn at_risk',
  'managed declare unmanaged',
  'managed hire managed',
  'managed selfManage self_managed',
  'at_risk calm managed',
  'at_risk declare unmanaged',
  'at_risk hire managed',
  'at_risk selfManage self_managed',
  'unmanaged select selecting',
  'unmanaged hire managed',
  'unmanaged selfManage self_managed',
  'selecting unselect unmanaged',
  'selecting cover emergency',
  'selecting hire managed',
  'selecting selfManage self_managed',
  'emergency select emergency',
  'emergency unselect emergency',
  'emergency cover emergency',
  'emergency handOver handing_over',
  'emergency abandon unmanaged',
  'handing_over select handing_over',
  'handing_over unselect handing_over',
  'handing_over cover emergency',
  'handing_over hire managed',
  'handing_over selfManage self_managed',
  'handing_over abandon unmanaged',
  'self_managed declare unmanaged',
  'self_managed hire managed',
]

describe('the status of a community', () => {
  test('[EC1] every status meets every event, and only what is drawn is allowed', () => {
    const allowed = COMMUNITY_STATUSES.flatMap((status) =>
      COMMUNITY_EVENTS.flatMap((event) => {
        const stepped = stepCommunity(aCase({ status }), step(event), T0)
        expect(stepped.ok ? stepped.case.status : null).toBe(NEXT_COMMUNITY[status][event])
        return stepped.ok ? [`${status} ${event} ${stepped.case.status}`] : []
      }),
    )
    expect(allowed.sort()).toEqual(DRAWN.toSorted())
  })

  test('[EC2] a declaration begins an episode: who, when, why, who was there before, and a clock', () => {
    const declared = stepCommunity(aCase(), step('declare', { since: T0 - HOUR_MS, keeperFirmId: 'firm-1' }), T0)
    expect(declared).toMatchObject({
      ok: true,
      case: {
        status: 'unmanaged',
        episode: 1,
        declaredAt: T0,
        declaredBy: OFFICER,
        reason: 'because',
        unmanagedAt: T0 - HOUR_MS,
        coveredAt: null,
        formerFirmId: 'firm-1',
      },
    })
    const since = (at: number, before = aCase()) => stepCommunity(before, step('declare', { since: at }), T0)
    const refused = { ok: false, why: 'badRequest' }
    expect(since(T0 + 1)).toEqual(refused)
    expect(since(T0 - 365 * DAY_MS).ok).toBe(true)
    expect(since(T0 - 365 * DAY_MS - 1)).toEqual(refused)
    const once = aCase({ episode: 1, unmanagedAt: T0 - 30 * DAY_MS, coveredAt: T0 - 9 * DAY_MS })
    expect(since(T0 - 9 * DAY_MS, once).ok).toBe(true)
    expect(since(T0 - 9 * DAY_MS - 1, once)).toEqual(refused)
  })

  test('[EC2] a second abandonment begins another, and names the provider that left', () => {
    const serving = aCase({
      status: 'emergency',
      episode: 1,
      unmanagedAt: T0 - DAY_MS,
      firstRefuseAt: T0 - HOUR_MS,
      coveredAt: T0 - HOUR_MS,
      providerFirmId: 'firm-2',
      engagementId: 'engagement-1',
    })
    expect(stepCommunity(serving, step('abandon'), T0)).toMatchObject({
      case: {
        status: 'unmanaged',
        episode: 2,
        unmanagedAt: T0,
        firstRefuseAt: null,
        coveredAt: null,
        formerFirmId: 'firm-2',
        providerFirmId: null,
        engagementId: null,
      },
    })
  })

  test('[EC8] who looks after the community follows from the step', () => {
    expect(keeperAfter(step('cover', { firmId: 'firm-2' }))).toBe('firm-2')
    expect(keeperAfter(step('hire', { firmId: 'firm-3' }))).toBe('firm-3')
    for (const event of ['declare', 'abandon', 'selfManage'] as const) expect(keeperAfter(step(event))).toBeNull()
    for (const event of ['warn', 'calm', 'select', 'unselect', 'handOver'] as const)
      expect(keeperAfter(step(event))).toBeUndefined()
  })

  test('[EC6] refuse is collected once an episode, not before it and not in the future', () => {
    const waiting = aCase({ status: 'unmanaged', unmanagedAt: T0 })
    const collected = collectRefuse(waiting, T0 + HOUR_MS, T0 + HOUR_MS)
    expect(collected).toMatchObject({ ok: true, case: { firstRefuseAt: T0 + HOUR_MS } })
    expect(collected.ok && collectRefuse(collected.case, T0 + HOUR_MS, T0 + HOUR_MS)).toEqual({
      ok: false,
      why: 'wrongStage',
    })
    expect(collectRefuse(waiting, T0 - 1, T0)).toEqual({ ok: false, why: 'badRequest' })
    expect(collectRefuse(waiting, T0 + 2, T0 + 1)).toEqual({ ok: false, why: 'badRequest' })
    expect(collectRefuse(aCase(), T0, T0)).toEqual({ ok: false, why: 'wrongStage' })
  })

  test('[EC5] an alarm ends with what it asks for', () => {
    const unmanaged = aCase({ status: 'unmanaged', unmanagedAt: T0 })
    expect(isAlarmSettled('communityUnmanaged', unmanaged)).toBe(false)
    expect(isAlarmSettled('communityUnmanaged', { ...unmanaged, status: 'emergency' })).toBe(true)
    expect(isAlarmSettled('communityAtRisk', unmanaged)).toBe(true)
    expect(isAlarmSettled('refuseUncollected', { ...unmanaged, status: 'emergency' })).toBe(false)
    expect(isAlarmSettled('refuseUncollected', { ...unmanaged, firstRefuseAt: T0 })).toBe(true)
    expect(isAlarmSettled('proofMissed', unmanaged)).toBe(false)
  })
})

describe("the programme's numbers", () => {
  const now = T0 + 10 * DAY_MS
  const uncovered = (id: string, days: number, more = {}) =>
    aCase({ communityId: id, status: 'unmanaged', unmanagedAt: now - days * DAY_MS, ...more })

  test('[EC7] days run until the take-over, and only those uncovered now count as uncovered', () => {
    expect(daysUncovered({ unmanagedAt: T0, coveredAt: T0 + 1.5 * DAY_MS }, now)).toBe(1.5)
    expect(daysUncovered({ unmanagedAt: T0, coveredAt: null }, now)).toBe(10)
    expect(daysUncovered({ unmanagedAt: null, coveredAt: null }, now)).toBe(0)
    const cases = [
      uncovered('a', 2),
      uncovered('b', 5, { status: 'selecting', firstRefuseAt: now }),
      uncovered('c', 3, { status: 'emergency', coveredAt: now - DAY_MS }),
      aCase({ communityId: 'd', status: 'at_risk' }),
    ]
    expect(coverageOf(cases, [], now)).toEqual({
      atRisk: 1,
      uncovered: 2,
      emergency: 1,
      handingOver: 0,
      daysUncovered: 7,
      longestDays: 5,
      hoursToRefuse: null,
      refuseWaiting: { communities: 2, since: now - 3 * DAY_MS },
    })
  })

  test('[EC7] hours to the first refuse are those of every episode in which it came; the middle of two is their mean', () => {
    const episode = (hours: number | null) => ({
      communityId: 'a',
      episode: 1,
      tenant: 'city',
      unmanagedAt: T0,
      firstRefuseAt: hours === null ? null : T0 + hours * HOUR_MS,
      coveredAt: null,
    })
    const numbers = coverageOf([], [10, 30, null, 20, 100].map(episode), now)
    expect(numbers.hoursToRefuse).toEqual({ median: 25, longest: 100, count: 4 })
  })
})
