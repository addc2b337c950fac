import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarOf } from '#domain/calendar.ts'
import type { RiskReason } from '#domain/community.ts'
import { noticeEffectiveAt, type RiskFacts, riskOf } from '#domain/community-risk.ts'
import { reckonCommunity } from '#domain/community-steps.ts'
import { EMERGENCY_DEFAULTS } from '#domain/emergency-settings.ts'
import { DAY_MS, HOUR_MS, type Instant } from '#domain/instant.ts'
import { T0 } from '#tests/support/dispatch-rows.ts'
import { aCase, aContract, aNotice } from '#tests/support/emergency-rows.ts'

const settings = EMERGENCY_DEFAULTS
const calendar = calendarOf('Asia/Shanghai')
const END = T0 + 400 * DAY_MS
const fixed = aContract({ endsAt: END })
const reasonsAt = (facts: RiskFacts, now: Instant): RiskReason[] =>
  riskOf(facts, settings, calendar, now).reasons.toSorted()

describe('risk by dates', () => {
  test('[EC3] a contract without a decision is due six months before its end, ending ninety days before, over at its end', () => {
    const facts = { contract: fixed, notices: [] }
    const [sixMonths, ninetyDays] = [calendar.plusMonths(END, -6), calendar.plusDays(END, -90)]
    expect(reasonsAt(facts, sixMonths - 1)).toEqual([])
    expect(reasonsAt(facts, sixMonths)).toEqual(['decisionDue'])
    expect(reasonsAt(facts, ninetyDays - 1)).toEqual(['decisionDue'])
    expect(reasonsAt(facts, ninetyDays)).toEqual(['contractEnding', 'decisionDue'])
    expect(reasonsAt(facts, END - 1)).toEqual(['contractEnding', 'decisionDue'])
    expect(reasonsAt(facts, END)).toEqual(['contractOver'])
  })

  test('[EC3] the owners having decided, only an end that has come puts the community at risk', () => {
    const facts = { contract: { ...fixed, ownersDecidedAt: T0 }, notices: [] }
    expect(reasonsAt(facts, END - 1)).toEqual([])
    expect(reasonsAt(facts, END)).toEqual(['contractOver'])
  })

  test('[EC3] a notice counts from its day until it is withdrawn, and the city may set other numbers', () => {
    const notice = aNotice({ kind: 'firmNotice', givenAt: T0 + DAY_MS, effectiveAt: T0 + 61 * DAY_MS })
    const facts = { contract: aContract(), notices: [notice] }
    expect(reasonsAt(facts, T0)).toEqual([])
    expect(reasonsAt(facts, T0 + DAY_MS)).toEqual(['firmNotice'])
    expect(reasonsAt(facts, T0 + 61 * DAY_MS)).toEqual(['contractOver', 'firmNotice'])
    expect(reasonsAt({ ...facts, notices: [{ ...notice, withdrawnAt: T0 }] }, T0 + 61 * DAY_MS)).toEqual([])
    expect(reasonsAt({ contract: null, notices: [] }, T0)).toEqual([])
    const own = { ...settings, ownersDecisionMonths: 3, firmNoticeDays: 30 }
    expect(riskOf({ contract: fixed, notices: [] }, own, calendar, END - 80 * DAY_MS).reasons).toEqual(['decisionDue'])
  })

  test('[EC4] a dismissal takes effect after sixty days, a refusal to renew with the term, and one that is late after ninety', () => {
    const effective = (kind: 'ownersNotice' | 'firmNotice', givenAt: Instant, endsAt: Instant | null) =>
      noticeEffectiveAt(kind, givenAt, { endsAt }, settings, calendar)
    expect(effective('ownersNotice', T0, END)).toBe(T0 + 60 * DAY_MS)
    expect(effective('firmNotice', T0, null)).toBe(T0 + 60 * DAY_MS)
    expect(effective('firmNotice', T0, END)).toBe(END)
    expect(effective('firmNotice', END - 10 * DAY_MS, END)).toBe(END + 80 * DAY_MS)
  })

  const moment = fc.integer({ min: 0, max: 900 }).map((days) => T0 + days * DAY_MS)
  const someFacts: fc.Arbitrary<RiskFacts> = fc.record({
    contract: fc
      .record({ endsAt: fc.option(moment), ownersDecidedAt: fc.option(moment) })
      .map((dates) => aContract(dates)),
    notices: fc.array(
      fc
        .record({
          kind: fc.constantFrom('ownersNotice' as const, 'firmNotice' as const),
          givenAt: moment,
          withdrawnAt: fc.option(moment),
        })
        .map((notice) => aNotice({ ...notice, effectiveAt: notice.givenAt + 60 * DAY_MS })),
      { maxLength: 3 },
    ),
  })

  test('[EC3] between now and the next moment named nothing changes, and at that moment something may; the last leaves nothing open', () => {
    fc.assert(
      fc.property(someFacts, moment, fc.nat(899), (facts, now, later) => {
        const { nextAt } = riskOf(facts, settings, calendar, now)
        const then = now + later * DAY_MS
        const until = nextAt ?? Number.POSITIVE_INFINITY
        expect(until).toBeGreaterThan(now)
        expect(reasonsAt(facts, Math.min(then, until - 1))).toEqual(reasonsAt(facts, now))
      }),
      { numRuns: 500 },
    )
  })

  test('[EC4] no community is over before its contract, and whatever ends stays over until somebody acts', () => {
    fc.assert(
      fc.property(someFacts, moment, fc.nat(900), (facts, now, days) => {
        const ends = [
          facts.contract?.endsAt ?? Number.POSITIVE_INFINITY,
          ...facts.notices.filter(({ withdrawnAt }) => withdrawnAt === null).map(({ effectiveAt }) => effectiveAt),
        ]
        expect(reasonsAt(facts, now).includes('contractOver')).toBe(now >= Math.min(...ends))
        if (reasonsAt(facts, now).includes('contractOver'))
          expect(reasonsAt(facts, now + days * DAY_MS)).toContain('contractOver')
      }),
      { numRuns: 300 },
    )
  })
})

describe('what the engine makes of a community', () => {
  const ruling = { settings, calendar }
  const none: RiskFacts = { contract: null, notices: [] }

  test('[EC5] warns when a reason comes up and calms when the last is gone; what an officer declared stays', () => {
    const facts = { contract: fixed, notices: [] }
    const warned = reckonCommunity(aCase(), facts, ruling, END - 30 * DAY_MS)
    expect(warned).toMatchObject({ event: 'warn', case: { dueAt: END } })
    const atRisk = aCase({ status: 'at_risk', riskReasons: ['contractEnding'] })
    expect(reckonCommunity(atRisk, none, ruling, T0)).toMatchObject({
      event: 'calm',
      case: { riskReasons: [], dueAt: null },
    })
    const declared = aCase({ status: 'at_risk', riskReasons: ['declared'] })
    expect(reckonCommunity(declared, none, ruling, T0)).toMatchObject({
      event: null,
      case: { riskReasons: ['declared'] },
    })
    expect(reckonCommunity(aCase({ status: 'emergency' }), facts, ruling, END)).toMatchObject({ event: null })
  })

  test('[EC5] uncollected refuse and ending lift maintenance are alarmed once each, at their moment', () => {
    const needs = { cleaners: 2, guards: 0, liftOperators: 1, lifts: 2, liftMaintenanceUntil: T0 + 40 * DAY_MS }
    const waiting = aCase({ status: 'unmanaged', unmanagedAt: T0, needs })
    const before = reckonCommunity(waiting, none, ruling, T0 + 48 * HOUR_MS - 1)
    expect(before).toMatchObject({ alarms: [], case: { dueAt: T0 + 48 * HOUR_MS } })
    const due = reckonCommunity(before.case, none, ruling, T0 + 48 * HOUR_MS)
    expect(due).toMatchObject({ alarms: ['refuseUncollected'], case: { dueAt: T0 + 10 * DAY_MS } })
    const lifts = reckonCommunity(due.case, none, ruling, T0 + 11 * DAY_MS)
    expect(lifts).toMatchObject({ alarms: ['liftMaintenanceEnding'], case: { dueAt: null } })
    expect(reckonCommunity(lifts.case, none, ruling, T0 + 12 * DAY_MS).alarms).toEqual([])
  })
})
