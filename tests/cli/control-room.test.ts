import { describe, expect, test } from 'vitest'
import type { Voice } from '#cli/simulator/acts.ts'
import type { Board } from '#cli/simulator/board.ts'
import { controlRoom } from '#cli/simulator/control-room.ts'
import { fateOf, temperOf } from '#cli/simulator/fate.ts'
import { type Walker, walkerOf } from '#cli/simulator/walker.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import { HOUR_MS, MINUTE_MS } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Unit } from '#domain/units.ts'
import { aDispatch, aTicket, aUnit, T0 } from '#tests/support/dispatch-rows.ts'

const SEED = 5341
const OWN = new Set(['room-1', 'phone-1'])

function roomWith(rows: { tickets?: Ticket[]; dispatches?: Dispatch[]; units?: Unit[]; walkers?: Walker[] }) {
  const byId = <T extends { id: string }>(list: readonly T[] = []) => new Map(list.map((row) => [row.id, row]))
  const board: Board = {
    tickets: byId(rows.tickets),
    dispatches: byId(rows.dispatches),
    units: byId(rows.units),
    alarms: new Map(),
    follow: async () => true,
  }
  const said: string[] = []
  const hear = async (word: string) => {
    said.push(word)
    return { ok: true } as const
  }
  const voice: Voice = {
    ofTicket: (act, id) => hear(`${act.act} ${id}`),
    ofDispatch: (act, id) => hear(`${act.act} ${id}`),
    notice: (id) => hear(`notice ${id}`),
  }
  const walkers = new Map((rows.walkers ?? []).map((walker) => [walker.unitId, walker]))
  const fleet = { task: () => undefined, walker: (id: string) => walkers.get(id) ?? null }
  return { room: controlRoom(board, fleet, voice, OWN, SEED), said }
}

const ownTicket = (changes: Partial<Ticket> = {}) =>
  aTicket({ status: 'reported', channel: 'simulator', reportedBy: { kind: 'api', id: 'room-1' }, ...changes })

describe('the simulated control room', () => {
  test('[SM3] works a ticket that the simulator has reported', () => {
    const { room, said } = roomWith({ tickets: [ownTicket()] })
    room.tick(T0 + HOUR_MS)
    expect(said).toEqual(['triage ticket-1'])
  })

  test.each([
    ['a person at a console', { channel: 'console', reportedBy: { kind: 'user', id: 'dispatcher-1' } }],
    ['a resident', { channel: 'resident', reportedBy: { kind: 'resident', id: null } }],
    ['another simulator', { channel: 'simulator', reportedBy: { kind: 'api', id: 'room-2' } }],
  ] as const)('[SM3] leaves a ticket of %s alone', (_, changes) => {
    const { room, said } = roomWith({ tickets: [ownTicket(changes)] })
    room.tick(T0 + HOUR_MS)
    expect(said).toEqual([])
  })

  const offered = (changes: Partial<Dispatch> = {}) => aDispatch({ via: 'phone', expiresAt: T0 + HOUR_MS, ...changes })
  const asked = (dispatch: Dispatch, unit: Unit) =>
    roomWith({ tickets: [aTicket({ status: 'offered' })], dispatches: [dispatch], units: [unit] })

  test('[SM3] answers for a synthetic unit by phone, whoever asks it', () => {
    const willing = [...Array(50).keys()]
      .map((i) => `dispatch-${i}`)
      .find((id) => temperOf(id, SEED).answer === 'accept')
    const { room, said } = asked(offered({ id: willing as string }), aUnit({ synthetic: true }))
    room.tick(T0 + MINUTE_MS)
    expect(said).toEqual([`accept ${willing}`])
  })

  test('[SM3] never answers for a real unit, nor for one whose page is open', () => {
    for (const [dispatch, unit] of [
      [offered(), aUnit({ synthetic: false })],
      [offered({ via: 'page' }), aUnit({ synthetic: true })],
    ] as const) {
      const { room, said } = asked(dispatch, unit)
      room.tick(T0 + MINUTE_MS)
      expect(said).toEqual([])
    }
  })

  test('[SM3] says that a unit has arrived only when it stands at the site', () => {
    const unit = aUnit({ synthetic: true, postLng: 123.5, postLat: 41.9 })
    const walker = walkerOf(unit, [], SEED, T0)
    const dispatch = offered({ status: 'en_route', answeredAt: T0, enRouteAt: T0 })
    const there = aTicket({ status: 'en_route', lng: 123.5, lat: 41.9 })
    const away = aTicket({ status: 'en_route', lng: 123.6, lat: 41.9 })
    for (const [ticket, words] of [
      [there, [`arrive ${dispatch.id}`]],
      [away, []],
    ] as const) {
      const { room, said } = roomWith({ tickets: [ticket], dispatches: [dispatch], units: [unit], walkers: [walker] })
      room.tick(T0)
      room.tick(T0 + MINUTE_MS)
      expect(said).toEqual(words)
    }
  })

  test('[SM2] draws the same fate for the same ticket', () => {
    expect(fateOf('ticket-1', 'lighting', SEED)).toEqual(fateOf('ticket-1', 'lighting', SEED))
    expect(fateOf('ticket-2', 'lighting', SEED)).not.toEqual(fateOf('ticket-1', 'lighting', SEED))
  })
})
