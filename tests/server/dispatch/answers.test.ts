import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seededRandom, shuffled } from '#domain/random.ts'
import { expireOffers } from '#server/dispatch/expiry.ts'
import { aUnit, T0 } from '#tests/support/dispatch-rows.ts'
import {
  type Asker,
  asRole,
  DISPATCHER,
  type DispatchWorld,
  dispatchWorld,
  dutyOf,
  eventsOf,
  unitItself,
} from '#tests/support/dispatch-world.ts'
import * as wire from '#wire/routes/dispatches.ts'

const CROWD = 200
let world: DispatchWorld

beforeAll(async () => {
  const units = Array.from({ length: CROWD + 100 }, (_, index) =>
    aUnit({
      id: `unit-${index}`,
      index,
      callsign: `管家 ${index}`,
      kind: index % 4 === 3 ? 'volunteer' : 'housekeeper',
    }),
  )
  world = await dispatchWorld({ units, max: 20 })
})
afterAll(() => world.end())

let next = CROWD
const freshUnits = (count: number) => Array.from({ length: count }, () => `unit-${next++}`)
const freshVolunteer = () => {
  while (next % 4 !== 3) next++
  return `unit-${next++}`
}

const offer = async (ticketId: string, unitIds: string[], more: object = {}) => {
  const body = { unitIds, mode: 'batch', ...more }
  const answer = await world.ask(wire.offerTicket, DISPATCHER, { params: { id: ticketId }, body })
  if (!answer.dispatches) throw new Error(answer.why)
  return answer.dispatches as { id: string; unitId: string }[]
}
const say = (verb: keyof typeof wire.dispatchCommands, id: string, who: Asker, body: object = {}, key?: string) =>
  world.ask(wire.dispatchCommands[verb], who, { params: { id }, body, ...(key && { key }) })

describe('one winner', () => {
  test('[DP1] of 200 who accept at once exactly one wins and every other is told that it is taken', async () => {
    const ticket = await world.placedTicket()
    const made = await offer(
      ticket.id,
      Array.from({ length: CROWD }, (_, index) => `unit-${index}`),
    )
    expect(made.length).toBe(CROWD)
    const rush = shuffled(seededRandom(5341, 'rush'), made)
    const answers = await Promise.all(rush.map(({ id, unitId }) => say('accept', id, unitItself(unitId))))
    const winners = answers.filter((answer) => answer.dispatch)
    expect(winners.length).toBe(1)
    expect(answers.filter((answer) => answer.why === 'alreadyTaken').length).toBe(CROWD - 1)
    const { dispatches, ticket: after, log } = await world.rows(ticket.id)
    const [winner] = dispatches.filter(({ status }) => status === 'accepted')
    expect(dispatches.filter(({ status }) => status === 'lost').length).toBe(CROWD - 1)
    expect(after).toMatchObject({
      status: 'accepted',
      unitId: winner?.unitId,
      acceptedBy: { kind: 'unit', id: winner?.unitId },
    })
    expect(log.filter(({ kind }) => kind === 'accept').length).toBe(1)
    expect(log.filter(({ kind }) => kind === 'offerLost').length).toBe(CROWD - 1)
  })

  test('[DP1] the losers are in the winner’s own event, which is told to them', async () => {
    const ticket = await world.placedTicket()
    const made = await offer(ticket.id, freshUnits(3))
    const before = (await eventsOf(world)).length
    await say('accept', made[1]?.id ?? '', unitItself(made[1]?.unitId ?? ''))
    const news = (await eventsOf(world)).slice(before)
    expect(news.map(({ kind }) => kind)).toEqual(['ticket:accepted'])
    expect(news[0]?.audience.unitIds.sort()).toEqual(made.map(({ unitId }) => unitId).sort())
    expect(news[0]?.state.dispatches?.map(({ status }) => status).sort()).toEqual(['accepted', 'lost', 'lost'])
    expect(news[0]?.state.units).toMatchObject([{ id: made[1]?.unitId, duty: 'busy' }])
  })

  test('[DP1, CM1] an accept sent again with its key changes nothing and is answered as the first time', async () => {
    const ticket = await world.placedTicket()
    const [made] = await offer(ticket.id, freshUnits(1))
    const unit = unitItself(made?.unitId ?? '')
    const first = await say('accept', made?.id ?? '', unit, {}, 'tap-1')
    const count = (await eventsOf(world)).length
    world.clock.advance(60_000)
    const again = await Promise.all([1, 2, 3].map(() => say('accept', made?.id ?? '', unit, {}, 'tap-1')))
    expect(again).toEqual([first, first, first])
    expect((await eventsOf(world)).length).toBe(count)
    expect(await say('accept', made?.id ?? '', unit, {}, 'tap-2')).toEqual({ ok: false, why: 'notOffered' })
  })

  test('[DP1] once somebody has the task nobody who waited for a turn is asked, not even when it comes back', async () => {
    const ticket = await world.placedTicket()
    const ids = freshUnits(3)
    const [made] = await offer(ticket.id, ids, { mode: 'sequence' })
    const me = unitItself(ids[0] ?? '')
    await say('accept', made?.id ?? '', me)
    expect((await world.rows(ticket.id)).waiting).toEqual([])
    await say('return', made?.id ?? '', me, { reason: 'wrong tools' })
    world.clock.advance(600_000)
    await expireOffers(world.db, world.fleet, world.clock.now())
    const { dispatches, ticket: after } = await world.rows(ticket.id)
    expect({ sent: dispatches.length, status: after.status }).toEqual({ sent: 1, status: 'returned' })
  })

  test('[DP1] two dispatchers, the units and the clock at once leave one consistent outcome', async () => {
    const random = seededRandom(5341, 'race')
    for (let round = 0; round < 12; round++) {
      const ticket = await world.placedTicket()
      const [a, b, c] = freshUnits(3) as [string, string, string]
      const now = world.clock.now()
      const [one] = await offer(ticket.id, [a, b], { mode: 'sequence', ttlMs: 90_000 })
      world.clock.set(now + 90_000 - (round % 3))
      const acts = shuffled(random, [
        () => say('accept', one?.id ?? '', unitItself(a)),
        () => say('accept', one?.id ?? '', DISPATCHER, { byPhone: true }),
        () => say('decline', one?.id ?? '', DISPATCHER, { byPhone: true, reason: 'noAnswer' }),
        () => say('withdraw', one?.id ?? '', asRole('shiftSupervisor')),
        () =>
          world.ask(wire.offerTicket, DISPATCHER, { params: { id: ticket.id }, body: { unitIds: [c], mode: 'batch' } }),
        () => expireOffers(world.db, world.fleet, now + 90_000),
        () => expireOffers(world.db, world.fleet, now + 90_000),
      ])
      await Promise.all(acts.map((act) => act()))
      const rows = await world.rows(ticket.id)
      const active = rows.dispatches.filter(({ status }) => status === 'accepted')
      const standing = rows.dispatches.filter(({ status }) => status === 'offered')
      const expected = active.length > 0 ? 'accepted' : standing.length > 0 ? 'offered' : 'placed'
      expect({ status: rows.ticket.status, winners: active.length <= 1 }).toEqual({ status: expected, winners: true })
      expect(active.length > 0 && standing.length > 0).toBe(false)
      expect(rows.ticket.unitId).toBe(active[0]?.unitId ?? null)
      expect(rows.log.filter(({ kind }) => kind === 'expire').length).toBeLessThanOrEqual(1)
      for (const unitId of [a, b, c]) {
        expect(await dutyOf(world, unitId)).toBe(active.some((one_) => one_.unitId === unitId) ? 'busy' : 'onDuty')
      }
      world.clock.set(T0 + (round + 10) * 600_000)
      await expireOffers(world.db, world.fleet, world.clock.now())
    }
  })
})

describe('who answers', () => {
  test('[DP2, AC1] another unit is refused, a manager too, and a dispatcher who does not say it was by phone', async () => {
    const ticket = await world.placedTicket()
    const [made] = await offer(ticket.id, freshUnits(1))
    const id = made?.id ?? ''
    expect(await say('accept', id, unitItself('unit-1'))).toEqual({ ok: false, why: 'notYours' })
    expect(await say('accept', id, unitItself('unit-1'), { byPhone: true })).toEqual({ ok: false, why: 'notAllowed' })
    expect(await say('accept', id, asRole('manager'), { byPhone: true })).toEqual({ ok: false, why: 'notAllowed' })
    expect(await say('accept', id, DISPATCHER)).toEqual({ ok: false, why: 'notAllowed' })
    expect(await say('accept', id, asRole('dispatcher', { tenant: 'elsewhere' }), { byPhone: true })).toEqual({
      ok: false,
      why: 'unknown',
    })
  })

  test('[DP2] what a dispatcher heard on the phone is kept as the dispatcher’s', async () => {
    const ticket = await world.placedTicket()
    const [made] = await offer(ticket.id, freshUnits(1))
    const answer = await say('accept', made?.id ?? '', DISPATCHER, { byPhone: true })
    expect(answer).toMatchObject({
      ticket: { status: 'accepted', acceptedBy: DISPATCHER.actor },
      dispatch: { answeredBy: DISPATCHER.actor },
    })
    expect((await world.rows(ticket.id)).log.at(-1)).toMatchObject({ kind: 'accept', detail: { byPhone: true } })
  })

  test('[DP3] a volunteer whose page is open answers there; without it the dispatcher may record the word', async () => {
    const ticket = await world.placedTicket()
    const volunteer = freshVolunteer()
    world.fleet.reach.enter(volunteer)
    const [made] = await offer(ticket.id, [volunteer])
    const byPhone = () => say('accept', made?.id ?? '', DISPATCHER, { byPhone: true })
    expect(await byPhone()).toEqual({ ok: false, why: 'volunteerNotOrdered' })
    world.fleet.reach.leave(volunteer)
    expect(await byPhone()).toMatchObject({ dispatch: { status: 'accepted' } })
  })

  test('[DP6] an offer past its time is refused though nobody has ended it yet', async () => {
    const ticket = await world.placedTicket()
    const [made] = await offer(ticket.id, freshUnits(1), { ttlMs: 100_000 })
    world.clock.advance(100_000)
    const unit = unitItself(made?.unitId ?? '')
    expect(await say('accept', made?.id ?? '', unit)).toEqual({ ok: false, why: 'offerExpired' })
    await expireOffers(world.db, world.fleet, world.clock.now())
    expect(await say('accept', made?.id ?? '', unit)).toEqual({ ok: false, why: 'offerExpired' })
  })
})

describe('saying no', () => {
  test('[DP7] the next in turn is asked at once; after the last no the ticket is placed again and the alarm sounds', async () => {
    const ticket = await world.placedTicket()
    const [a, b] = freshUnits(2) as [string, string]
    const [first] = await offer(ticket.id, [a, b], { mode: 'sequence' })
    const before = (await eventsOf(world)).length
    const declined = await say('decline', first?.id ?? '', unitItself(a), { reason: 'tooFar' })
    expect(declined).toMatchObject({
      ticket: { status: 'offered' },
      dispatch: { status: 'declined', declineReason: 'tooFar' },
    })
    const news = (await eventsOf(world)).slice(before)
    expect(news.map(({ kind }) => kind)).toEqual(['ticket:declined', 'ticket:offered'])
    const second = (await world.rows(ticket.id)).dispatches.find(({ unitId }) => unitId === b)
    expect(second).toMatchObject({ status: 'offered', offeredBy: DISPATCHER.actor })
    const last = await say('decline', second?.id ?? '', unitItself(b), { reason: 'busy' })
    expect(last.ticket.status).toBe('placed')
    const rows = await world.rows(ticket.id)
    expect(rows.alarms).toMatchObject([{ kind: 'offersExhausted', late: false }])
    expect(rows.ticket.status).toBe('placed')
  })

  test('[DP7] a no in a batch leaves the other offers standing', async () => {
    const ticket = await world.placedTicket()
    const [a, b] = (await offer(ticket.id, freshUnits(2))) as [
      { id: string; unitId: string },
      { id: string; unitId: string },
    ]
    await say('decline', a.id, unitItself(a.unitId), { reason: 'busy' })
    expect((await world.rows(ticket.id)).ticket.status).toBe('offered')
    expect(await say('accept', b.id, unitItself(b.unitId))).toMatchObject({ ticket: { status: 'accepted' } })
  })
})
