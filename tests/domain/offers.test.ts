import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACTIVE_DISPATCH, DISPATCH_STATUSES, type Dispatch } from '#domain/dispatch.ts'
import {
  type Answerer,
  type Asked,
  acceptOffer,
  declineOffer,
  expireOffer,
  makeOffer,
  makeOffers,
  type OfferTerms,
  offerBarOf,
  PHONE_OFFER_MS,
  withdrawOffer,
} from '#domain/offers.ts'
import { aDispatch, aUnit, T0 } from '#tests/support/dispatch-rows.ts'

const DISPATCHER: Answerer = { actor: { kind: 'user', id: 'dispatcher-1' }, unitId: null }
const itself = (unitId = 'unit-1'): Answerer => ({ actor: { kind: 'unit', id: unitId }, unitId })
const STAFF = { isVolunteer: false, isReachable: true }

const terms = (changes: Partial<OfferTerms> = {}): OfferTerms => ({
  tenant: 'city',
  ticketId: 'ticket-1',
  mode: 'sequence',
  ttlMs: 25_000,
  by: { kind: 'user', id: 'dispatcher-1' },
  confirmBusy: false,
  now: T0,
  ...changes,
})

const asked = (index: number, changes: Partial<Asked> & { duty?: 'offDuty' | 'busy' } = {}): Asked => ({
  unit: aUnit({ id: `unit-${index}`, index, duty: changes.duty ?? 'onDuty' }),
  openTasks: changes.openTasks ?? 0,
  isReachable: changes.isReachable ?? true,
})

const numbered = () => {
  let n = 0
  return () => `dispatch-${++n}`
}

describe('making offers', () => {
  test('[DP4] off duty, asked already and on this ticket cannot be asked', () => {
    expect(offerBarOf(asked(1, { duty: 'offDuty' }), [], true)).toBe('unitOffDuty')
    expect(offerBarOf(asked(1), [aDispatch()], true)).toBe('alreadyOffered')
    expect(offerBarOf(asked(2), [aDispatch()], false)).toBeNull()
    for (const status of ACTIVE_DISPATCH)
      expect(offerBarOf(asked(2), [aDispatch({ status })], true)).toBe('alreadyTaken')
  })

  test('[DP4] a unit with a task is asked only when the dispatcher says so', () => {
    for (const busy of [asked(1, { openTasks: 1 }), asked(1, { duty: 'busy' })]) {
      expect(offerBarOf(busy, [], false)).toBe('unitBusy')
      expect(offerBarOf(busy, [], true)).toBeNull()
    }
  })

  test('[DP4] who said no, or lost, or gave it back may be asked again', () => {
    for (const status of ['declined', 'expired', 'lost', 'returned', 'withdrawn'] as const)
      expect(offerBarOf(asked(1), [aDispatch({ status })], false)).toBeNull()
  })

  test('[DP6] an offer to a page stands for its time, one on the phone at least as long as a call takes', () => {
    const made = (isReachable: boolean, ttlMs: number) =>
      makeOffer(terms({ ttlMs }), asked(1, { isReachable }), [], 'd')
    expect(made(true, 25_000)).toMatchObject({ dispatch: { via: 'page', expiresAt: T0 + 25_000 } })
    expect(made(false, 25_000)).toMatchObject({ dispatch: { via: 'phone', expiresAt: T0 + PHONE_OFFER_MS } })
    expect(made(false, 120_000)).toMatchObject({ dispatch: { expiresAt: T0 + 120_000 } })
  })

  test('[DP5] a sequence asks one and lets the others wait in order', () => {
    const round = makeOffers(terms(), [asked(3), asked(1), asked(2)], [], numbered())
    expect(round.ok && round.offered.map(({ unitId }) => unitId)).toEqual(['unit-3'])
    expect(round.ok && round.waiting.map(({ unit }) => unit.id)).toEqual(['unit-1', 'unit-2'])
  })

  test('[DP5] a batch asks all at once', () => {
    const round = makeOffers(terms({ mode: 'batch' }), [asked(3), asked(1), asked(2)], [], numbered())
    expect(round.ok && round.offered.map(({ unitId, mode }) => `${unitId} ${mode}`)).toEqual([
      'unit-3 batch',
      'unit-1 batch',
      'unit-2 batch',
    ])
    expect(round.ok && round.waiting).toEqual([])
  })

  test('[DP5] who cannot be asked is passed over and named', () => {
    const round = makeOffers(
      terms(),
      [asked(1, { duty: 'offDuty' }), asked(2, { openTasks: 1 }), asked(3)],
      [],
      numbered(),
    )
    expect(round).toMatchObject({
      ok: true,
      offered: [{ unitId: 'unit-3' }],
      skipped: [
        { unitId: 'unit-1', why: 'unitOffDuty' },
        { unitId: 'unit-2', why: 'unitBusy' },
      ],
    })
  })

  test('[DP5] refused with the first reason when nobody is left; naming a unit twice asks it once', () => {
    const off = asked(1, { duty: 'offDuty' })
    expect(makeOffers(terms({ mode: 'batch' }), [off, asked(2, { openTasks: 1 })], [], numbered())).toEqual({
      ok: false,
      why: 'unitOffDuty',
    })
    const twice = makeOffers(terms({ mode: 'batch' }), [asked(1), asked(1)], [], numbered())
    expect(twice.ok && twice.offered.length).toBe(1)
  })
})

describe('answering an offer', () => {
  test('[DP1] the first to accept wins and every other standing offer is lost with it', () => {
    const siblings = [
      aDispatch(),
      aDispatch({ id: 'd2', unitId: 'unit-2' }),
      aDispatch({ id: 'd3', unitId: 'unit-3', status: 'declined' }),
    ]
    const won = acceptOffer(siblings[0] as Dispatch, siblings, itself(), STAFF, T0 + 1)
    expect(won).toMatchObject({
      ok: true,
      dispatch: { status: 'accepted', answeredAt: T0 + 1, answeredBy: { kind: 'unit', id: 'unit-1' } },
      lost: [{ id: 'd2', status: 'lost', endedAt: T0 + 1 }],
    })
  })

  test('[DP1] who comes too late is told why', () => {
    const why = (mine: Partial<Dispatch>, others: Dispatch[] = []) =>
      acceptOffer(aDispatch(mine), [aDispatch(mine), ...others], itself(), STAFF, T0 + 1)
    expect(why({ status: 'lost' })).toEqual({ ok: false, why: 'alreadyTaken' })
    expect(why({ status: 'expired' })).toEqual({ ok: false, why: 'offerExpired' })
    expect(why({ status: 'withdrawn' })).toEqual({ ok: false, why: 'notOffered' })
    expect(why({ status: 'declined' })).toEqual({ ok: false, why: 'notOffered' })
    expect(why({}, [aDispatch({ id: 'd2', status: 'en_route' })])).toEqual({ ok: false, why: 'alreadyTaken' })
  })

  test('[DP6] an offer ends by the clock, whether or not anybody has noticed', () => {
    const at = (now: number) => acceptOffer(aDispatch(), [aDispatch()], itself(), STAFF, now).ok
    expect(at(T0 + 24_999)).toBe(true)
    expect(at(T0 + 25_000)).toBe(false)
  })

  test('[DP2] only its own unit answers, or a dispatcher for it, and who did is kept', () => {
    expect(acceptOffer(aDispatch(), [], itself('unit-2'), STAFF, T0)).toEqual({ ok: false, why: 'notYours' })
    expect(declineOffer(aDispatch(), itself('unit-2'), 'busy', T0)).toEqual({ ok: false, why: 'notYours' })
    expect(
      acceptOffer(aDispatch({ via: 'phone' }), [], DISPATCHER, { ...STAFF, isReachable: false }, T0),
    ).toMatchObject({
      dispatch: { answeredBy: { kind: 'user', id: 'dispatcher-1' } },
    })
  })

  test('[DP3] nobody says yes for a volunteer who can speak; on the phone the volunteer has spoken', () => {
    const volunteer = (isReachable: boolean) =>
      acceptOffer(aDispatch(), [], DISPATCHER, { isVolunteer: true, isReachable }, T0)
    expect(volunteer(true)).toEqual({ ok: false, why: 'volunteerNotOrdered' })
    expect(volunteer(false).ok).toBe(true)
    expect(declineOffer(aDispatch(), DISPATCHER, 'noAnswer', T0).ok).toBe(true)
  })

  test('[DP2] a decline keeps its reason and ends the offer', () => {
    expect(declineOffer(aDispatch(), itself(), 'tooFar', T0 + 5)).toMatchObject({
      dispatch: { status: 'declined', declineReason: 'tooFar', answeredAt: T0 + 5, endedAt: T0 + 5 },
    })
  })

  test('[DP6] an offer expires at its moment and not before, and only once', () => {
    expect(expireOffer(aDispatch(), T0 + 24_999).ok).toBe(false)
    expect(expireOffer(aDispatch(), T0 + 25_000)).toMatchObject({
      dispatch: { status: 'expired', endedAt: T0 + 25_000 },
    })
    for (const status of DISPATCH_STATUSES.filter((one) => one !== 'offered'))
      expect(expireOffer(aDispatch({ status }), T0 + 99_000).ok).toBe(false)
  })

  test('[DP8] only a standing offer can be taken back', () => {
    expect(withdrawOffer(aDispatch(), T0)).toMatchObject({ dispatch: { status: 'withdrawn' } })
    for (const status of DISPATCH_STATUSES.filter((one) => one !== 'offered'))
      expect(withdrawOffer(aDispatch({ status }), T0)).toEqual({ ok: false, why: 'notOffered' })
  })

  test('[DP1] after any run of answers in any order at most one unit has the task, and nobody is left hanging', () => {
    const step = fc.record({
      unit: fc.integer({ min: 1, max: 5 }),
      verb: fc.constantFrom('accept', 'decline', 'expire'),
      at: fc.integer({ min: 0, max: 40_000 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let rows: Dispatch[] = [1, 2, 3, 4, 5].map((n) =>
          aDispatch({ id: `d${n}`, unitId: `unit-${n}`, mode: 'batch' }),
        )
        for (const { unit, verb, at } of steps) {
          const mine = rows[unit - 1] as Dispatch
          const by = itself(mine.unitId)
          const answer =
            verb === 'accept'
              ? acceptOffer(mine, rows, by, STAFF, T0 + at)
              : verb === 'decline'
                ? declineOffer(mine, by, 'busy', T0 + at)
                : expireOffer(mine, T0 + at)
          if (!answer.ok) continue
          const lost = 'lost' in answer ? (answer.lost as Dispatch[]) : []
          const changed = [answer.dispatch, ...lost]
          rows = rows.map((row) => changed.find(({ id }) => id === row.id) ?? row)
        }
        const winners = rows.filter(({ status }) => ACTIVE_DISPATCH.includes(status))
        expect(winners.length).toBeLessThanOrEqual(1)
        if (winners.length === 1) expect(rows.every(({ status }) => status !== 'offered')).toBe(true)
      }),
    )
  })
})
