import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '#domain/instant.ts'
import { type ClockEntry, clocks, POLICY_5341 } from '#domain/sla.ts'
import type { Actor, Ticket, TicketClass } from '#domain/ticket.ts'
import { cancel, reopen } from '#domain/ticket-closing.ts'
import { accept, arrive, offer, resolve, returnTask, submitPlan } from '#domain/ticket-dispatch.ts'
import { extend, resume, suspend } from '#domain/ticket-pauses.ts'
import { report } from '#domain/ticket-report.ts'
import type { Decided, NewLogEntry } from '#domain/ticket-step.ts'
import { fireTimers } from '#domain/ticket-timers.ts'
import { place, triage } from '#domain/ticket-verbs.ts'
import { Stopwatch } from '#tests/support/ticket-oracle.ts'

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

/** A dispatcher's day at random: every step is tried with the real verbs, refused ones change nothing. */
const STEPS = [
  'place',
  'ordinary',
  'complex',
  'major',
  'suspend',
  'resume',
  'extend',
  'go',
  'arrive',
  'plan',
  'resolve',
  'return',
  'cancel',
  'reopen',
] as const
type Step = (typeof STEPS)[number]

const WHO: Actor = { kind: 'user', id: 'dispatcher' }
const TASK = { dispatchId: 'd', unitId: 'u' }

function tryStep(ticket: Ticket, step: Step, now: number): Decided[] {
  const why = { reason: 'asked' }
  const kept = (decided: Decided | { ok: false }) => (decided.ok ? [decided] : [])
  switch (step) {
    case 'place':
      return kept(place(ticket, WHO, now))
    case 'ordinary':
    case 'complex':
    case 'major':
      return kept(triage(ticket, { class: step }, WHO, now))
    case 'suspend':
      return kept(suspend(ticket, why, WHO, now))
    case 'resume':
      return kept(resume(ticket, WHO, now))
    case 'extend':
      return kept(extend(ticket, { ...why, byMs: 10 * MINUTE_MS }, WHO, now))
    case 'go': {
      const offered = offer(ticket, { ...TASK, mode: 'sequence', via: 'page', expiresAt: null }, WHO, now)
      if (!offered.ok) return []
      return [offered, ...kept(accept(offered.ticket, { ...TASK, firmId: null }, WHO, now))]
    }
    case 'arrive':
      return kept(arrive(ticket, { ...TASK, grade: 'selfReport' }, WHO, now))
    case 'plan':
      return kept(submitPlan(ticket, { ...TASK, plan: { owner: 'o', steps: 's', dueAt: now } }, WHO, now))
    case 'resolve':
      return kept(resolve(ticket, { ...TASK, note: 'done' }, WHO, now))
    case 'return':
      return kept(returnTask(ticket, { ...TASK, ...why }, WHO, now))
    case 'cancel':
      return kept(cancel(ticket, why, WHO, now))
    case 'reopen':
      return kept(reopen(ticket, why, WHO, now))
  }
}

const gap = fc.oneof(
  { weight: 6, arbitrary: fc.nat(12) },
  { weight: 2, arbitrary: fc.nat(60) },
  { weight: 1, arbitrary: fc.nat(700) },
)
const day = fc.array(fc.record({ step: fc.constantFrom(...STEPS), gap }), { minLength: 3, maxLength: 40 })

const begin = () =>
  report(
    {
      id: 't',
      tenant: 'city',
      number: 1,
      channel: 'console',
      category: 'lighting',
      description: '',
      address: '',
      lng: 123.4,
      lat: 41.8,
      site: null,
    },
    WHO,
    T0,
  )

describe('any sequence of steps', () => {
  test('[SL1] gives the clocks and the timers that living through it minute by minute gives', () => {
    fc.assert(
      fc.property(day, (steps) => {
        const begun = begin()
        let ticket = begun.ticket
        const log: NewLogEntry[] = [begun.entry]
        const watch = new Stopwatch(begun.entry)
        const fired: { timer: string; minute: number }[] = []
        const look = (now: number) => {
          for (const { timer, entry } of fireTimers(ticket, log, now)) {
            fired.push({ timer, minute: now / MINUTE_MS })
            log.push(entry)
          }
          watch.look()
        }
        for (const { step, gap: wait } of steps) {
          for (let i = 0; i < wait; i++) {
            watch.passMinute()
            look(watch.minute * MINUTE_MS)
          }
          const now = watch.minute * MINUTE_MS
          for (const decided of tryStep(ticket, step, now)) {
            ticket = decided.ticket
            log.push(decided.entry)
            watch.hear(decided.entry)
          }
          look(now)
          const { arriveDueAt, arriveBreached, solveDueAt, solveBreached, pausedAt } = clocks(log) ?? expect.fail()
          const said = { arriveDueAt, arriveBreached, solveDueAt, solveBreached, isPaused: pausedAt !== null }
          expect(said).toEqual(watch.read())
          expect(fired).toEqual(watch.fired)
        }
      }),
      { numRuns: 300, seed: 5341 },
    )
  })

  test('[SL3] a pause put into a log never brings the solve promise nearer and never moves the promise to come', () => {
    const log = fc.record({
      from: fc.integer({ min: 1, max: 2_000 }),
      length: fc.nat(2_000),
      known: fc.constantFrom<TicketClass | null>(null, 'ordinary', 'complex', 'major'),
      reclassAt: fc.integer({ min: 1, max: 4_000 }),
      to: fc.constantFrom<TicketClass>('ordinary', 'complex', 'major'),
    })
    fc.assert(
      fc.property(log, ({ from, length, known, reclassAt, to }) => {
        const plain = [reported(known), row('reclassify', reclassAt, { class: to })]
        const paused = [...plain, row('suspend', from), row('resume', from + length)].toSorted((a, b) => a.at - b.at)
        const [without, withPause] = [read(...plain), read(...paused)]
        expect(withPause.arriveDueAt).toBe(without.arriveDueAt)
        const moved = (withPause.solveDueAt ?? 0) - (without.solveDueAt ?? 0)
        expect([0, length * MINUTE_MS]).toContain(moved)
        // A pause begun before the promise was due moves it by its whole length, whatever the class becomes later.
        if (minutes(from) < (without.solveDueAt ?? 0)) expect(moved).toBe(length * MINUTE_MS)
      }),
      { numRuns: 500, seed: 5341 },
    )
  })

  test('[SL5] however often the class changes, the promise is the last class’s, as if it had been known from the start', () => {
    const classes = fc.array(fc.constantFrom<TicketClass>('ordinary', 'complex', 'major'), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(classes, fc.nat(20), (named, pause) => {
        const last = named.at(-1) as TicketClass
        const pauses = [row('suspend', 2), row('resume', 2 + pause)]
        const changed = named.map((known, i) => row('reclassify', 30 + i, { class: known }))
        expect(read(reported(), ...pauses, ...changed).solveDueAt).toBe(read(reported(last), ...pauses).solveDueAt)
      }),
      { seed: 5341 },
    )
    expect(POLICY_5341.solveMs.major).toBe(DAY_MS)
  })
})
