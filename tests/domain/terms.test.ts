import { describe, expect, test } from 'vitest'
import { calendarOf } from '#domain/calendar.ts'
import { EMERGENCY_DEFAULTS, type EmergencySettings } from '#domain/emergency-settings.ts'
import type { Engagement } from '#domain/engagement.ts'
import { handOverSteps, missingProofs, proofItemsOf } from '#domain/engagement-steps.ts'
import * as verbs from '#domain/engagement-verbs.ts'
import { DAY_MS, HOUR_MS, type Instant } from '#domain/instant.ts'
import { type FiredTimer, fireNext, type TimerFacts, termFor, termTimers, voteSteps } from '#domain/terms.ts'
import { anEngagement, NEEDS } from '#tests/support/engagement-rows.ts'

const SHENYANG = calendarOf('Asia/Shanghai')
const NEW_YORK = calendarOf('America/New_York')

/** A moment of Shenyang's clock. */
const at = (year: number, month: number, day: number, hour = 0): Instant => Date.UTC(year, month - 1, day, hour - 8)

const endOf = (
  startsAt: Instant,
  months: number,
  calendar = SHENYANG,
  settings: EmergencySettings = EMERGENCY_DEFAULTS,
) => {
  const termed = termFor(startsAt, months, settings, calendar)
  return termed.ok ? termed.term.endsAt : termed.why
}

describe('the length of a term', () => {
  test('[ET1] months are whole, keep the day and the hour, and end on the last day where there is no such day', () => {
    expect(endOf(at(2026, 3, 4, 9), 6)).toBe(at(2026, 9, 4, 9))
    expect(endOf(at(2026, 8, 31), 6)).toBe(at(2027, 2, 28))
    expect(endOf(at(2027, 8, 31), 6)).toBe(at(2028, 2, 29))
    expect(endOf(at(2026, 12, 31), 2)).toBe(at(2027, 2, 28))
    expect(endOf(at(2026, 10, 31), 1)).toBe(at(2026, 11, 30))
    expect(endOf(at(2026, 7, 1), 6)).toBe(at(2027, 1, 1))
  })

  test('[ET1] the day is the city’s, not the server’s: one that is still yesterday in Greenwich counts as today', () => {
    const justPastMidnight = at(2026, 9, 1, 1)
    expect(new Date(justPastMidnight).getUTCMonth()).toBe(7)
    expect(endOf(justPastMidnight, 6)).toBe(at(2027, 3, 1, 1))
  })

  test('[ET1] a change of the clock in between moves no midnight', () => {
    const start = Date.UTC(2026, 0, 15, 5)
    expect(endOf(start, 6, NEW_YORK)).toBe(Date.UTC(2026, 6, 15, 4))
    expect(NEW_YORK.startOfDay(endOf(start, 6, NEW_YORK) as Instant)).toBe(endOf(start, 6, NEW_YORK))
  })

  test('[ET1] no term is longer than the city allows', () => {
    expect(endOf(at(2026, 3, 4), 7)).toBe('termTooLong')
    expect(endOf(at(2026, 3, 4), 12, SHENYANG, { ...EMERGENCY_DEFAULTS, termMonths: 12 })).toBe(at(2027, 3, 4))
  })
})

const START = at(2026, 3, 4, 9)

/** An engagement of so many months that has just begun to serve. */
function begun(months = 6, settings = EMERGENCY_DEFAULTS): Engagement {
  const endsAt = SHENYANG.plusMonths(START, months)
  const publicised = anEngagement({ status: 'publicised', startsAt: START, endsAt })
  const votes = voteSteps(publicised, settings, SHENYANG, START)
  const active = verbs.activate(publicised, votes, settings, SHENYANG, START)
  if (!active.ok) throw new Error(active.why)
  return active.engagement
}

const FACTS: TimerFacts = { calendar: SHENYANG, missingOn: () => [], isVoted: () => false, openHandOver: [] }

/** Everything that fires by a moment. */
function firedBy(engagement: Engagement, now: Instant, facts: Partial<TimerFacts> = {}): FiredTimer[] {
  const fired: FiredTimer[] = []
  let after = engagement
  for (
    let next = fireNext(after, { ...FACTS, ...facts }, now);
    next;
    next = fireNext(after, { ...FACTS, ...facts }, now)
  ) {
    fired.push(next.fired)
    after = next.engagement
  }
  return fired
}

const told = (fired: readonly FiredTimer[]) =>
  fired.filter(({ alarm }) => alarm !== null).map(({ alarm, timer, late }) => [alarm, timer.item, late])

describe('what time does to a term', () => {
  test('[ET2] alarms stand 60, 30 and 7 days before the end, and the end itself', () => {
    const end = at(2026, 9, 4, 9)
    const { timers } = begun()
    const moments = Object.fromEntries(
      timers.filter(({ kind }) => kind === 'termAlarm').map(({ item, at }) => [item, (end - at) / DAY_MS]),
    )
    expect(moments).toEqual({ 60: 60, 30: 30, 7: 7 })
    expect(timers).toContainEqual({ kind: 'termEnd', item: null, at: end })
  })

  test('[ET2] an alarm whose day is past when the service begins is left out', () => {
    const kinds = begun(1).timers.map(({ kind, item }) => `${kind} ${item}`)
    expect(kinds).not.toContain('termAlarm 60')
    expect(kinds).toContain('termAlarm 7')
    const own = begun(1, { ...EMERGENCY_DEFAULTS, alarmDays: [14, 3] }).timers
    expect(own.filter(({ kind }) => kind === 'termAlarm').map(({ item }) => item)).toEqual(['14', '3'])
  })

  test('[ET3] each fires once, on its moment and not a millisecond before', () => {
    const engagement = begun()
    const first = SHENYANG.plusDays(at(2026, 9, 4, 9), -60)
    const isAlarm = ({ timer }: FiredTimer) => timer.kind === 'termAlarm'
    expect(firedBy(engagement, first - 1).filter(isAlarm)).toEqual([])
    const one = firedBy(engagement, first).filter(isAlarm)
    expect(one.map(({ alarm, late, isNearEnd }) => [alarm, late, isNearEnd])).toEqual([['termEnding', false, true]])
  })

  test('[ET3] after an outage everything that was due fires once, in order, and is marked late', () => {
    const end = at(2026, 9, 4, 9)
    const alarms = told(firedBy(begun(), end, { isVoted: () => true }))
    expect(alarms).toEqual([
      ['termEnding', '60', true],
      ['termEnding', '30', true],
      ['termEnding', '7', true],
      ['termOver', null, false],
    ])
  })

  test('[ET6] milestones of the owners’ vote are alarmed on their day unless done, and have no day when it is past', () => {
    const engagement = begun()
    const missed = told(firedBy(engagement, at(2026, 9, 3), { isVoted: (item) => item === 'groupFormed' }))
    expect(missed.filter(([alarm]) => alarm === 'milestoneMissed').map(([, item]) => item)).toEqual([
      'voteHeld',
      'firmHired',
    ])
    const short = anEngagement({ startsAt: START, endsAt: SHENYANG.plusMonths(START, 1) })
    const days = voteSteps(short, EMERGENCY_DEFAULTS, SHENYANG, START).map(({ item, dueAt }) => [item, dueAt])
    expect(days).toEqual([
      ['groupFormed', null],
      ['voteHeld', null],
      ['firmHired', at(2026, 3, 5, 9)],
    ])
  })
})

describe('daily proofs', () => {
  test('[EP1] are asked for refuse always, and for the services that were agreed', () => {
    expect(proofItemsOf({ needs: NEEDS })).toEqual(['refuse', 'basicCleaning', 'orderKeeping', 'liftOperation'])
    expect(proofItemsOf({ needs: { ...NEEDS, guards: 0, liftOperators: 0 } })).toEqual(['refuse', 'basicCleaning'])
    expect(missingProofs({ needs: NEEDS }, ['refuse', 'orderKeeping'])).toEqual(['basicCleaning', 'liftOperation'])
  })

  test('[ET4] are looked for at the hour, from the day after the beginning, every day once, with the day they miss', () => {
    const missingOn = (day: string) => (day === '2026-03-06' ? [] : ['refuse'])
    const isCheck = ({ timer }: FiredTimer) => timer.kind === 'proofCheck'
    expect(firedBy(begun(), at(2026, 3, 5, 20) - 1, { missingOn }).filter(isCheck)).toEqual([])
    const fired = firedBy(begun(), at(2026, 3, 7, 20), { missingOn }).filter(isCheck)
    expect(fired.map(({ detail, alarm }) => [detail.day, alarm])).toEqual([
      ['2026-03-05', 'proofMissed'],
      ['2026-03-06', null],
      ['2026-03-07', 'proofMissed'],
    ])
  })

  test('[ET4] keep their hour when the clock is put forward', () => {
    const evening = NEW_YORK.atHour(Date.UTC(2026, 2, 7, 18), 20)
    expect(new Date(evening).toISOString()).toBe('2026-03-08T01:00:00.000Z')
    expect(new Date(NEW_YORK.plusDays(evening, 1)).toISOString()).toBe('2026-03-09T00:00:00.000Z')
  })
})

describe('a hand-over', () => {
  test('[ET5] is due in so many days; proofs go on, alarms of the term do not, and the deadline is alarmed once', () => {
    const now = START + 10 * DAY_MS
    const started = verbs.startHandOver(begun(), 'the owners have decided', { days: 30, calendar: SHENYANG }, now)
    if (!started.ok) throw new Error(started.why)
    const { engagement } = started
    expect(engagement.handOverDueAt).toBe(SHENYANG.plusDays(now, 30))
    expect(new Set(engagement.timers.map(({ kind }) => kind))).toEqual(
      new Set(['proofCheck', 'termEnd', 'handOverEnd']),
    )
    const due = told(firedBy(engagement, SHENYANG.plusDays(now, 40)))
    expect(due).toEqual([['handOverOverdue', null, true]])
  })

  test('[ET5] lists what is handed over; lift records only where there are lifts', () => {
    const items = (lifts: number) =>
      handOverSteps(anEngagement({ needs: { ...NEEDS, lifts } }), START + HOUR_MS).map(({ item }) => item)
    expect(items(4)).toContain('liftRecords')
    expect(items(0)).not.toContain('liftRecords')
    expect(items(0).length).toBe(items(4).length - 1)
  })
})

describe('termTimers', () => {
  test('[ET2] the column the engine looks for is the earliest of them', () => {
    const engagement = begun()
    expect(engagement.nextTimerAt).toBe(Math.min(...engagement.timers.map(({ at }) => at)))
    const none = termTimers(engagement, [], { ...EMERGENCY_DEFAULTS, alarmDays: [] }, SHENYANG, START)
    expect(none.map(({ kind }) => kind)).toEqual(['termEnd', 'proofCheck'])
  })
})
