import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '#domain/instant.ts'
import { type ClockEntry, clocks, POLICY_5341, policyOf, type SlaPolicy } from '#domain/sla.ts'
import type { Ticket, TicketClass } from '#domain/ticket.ts'
import { fireTimers } from '#domain/ticket-timers.ts'

const T0 = Date.UTC(2026, 2, 2, 1)
const minutes = (n: number) => T0 + n * MINUTE_MS

const row = (kind: ClockEntry['kind'], atMinute: number, more: Partial<ClockEntry> = {}): ClockEntry => ({
  kind,
  at: minutes(atMinute),
  class: null,
  policyVersion: POLICY_5341.version,
  detail: null,
  ...more,
})
const reported = (known: TicketClass | null = null) => row('report', 0, { class: known })
const read = (...log: ClockEntry[]) => {
  const found = clocks(log)
  if (!found) throw new Error('no report in the log')
  return found
}

describe('the promises', () => {
  test('[SL2] are arrival in 300 s, 30 min ordinary, 4 h complex, a plan in a day, all from the report', () => {
    const due = (known: TicketClass) => read(reported(known)).solveDueAt
    expect(read(reported('major')).arriveDueAt).toBe(T0 + 300_000)
    expect([due('ordinary'), due('complex'), due('major')]).toEqual([T0 + 1_800_000, T0 + 14_400_000, T0 + 86_400_000])
    expect([read(reported('complex')).solveKind, read(reported('major')).solveKind]).toEqual(['fix', 'plan'])
  })

  test('[SL2] hold a ticket nobody has classed to the ordinary one', () => {
    expect(read(reported()).solveDueAt).toBe(minutes(30))
  })

  test('[SL2] are kept at the very moment they are due and broken a millisecond later', () => {
    const arrivedAt = (ms: number) => read(reported(), { ...row('arrive', 0), at: T0 + ms }).arriveBreached
    expect([arrivedAt(300_000), arrivedAt(300_001)]).toEqual([false, true])
    const solvedAt = (ms: number) => read(reported(), { ...row('resolve', 0), at: T0 + ms }).solveBreached
    expect([solvedAt(1_800_000), solvedAt(1_800_001)]).toEqual([false, true])
  })

  test('[SL1] are read by the policy version that the round began with', () => {
    const strict: SlaPolicy = { ...POLICY_5341, version: 'strict', arriveMs: MINUTE_MS }
    const policies = (version: string) => (version === 'strict' ? strict : policyOf(version))
    const log = [reported(), row('cancel', 2), row('reopen', 10, { policyVersion: 'strict' })]
    expect(clocks(log.slice(0, 1), policies)?.arriveDueAt).toBe(minutes(5))
    expect(clocks(log, policies)?.arriveDueAt).toBe(minutes(11))
  })
})

describe('a step told late', () => {
  test('[SL11] that stopped its clock in time mends the breach told meanwhile; one that did not mends nothing', () => {
    const arrived = (atMinute: number) =>
      read(reported(), row('arriveBreach', 5), row('arrive', atMinute)).arriveBreached
    expect([arrived(4), arrived(6)]).toEqual([false, true])
    const solved = (atMinute: number) =>
      read(reported(), row('solveBreach', 30), row('resolve', atMinute)).solveBreached
    expect([solved(29), solved(31)]).toEqual([false, true])
  })

  test('[SL11] before it is told the breach stands', () => {
    expect(read(reported(), row('arriveBreach', 5)).arriveBreached).toBe(true)
  })
})

describe('pausing', () => {
  test('[SL3] moves the solve promise by as long as it lasted and says nothing while it lasts', () => {
    const during = read(reported('ordinary'), row('suspend', 10))
    expect([during.solveDueAt, during.pausedAt]).toEqual([null, minutes(10)])
    const after = read(reported('ordinary'), row('suspend', 10), row('resume', 25))
    expect([after.solveDueAt, after.pausedMs, after.pausedAt]).toEqual([minutes(45), 15 * MINUTE_MS, null])
  })

  test('[SL4] never holds the promise to come', () => {
    const paused = read(reported(), row('suspend', 1))
    expect([paused.arriveDueAt, paused.nextTimer, paused.nextTimerAt]).toEqual([
      minutes(5),
      'arriveWarning',
      minutes(3),
    ])
  })

  test('[SL3] after the promise was broken does not mend it', () => {
    const log = [reported(), row('arrive', 2), row('suspend', 35), row('resume', 60), row('resolve', 61)]
    expect(read(...log).solveBreached).toBe(true)
  })
})

describe('reclassifying', () => {
  test('[SL5] keeps what has elapsed and what was paused', () => {
    const log = [
      reported('ordinary'),
      row('suspend', 10),
      row('resume', 25),
      row('reclassify', 28, { class: 'complex' }),
    ]
    expect(read(...log).solveDueAt).toBe(T0 + 4 * HOUR_MS + 15 * MINUTE_MS)
  })

  test('[SL5] inside a pause keeps the pause', () => {
    const log = [
      reported('ordinary'),
      row('suspend', 10),
      row('reclassify', 12, { class: 'complex' }),
      row('resume', 40),
    ]
    expect(read(...log).solveDueAt).toBe(T0 + 4 * HOUR_MS + 30 * MINUTE_MS)
  })

  test('[SL5] to a longer promise withdraws a breach of the shorter one, and may warn once more', () => {
    const breached = [reported('ordinary'), row('arrive', 2), row('solveWarning', 24), row('solveBreach', 30)]
    const longer = read(...breached, row('reclassify', 40, { class: 'complex' }))
    expect([longer.solveBreached, longer.nextTimer, longer.nextTimerAt]).toEqual([false, 'solveWarning', minutes(192)])
  })

  test('[SL5] to a promise already broken is due from that moment, so it does not look like an outage', () => {
    const log = [reported('complex'), row('arrive', 2), row('reclassify', 40, { class: 'ordinary' })]
    expect([read(...log).nextTimer, read(...log).nextTimerAt]).toEqual(['solveWarning', minutes(40)])
  })

  test('[SL5] from a plan to a fix starts counting towards the fix again', () => {
    const log = [reported('major'), row('arrive', 2), row('submitPlan', 100), row('return', 110)]
    expect(read(...log).solveDueAt).toBe(null)
    expect(read(...log, row('reclassify', 120, { class: 'complex' })).solveDueAt).toBe(minutes(240))
  })
})

describe('extending', () => {
  test('[SL6] adds to the promise', () => {
    const log = [reported('ordinary'), row('extend', 20, { detail: { byMs: 600_000 } })]
    expect(read(...log).solveDueAt).toBe(minutes(40))
  })

  test('[SL6] a broken promise does not mend it', () => {
    const log = [
      reported('ordinary'),
      row('arrive', 2),
      row('extend', 31, { detail: { byMs: 600_000 } }),
      row('resolve', 35),
    ]
    expect(read(...log).solveBreached).toBe(true)
  })
})

describe('the end', () => {
  test('[SL7] of a ticket by cancelling, not admitting or merging stops both clocks without a verdict', () => {
    for (const kind of ['cancel', 'notAdmit', 'merge'] as const) {
      const ended = read(reported(), row(kind, 4))
      expect(ended).toMatchObject({ arriveDueAt: null, solveDueAt: null, arriveBreached: false, nextTimer: null })
    }
  })

  test('[SL7] imported history and bookings have no clock at all', () => {
    const history = read(row('report', 0, { detail: { promised: false } }), row('arrive', 90))
    expect(history).toMatchObject({ arriveDueAt: null, solveDueAt: null, arriveBreached: false, nextTimer: null })
    const found = read(
      row('report', 0, { detail: { promised: false } }),
      row('triage', 3, { detail: { promised: true } }),
    )
    expect(found.solveDueAt).toBe(minutes(30))
  })

  test('[SL7] of a major case is its plan, and a fix counts as more than a plan', () => {
    expect(read(reported('major'), row('submitPlan', 90)).solveStoppedAt).toBe(minutes(90))
    expect(read(reported('major'), row('resolve', 90)).solveStoppedAt).toBe(minutes(90))
    expect(read(reported('complex'), row('submitPlan', 90)).solveStoppedAt).toBe(null)
  })

  test('[SL7] reopening starts both clocks anew and leaves the earlier verdict to the log', () => {
    const first = [
      reported('ordinary'),
      row('arriveWarning', 3),
      row('arriveBreach', 5),
      row('arrive', 9),
      row('resolve', 20),
    ]
    expect(read(...first).arriveBreached).toBe(true)
    const again = read(...first, row('reopen', 60))
    expect(again).toMatchObject({ round: 2, arriveDueAt: minutes(65), solveDueAt: minutes(90), arriveBreached: false })
    expect(again.nextTimer).toBe('arriveWarning')
  })
})

describe('timers', () => {
  const ticket = { policyVersion: POLICY_5341.version } as Ticket

  test('[SL8] come in the order of their moments: 180 s, 300 s, 80 %, 100 %', () => {
    const fired = fireTimers(ticket, [reported('ordinary')], minutes(30))
    expect(fired.map(({ timer }) => timer)).toEqual(['arriveWarning', 'arriveBreach', 'solveWarning', 'solveBreach'])
    expect(fired.map(({ entry }) => entry.detail?.dueAt)).toEqual([3, 5, 24, 30].map(minutes))
  })

  test('[SL8] a warning dies with its clock, a breach before the clock stopped is still told', () => {
    const log = [reported('ordinary'), row('arrive', 7), row('resolve', 26)]
    const fired = fireTimers(ticket, log, minutes(27))
    expect(fired.map(({ timer }) => timer)).toEqual(['arriveBreach'])
    expect(fired[0]?.alarms).toEqual([])
  })

  test('[SL10] fire once, and are late when they fire more than a second after their moment', () => {
    const at = (ms: number) => fireTimers(ticket, [reported()], T0 + ms).map(({ late }) => late)
    expect([at(179_999), at(180_000), at(181_000), at(181_001)]).toEqual([[], [false], [false], [true]])
    const first = fireTimers(ticket, [reported()], T0 + 180_000)
    expect(fireTimers(ticket, [reported(), ...first.map(({ entry }) => entry)], T0 + 180_000)).toEqual([])
  })
})
