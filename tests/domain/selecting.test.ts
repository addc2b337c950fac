import { describe, expect, test } from 'vitest'
import { barOf, committedBy, type Wanted } from '#domain/engageable.ts'
import { LOTTERY_METHOD, type Lottery } from '#domain/lottery.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { cancel, candidatesFrom, decide, overtaken, rankContenders } from '#domain/selecting.ts'
import type { Selection } from '#domain/selection.ts'
import { NOTHING } from '#domain/services.ts'
import type { Actor } from '#domain/ticket.ts'
import { anEngagement, aPoolEntry, aSelection, NEEDS, T0 } from '#tests/support/engagement-rows.ts'

const OFFICER: Actor = { kind: 'user', id: 'officer-1' }
const WANTED: Wanted & { lng: number; lat: number } = {
  communityId: 'community-1',
  districtCode: 'D1',
  needs: NEEDS,
  areaM2: 10_000,
  feeRate: 1,
  collectionRate: 0.4,
  lng: 123.4,
  lat: 41.8,
}
const FREE = { committed: NOTHING, overrideReason: null }

describe('whether a firm may be engaged', () => {
  const bar = (changes: Partial<PoolEntry>, facts: Partial<typeof FREE> | { overrideReason: string } = {}) =>
    barOf(aPoolEntry(changes), WANTED, { ...FREE, ...facts }, T0)

  test('[EL3] each bar is named, the gravest first, and nothing else bars', () => {
    expect(bar({})).toBeNull()
    for (const status of ['applied', 'suspended', 'removed'] as const) expect(bar({ status })).toBe('notInPool')
    expect(bar({ banUntil: T0 + 1 })).toBe('banned')
    expect(bar({ banUntil: T0 })).toBeNull()
    expect(bar({ services: ['basicCleaning', 'orderKeeping'] })).toBe('serviceMissing')
    expect(bar({ districtCodes: ['D2'] })).toBe('districtNotServed')
    expect(bar({ status: 'suspended', banUntil: T0 + 1, districtCodes: [] })).toBe('notInPool')
  })

  test('[EL3] a yellow light bars until somebody says why it should not', () => {
    expect(bar({ yellowSince: T0 - 1 })).toBe('yellowLight')
    expect(bar({ yellowSince: T0 - 1 }, { overrideReason: 'nobody else can' })).toBeNull()
  })

  test('[EL3] what its engagements take and what the community needs must both fit, in every resource', () => {
    expect(bar({}, { committed: { ...NOTHING, guards: 7 } })).toBeNull()
    expect(bar({}, { committed: { ...NOTHING, guards: 8 } })).toBe('noCapacity')
    // 10,000 m² at 1 yuan, of which 40 % is paid, leave 6,000 a month at risk.
    expect(bar({}, { committed: { ...NOTHING, moneyAtRisk: 94_000 } })).toBeNull()
    expect(bar({}, { committed: { ...NOTHING, moneyAtRisk: 94_001 } })).toBe('noCapacity')
    const two = committedBy([anEngagement({ moneyAtRisk: 5 }), anEngagement({ moneyAtRisk: 7 })])
    expect(two).toEqual({ cleaners: 4, guards: 6, liftOperators: 2, moneyAtRisk: 12 })
  })
})

describe('ranking the pool', () => {
  const firm = (n: number, changes: Partial<PoolEntry>) => ({
    entry: aPoolEntry({ id: `pool-${n}`, firmId: `firm-${n}`, ...changes }),
    committed: NOTHING,
  })

  test('[EL2] by Party work and quality together, unscored firms after, then the nearer, barred ones without a rank', () => {
    const ranked = rankContenders(
      [
        firm(1, { partyBuilding: null }),
        firm(2, { partyBuilding: 70, quality: 70 }),
        firm(3, { partyBuilding: 90, quality: 50, lng: 123.5 }),
        firm(4, { partyBuilding: 99, quality: 99, status: 'suspended' }),
        firm(5, { partyBuilding: 71, quality: 70 }),
      ],
      WANTED,
      T0,
    )
    expect(ranked.map(({ entry, rank, bar }) => [entry.id, rank, bar])).toEqual([
      ['pool-5', 1, null],
      ['pool-2', 2, null],
      ['pool-3', 3, null],
      ['pool-1', 4, null],
      ['pool-4', null, 'notInPool'],
    ])
  })

  test('[EL2] only the mode to rank sorts what an officer puts forward', () => {
    const asked = [firm(1, { quality: 10 }), firm(2, { quality: 90 })].map(({ entry }) => ({
      entry,
      overrideReason: null,
    }))
    const order = (mode: Selection['mode']) => candidatesFrom(asked, mode, WANTED).map(({ poolEntryId }) => poolEntryId)
    expect(order('designate')).toEqual(['pool-1', 'pool-2'])
    expect(order('rank')).toEqual(['pool-2', 'pool-1'])
  })
})

const lottery = (drawn: string[] | null): Lottery => ({
  method: LOTTERY_METHOD,
  secretHash: '',
  announcement: '',
  secret: null,
  parties: [],
  commitDueAt: T0,
  revealDueAt: T0,
  source: null,
  values: [],
  seed: null,
  drawn,
  drawnAt: null,
})

describe('deciding', () => {
  const RANKED = ['pool-2', 'pool-1']
  const said = (selection: Selection, ranked: string[], changes: object = {}) => {
    const answer = decide(selection, { ranked, reason: 'fits', meeting: null, ...changes }, OFFICER, T0)
    return answer.ok ? answer.selection : answer.why
  }

  test('[EL1] mode, candidates, decider, moment and reason are kept with the decision', () => {
    expect(said(aSelection(), RANKED)).toMatchObject({
      status: 'decided',
      mode: 'designate',
      approved: RANKED,
      decidedBy: OFFICER,
      decidedAt: T0,
      reason: 'fits',
    })
    expect(said(aSelection(), RANKED, { reason: ' ' })).toBe('missingReason')
    expect(said(aSelection({ status: 'decided' }), RANKED)).toBe('wrongStage')
  })

  test('[EL4] nobody is approved who is not a candidate', () => {
    expect(said(aSelection(), ['pool-9'])).toBe('notCandidate')
    expect(said(aSelection(), [])).toBe('notCandidate')
  })

  test('[EL4] a ranking may leave firms out but keeps its order', () => {
    expect(said(aSelection({ mode: 'rank' }), ['pool-1', 'pool-3'])).toMatchObject({ approved: ['pool-1', 'pool-3'] })
    expect(said(aSelection({ mode: 'rank' }), ['pool-3', 'pool-1'])).toBe('notInOrder')
  })

  test('[EL4] a draw is taken whole, as it was drawn, and not before', () => {
    const drawn = aSelection({ mode: 'lottery', status: 'drawn', lottery: lottery(['pool-3', 'pool-1', 'pool-2']) })
    expect(said(drawn, ['pool-3', 'pool-1', 'pool-2'])).toMatchObject({ status: 'decided' })
    expect(said(drawn, ['pool-1', 'pool-3', 'pool-2'])).toBe('notInOrder')
    expect(said(drawn, ['pool-1', 'pool-2'])).toBe('notInOrder')
    expect(said({ ...drawn, status: 'open' }, RANKED)).toBe('wrongStage')
    expect(said({ ...drawn, status: 'frozen' }, RANKED)).toBe('bound')
  })

  test('[EL4] a joint meeting has been held, and by whom', () => {
    const joint = aSelection({ mode: 'joint_meeting' })
    const meeting = { heldAt: T0, attended: ['committee', 'owners'] }
    expect(said(joint, RANKED)).toBe('missingMeeting')
    expect(said(joint, RANKED, { meeting })).toMatchObject({ meeting })
    expect(said(joint, RANKED, { meeting: { ...meeting, heldAt: T0 + 1 } })).toBe('datesCrossed')
  })

  test('[EL5] a frozen or drawn lottery is given up by nobody; what is open is, with a reason', () => {
    for (const status of ['frozen', 'drawn'] as const)
      expect(cancel(aSelection({ mode: 'lottery', status }), 'unlucky', T0)).toEqual({ ok: false, why: 'bound' })
    expect(cancel(aSelection(), ' ', T0)).toEqual({ ok: false, why: 'missingReason' })
    expect(cancel(aSelection({ status: 'decided' }), 'late', T0)).toEqual({ ok: false, why: 'wrongStage' })
    expect(cancel(aSelection(), 'mistaken', T0)).toMatchObject({ ok: true, selection: { status: 'cancelled' } })
    expect(overtaken(aSelection({ status: 'frozen' }), 'hired', T0)).toMatchObject({ status: 'cancelled' })
  })
})
