import { describe, expect, test } from 'vitest'
import type { FeedState } from '#domain/feed.ts'
import type { Ticket } from '#domain/ticket.ts'
import { entitlementKey, type KeptEvent, rangeFor } from '#server/feed/entitled.ts'
import { unitRow } from '#tests/support/fleet-city.ts'
import { grant } from '#tests/support/fleet-console.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const ticket = {
  id: 't1',
  tenant: 'a',
  districtCode: '210102',
  subdistrictCode: '210102001',
  neighbourhoodCode: '210102001001',
} as Ticket
const state = {
  tickets: [ticket, { ...ticket, id: 't2', subdistrictCode: '210102009', neighbourhoodCode: null }],
  dispatches: [
    { id: 'd1', unitId: 'u1' },
    { id: 'd2', unitId: 'u2' },
  ],
  units: [unitRow('a', 1, NOW, { id: 'u1', firmId: 'f1' }), unitRow('a', 2, NOW, { id: 'u2', firmId: 'f2' })],
  alarms: [{ id: 'a1', kind: 'newTicket' }],
  log: [
    { ticketId: 't1', n: 1 },
    { ticketId: 't2', n: 1 },
  ],
} as FeedState
const event: KeptEvent = {
  seq: 5,
  kind: 'ticket:offered',
  at: NOW,
  actor: { kind: 'user', id: 'x' },
  audience: {
    districtCode: '210102',
    subdistrictCode: '210102001',
    neighbourhoodCode: '210102001001',
    firmIds: ['f1', 'f2'],
    unitIds: ['u1', 'u2'],
  },
  state,
}
const seenBy = (...grants: ReturnType<typeof grant>[]) => rangeFor(grants, 'a', { epoch: 'e', from: 1, to: 9 }, [event])
const ids = (rows: { id: string }[] | undefined) => rows?.map(({ id }) => id)

describe('what a reader is shown of an event', () => {
  test('[FD4] the control room sees it whole', () => {
    expect(seenBy(grant('dispatcher')).events[0]?.state).toEqual(state)
  })

  test('[FD4] a unit sees its own offer and itself: no rival, no alarm', () => {
    const seen = seenBy(grant('fieldWorker', null, 'u1')).events[0]?.state
    expect(ids(seen?.tickets)).toEqual(['t1', 't2'])
    expect(ids(seen?.dispatches)).toEqual(['d1'])
    expect(ids(seen?.units)).toEqual(['u1'])
    expect(seen?.alarms).toBeUndefined()
  })

  test('[FD4] a firm sees its own units, a sub-district its own tickets with their log', () => {
    const firm = seenBy(grant('providerManager', 'f2')).events[0]?.state
    expect(ids(firm?.units)).toEqual(['u2'])
    const office = seenBy({ ...grant('subdistrictOfficer'), subdistrictCode: '210102001' }).events[0]?.state
    expect(ids(office?.tickets)).toEqual(['t1'])
    expect(office?.log?.map(({ ticketId }) => ticketId)).toEqual(['t1'])
    expect(office?.alarms).toBeUndefined()
  })

  test('[FD3] a reader elsewhere gets the range and nothing in it', () => {
    const nowhere = [grant('fieldWorker', null, 'u9'), grant('dispatcher', null, null, 'b'), grant('resident')]
    for (const stranger of nowhere) expect(seenBy(stranger)).toEqual({ epoch: 'e', from: 1, to: 9, events: [] })
  })

  test('[FD3] equal rights make one group whatever their order; any difference makes another', () => {
    const [one, two] = [grant('providerManager', 'f1'), grant('fieldWorker', null, 'u1')]
    expect(entitlementKey([one, two], 'a')).toBe(entitlementKey([two, one, two], 'a'))
    const keys = [[one], [two], [one, two], [grant('dispatcher')], [grant('manager')]].map((grants) =>
      entitlementKey(grants, 'a'),
    )
    expect(new Set(keys).size).toBe(5)
  })
})
