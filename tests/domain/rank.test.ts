import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DISPATCH_STATUSES, type DispatchStatus } from '#domain/dispatch.ts'
import { type Candidate, type Contender, DRAWBACK_MS, RANK_REASONS, type RankReasonCode, rank } from '#domain/rank.ts'
import { estimatedEtaMs } from '#domain/travel.ts'
import { DUTY_STATES, type Skill, UNIT_KINDS, type Unit } from '#domain/units.ts'
import { aTicket, aUnit, T0 } from '#tests/support/dispatch-rows.ts'

const LOCK = aTicket({ neededSkills: ['unlocking'] })

const contender = (index: number, changes: Partial<Contender> & { of?: Partial<Unit> } = {}): Contender => {
  const { of = {}, ...rest } = changes
  const unit = aUnit({ id: `unit-${index}`, index, callsign: `管家 ${index}`, skills: ['unlocking'], ...of })
  const distanceM = rest.distanceM ?? 500
  return {
    unit,
    freshness: 'fresh',
    seenAt: T0 - 5_000,
    distanceM,
    etaMs: estimatedEtaMs(distanceM, unit.kind, unit.mode),
    isReachable: true,
    openTasks: 0,
    openOffers: 0,
    before: null,
    isServing: false,
    ...rest,
  }
}

const order = (contenders: Contender[], ticket = LOCK) => rank(ticket, contenders, T0).map(({ unit }) => unit.index)
const only = (one: Contender, ticket = LOCK) => rank(ticket, [one], T0)[0] as Candidate
const figureOf = (candidate: Candidate, code: RankReasonCode) =>
  candidate.reasons.find((one) => one.code === code)?.value

describe('ranking', () => {
  test('[RK3] the nearest of equal units is first, and every rank is given once', () => {
    const ranked = rank(LOCK, [contender(1, { distanceM: 900 }), contender(2, { distanceM: 300 })], T0)
    expect(ranked.map(({ unit, rank: place }) => [unit.index, place])).toEqual([
      [2, 1],
      [1, 2],
    ])
  })

  test('[RK3] somebody who can open the lock comes before somebody nearer who cannot', () => {
    const near = contender(1, { distanceM: 50, of: { skills: ['cleaning'] } })
    expect(order([near, contender(2, { distanceM: 4_000 })])).toEqual([2, 1])
    expect(figureOf(only(near), 'skillMissing')).toBe('unlocking')
    expect(figureOf(only(contender(2)), 'skillMatched')).toBe('unlocking')
  })

  test('[RK3] fewer missing skills come first', () => {
    const ticket = aTicket({ neededSkills: ['unlocking', 'cleaning', 'heating'] })
    const one = contender(1, { of: { skills: ['unlocking'] } })
    const two = contender(2, { distanceM: 2_000, of: { skills: ['unlocking', 'heating'] } })
    expect(order([one, two], ticket)).toEqual([2, 1])
  })

  test.each<[string, Partial<Contender>, number]>([
    ['a stale fix', { freshness: 'stale' }, DRAWBACK_MS.stale],
    ['a ghost', { freshness: 'ghost', seenAt: null }, DRAWBACK_MS.ghost],
    ['a closed page', { isReachable: false }, DRAWBACK_MS.byPhone],
    ['a task', { openTasks: 1 }, DRAWBACK_MS.busy],
    ['two tasks', { openTasks: 2 }, 2 * DRAWBACK_MS.busy],
    ['an offer of another ticket', { openOffers: 1 }, DRAWBACK_MS.offeredElsewhere],
    ['a declined offer', { before: 'declined' }, DRAWBACK_MS.saidNo],
    ['an expired offer', { before: 'expired' }, DRAWBACK_MS.saidNo],
    ['a task given back', { before: 'returned' }, DRAWBACK_MS.saidNo],
    ['an offer lost to another', { before: 'lost' }, 0],
    ['an offer taken back', { before: 'withdrawn' }, 0],
  ])('[RK3] %s weighs exactly so many milliseconds', (_, changes, ms) => {
    const drawn = contender(1, { ...changes, etaMs: 60_000 })
    const ahead = contender(2, { etaMs: 60_000 + ms - 1 })
    const behind = contender(3, { etaMs: 60_000 + ms + 1 })
    expect(order([drawn, ahead, behind])).toEqual([2, 1, 3])
  })

  test('[RK3] a unit busy by its own word weighs as one task', () => {
    const busy = contender(1, { etaMs: 0, of: { duty: 'busy' } })
    expect(order([busy, contender(2, { etaMs: DRAWBACK_MS.busy - 1 })])).toEqual([2, 1])
    expect(figureOf(only(busy), 'busy')).toBe(1)
  })

  test('[RK4] equal ones stand by distance, then number, then id, whatever order they came in', () => {
    const same = { etaMs: 60_000, distanceM: 100 }
    const twin = contender(3, same)
    const all = [
      contender(2, same),
      contender(1, { ...same, distanceM: 101 }),
      twin,
      { ...twin, unit: { ...twin.unit, id: 'unit-0' } },
    ]
    const ids = (list: Contender[]) => rank(LOCK, list, T0).map(({ unit }) => unit.id)
    expect(ids(all)).toEqual(['unit-2', 'unit-0', 'unit-3', 'unit-1'])
    expect(ids(all.toReversed())).toEqual(ids(all))
  })

  test('[RK5] where life is in danger the nearest person goes, skilled or not, and the missing skill is still named', () => {
    const fire = aTicket({ priority: 'P0', category: 'fire', neededSkills: ['unlocking'] })
    const near = contender(1, { distanceM: 50, of: { skills: [] } })
    expect(order([contender(2), near], fire)).toEqual([1, 2])
    expect(figureOf(only(near, fire), 'skillMissing')).toBe('unlocking')
  })

  test('[RK11] the emergency provider comes before nearer units that are as able, and it is said why; not before the able, nor in P0', () => {
    const serving = contender(1, { distanceM: 4_000, isServing: true })
    expect(order([contender(2), serving])).toEqual([1, 2])
    expect(only(serving).reasons.map(({ code }) => code)).toContain('emergencyProvider')
    expect(only(contender(2)).reasons.map(({ code }) => code)).not.toContain('emergencyProvider')
    expect(order([contender(2), contender(1, { isServing: true, of: { skills: [] } })])).toEqual([2, 1])
    expect(order([serving, contender(2)], aTicket({ priority: 'P0' }))).toEqual([2, 1])
  })

  test('[RK6] off duty, asked already and on this ticket bar a unit, and the barred stand last', () => {
    const bars = (['offered', 'accepted', 'en_route', 'on_site'] as const).map(
      (before) => only(contender(1, { before })).barred,
    )
    expect(bars).toEqual(['offeredAlready', 'onThisTicket', 'onThisTicket', 'onThisTicket'])
    expect(only(contender(1, { of: { duty: 'offDuty' } })).barred).toBe('offDuty')
    const unskilled = contender(2, { distanceM: 9_000, of: { skills: [] } })
    expect(order([contender(1, { distanceM: 1, of: { duty: 'offDuty' } }), unskilled])).toEqual([2, 1])
  })

  test('[RK6] who declined, let it expire or lost it may be asked again', () => {
    for (const before of ['declined', 'expired', 'lost', 'returned', 'withdrawn', 'done'] as const)
      expect(only(contender(1, { before })).barred).toBeNull()
  })

  test('[RK7] a volunteer is shown as somebody who is only ever asked', () => {
    expect(figureOf(only(contender(1, { of: { kind: 'volunteer' } })), 'offerOnly')).toBeNull()
    expect(only(contender(1)).reasons.map(({ code }) => code)).not.toContain('offerOnly')
  })

  test('[RK7] what speaks against a unit is listed before what speaks for it', () => {
    const { reasons, via, freshness } = only(
      contender(1, {
        freshness: 'stale',
        isReachable: false,
        openTasks: 2,
        before: 'declined',
        etaMs: 90_000,
        distanceM: 199.6,
      }),
    )
    expect({ via, freshness }).toEqual({ via: 'phone', freshness: 'stale' })
    expect(reasons).toEqual([
      { code: 'busy', value: 2 },
      { code: 'declinedBefore', value: null },
      { code: 'staleSince', value: T0 - 5_000 },
      { code: 'byPhone', value: null },
      { code: 'arrivesInTime', value: 210_000 },
      { code: 'skillMatched', value: 'unlocking' },
      { code: 'eta', value: 90_000 },
      { code: 'distance', value: 200 },
    ])
  })

  test('[RK8] whether the five minutes can still be kept is said with the time to spare or missing', () => {
    expect(figureOf(only(contender(1, { etaMs: 300_000 })), 'arrivesInTime')).toBe(0)
    expect(figureOf(only(contender(1, { etaMs: 300_001 })), 'arrivesLate')).toBe(1)
    const arrived = only(contender(1), aTicket({ arriveDueAt: null }))
    expect(arrived.reasons.map(({ code }) => code)).not.toContain('arrivesInTime')
  })
})

const SOME_SKILLS: Skill[] = ['unlocking', 'cleaning', 'heating']
const anyContender = fc
  .record({
    distanceM: fc.integer({ min: 0, max: 20_000 }),
    kind: fc.constantFrom(...UNIT_KINDS),
    duty: fc.constantFrom(...DUTY_STATES),
    skills: fc.subarray(SOME_SKILLS),
    freshness: fc.constantFrom('fresh' as const, 'stale' as const, 'ghost' as const),
    isReachable: fc.boolean(),
    openTasks: fc.nat(2),
    openOffers: fc.nat(2),
    before: fc.constantFrom<DispatchStatus | null>(null, ...DISPATCH_STATUSES),
  })
  .map(({ kind, duty, skills, ...rest }) => ({ rest, of: { kind, duty, skills } }))
const anyContenders = fc
  .array(anyContender, { minLength: 2, maxLength: 12 })
  .map((drawn) => drawn.map(({ rest, of }, index) => contender(index + 1, { ...rest, of })))
const anyTicket = fc
  .record({ neededSkills: fc.subarray(SOME_SKILLS), priority: fc.constantFrom('P0' as const, 'P2' as const) })
  .map(aTicket)

const placeOf = (list: Candidate[], id: string) => list.find(({ unit }) => unit.id === id)?.rank ?? 0
const swapped = (list: Contender[], with_: Contender) =>
  list.map((one) => (one.unit.id === with_.unit.id ? with_ : one))

describe('ranking of any units', () => {
  test('[RK4] the order of the question does not change the answer', () => {
    fc.assert(
      fc.property(anyTicket, anyContenders, fc.integer(), (ticket, list, seed) => {
        const mixed = list.toSorted((a, b) => ((a.unit.index * 7 + seed) % 5) - ((b.unit.index * 7 + seed) % 5))
        expect(rank(ticket, mixed, T0)).toEqual(rank(ticket, list, T0))
      }),
    )
  })

  test('[RK3] a unit that comes nearer, all else equal, never falls', () => {
    fc.assert(
      fc.property(anyTicket, anyContenders, fc.nat(20_000), (ticket, list, nearer) => {
        const one = list[0] as Contender
        const distanceM = Math.max(0, one.distanceM - nearer)
        const moved = { ...one, distanceM, etaMs: estimatedEtaMs(distanceM, one.unit.kind, one.unit.mode) }
        const before = placeOf(rank(ticket, list, T0), one.unit.id)
        expect(placeOf(rank(ticket, swapped(list, moved), T0), one.unit.id)).toBeLessThanOrEqual(before)
      }),
    )
  })

  test('[RK3] a unit that loses a drawback or learns a needed skill never falls', () => {
    fc.assert(
      fc.property(anyTicket, anyContenders, (ticket, list) => {
        const one = list[0] as Contender
        const better: Contender[] = [
          { ...one, freshness: 'fresh' },
          { ...one, isReachable: true },
          { ...one, openTasks: 0 },
          { ...one, openOffers: 0 },
          { ...one, before: null },
          { ...one, unit: { ...one.unit, duty: 'onDuty' } },
          { ...one, unit: { ...one.unit, skills: [...one.unit.skills, ...ticket.neededSkills] } },
        ]
        const before = placeOf(rank(ticket, list, T0), one.unit.id)
        for (const changed of better)
          expect(placeOf(rank(ticket, swapped(list, changed), T0), one.unit.id)).toBeLessThanOrEqual(before)
      }),
    )
  })

  test('[RK3] the order is that of every pair ranked alone', () => {
    fc.assert(
      fc.property(anyTicket, anyContenders, (ticket, list) => {
        const places = new Map(rank(ticket, list, T0).map(({ unit, rank: place }) => [unit.id, place]))
        for (const a of list) {
          for (const b of list) {
            if (a.unit.index >= b.unit.index) continue
            const [first] = rank(ticket, [a, b], T0)
            const isAFirst = (places.get(a.unit.id) ?? 0) < (places.get(b.unit.id) ?? 0)
            expect(first?.unit.id).toBe(isAFirst ? a.unit.id : b.unit.id)
          }
        }
      }),
    )
  })

  test('[RK7] every reason is a known one, in the order of the list, with nothing said twice', () => {
    fc.assert(
      fc.property(anyTicket, anyContenders, (ticket, list) => {
        for (const { reasons } of rank(ticket, list, T0)) {
          const positions = reasons.map(({ code }) => RANK_REASONS.indexOf(code))
          expect(positions).toEqual(positions.toSorted((a, b) => a - b))
          expect(new Set(reasons.map((one) => JSON.stringify(one))).size).toBe(reasons.length)
        }
      }),
    )
  })
})
