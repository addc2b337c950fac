import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { communities, districts, neighbourhoods, subdistricts } from '#db/schema/places.ts'
import { photos } from '#db/schema/tickets.ts'
import { offsetM } from '#domain/geo.ts'
import { siteCodeOf } from '#server/dispatch/site-code.ts'
import { slaTimers } from '#server/tickets/timers.ts'
import { aUnit, SITE, T0 } from '#tests/support/dispatch-rows.ts'
import {
  type Asker,
  asRole,
  CITY,
  DISPATCHER,
  type DispatchWorld,
  dispatchWorld,
  dutyOf,
  eventsOf,
  SECRET,
  standsAt,
  unitItself,
} from '#tests/support/dispatch-world.ts'
import * as wire from '#wire/routes/dispatches.ts'

let world: DispatchWorld
let next = 0

beforeAll(async () => {
  const crowd = Array.from({ length: 60 }, (_, index) =>
    aUnit({ id: `unit-${index}`, index, callsign: `管家 ${index}`, dutySince: T0 - 60_000 }),
  )
  world = await dispatchWorld({ units: crowd })
  const named = { tenant: CITY, name: { zh: '区', en: 'District' } }
  await world.db.insert(districts).values({ ...named, code: 'D1', centre: SITE })
  await world.db
    .insert(subdistricts)
    .values({ tenant: CITY, code: 'S1', districtCode: 'D1', name: '街道', kind: 'subdistrict' })
  await world.db
    .insert(neighbourhoods)
    .values({ tenant: CITY, code: 'N1', subdistrictCode: 'S1', name: '社区', kind: 'neighbourhood' })
  const at = { districtCode: 'D1', subdistrictCode: 'S1', neighbourhoodCode: 'N1', lng: SITE[0], lat: SITE[1] }
  await world.db.insert(communities).values([
    { id: 'c1', tenant: CITY, slug: 'community-1', name: '示范小区 1', households: 400, ...at },
    { id: 'c2', tenant: CITY, slug: 'community-2', name: '示范小区 2', households: 400, ...at },
  ])
})
afterAll(() => world.end())

const say = (verb: keyof typeof wire.dispatchCommands, id: string, who: Asker, body: object = {}) =>
  world.ask(wire.dispatchCommands[verb], who, { params: { id }, body })

/** A ticket that this unit has accepted. */
async function taken(changes: Parameters<DispatchWorld['placedTicket']>[0] = {}) {
  const unitId = `unit-${next++}`
  const ticket = await world.placedTicket({ communityId: 'c1', ...changes })
  const body = { unitIds: [unitId], mode: 'sequence' }
  const { dispatches } = await world.ask(wire.offerTicket, DISPATCHER, { params: { id: ticket.id }, body })
  const me = unitItself(unitId)
  await say('accept', dispatches[0].id, me)
  return { ticket, unitId, me, id: dispatches[0].id as string }
}

describe('a task', () => {
  test('[DP9, DP11] goes from accepted to resolved, each step in the log and the feed, and frees its unit at the end', async () => {
    const { ticket, unitId, me, id } = await taken()
    expect(await dutyOf(world, unitId)).toBe('busy')
    world.clock.advance(20_000)
    expect(await say('depart', id, me)).toMatchObject({
      ticket: { status: 'en_route' },
      dispatch: { status: 'en_route' },
    })
    world.clock.advance(100_000)
    expect(await say('arrive', id, me)).toMatchObject({ ticket: { status: 'on_site', arrivalGrade: 'selfReport' } })
    world.clock.advance(300_000)
    const done = await say('resolve', id, me, { note: 'a new washer' })
    expect(done).toMatchObject({
      ticket: { status: 'resolved', resolution: 'a new washer' },
      dispatch: { status: 'done' },
    })
    expect(await dutyOf(world, unitId)).toBe('onDuty')
    const { log } = await world.rows(ticket.id)
    expect(log.map(({ kind }) => kind).slice(-5)).toEqual(['offer', 'accept', 'depart', 'arrive', 'resolve'])
    const last = (await eventsOf(world)).filter(({ kind }) => kind === 'ticket:resolved').at(-1)
    expect(last?.state.units).toMatchObject([{ id: unitId, duty: 'onDuty' }])
    expect(last?.state.dispatches).toMatchObject([{ id, status: 'done' }])
  })

  test('[DP9] steps out of order are refused', async () => {
    const { me, id } = await taken()
    expect(await say('resolve', id, me, { note: 'done' })).toEqual({ ok: false, why: 'notInThisState' })
    await say('depart', id, me)
    expect(await say('depart', id, me)).toEqual({ ok: false, why: 'notInThisState' })
  })

  test('[DP2, AC1] another unit cannot take a step, and a dispatcher only by phone', async () => {
    const { id } = await taken()
    expect(await say('depart', id, unitItself('unit-59'))).toEqual({ ok: false, why: 'notYours' })
    expect(await say('depart', id, DISPATCHER)).toEqual({ ok: false, why: 'notAllowed' })
    expect(await say('depart', id, DISPATCHER, { byPhone: true })).toMatchObject({ dispatch: { status: 'en_route' } })
    expect(await say('return', id, unitItself('unit-59'), { reason: 'no' })).toEqual({ ok: false, why: 'notYours' })
    expect(await say('return', id, asRole('manager'), { reason: 'no' })).toEqual({ ok: false, why: 'notAllowed' })
  })

  test('[TK7] is not resolved without a note or a photo of this very ticket', async () => {
    const { ticket, me, id } = await taken()
    const other = await world.placedTicket()
    const photo = (photoId: string, ticketId: string) =>
      world.db.insert(photos).values({
        id: photoId,
        tenant: CITY,
        ticketId,
        at: T0,
        purpose: 'after',
        width: 1,
        height: 1,
        image: new Uint8Array([1]),
      })
    await photo('mine', ticket.id)
    await photo('elsewhere', other.id)
    await say('arrive', id, me)
    for (const body of [{}, { note: '  ' }, { photoId: 'elsewhere' }, { photoId: 'nowhere', note: 'fixed' }]) {
      expect(await say('resolve', id, me, body)).toEqual({ ok: false, why: 'missingProof' })
    }
    expect(await say('resolve', id, me, { photoId: 'mine' })).toMatchObject({ ticket: { status: 'resolved' } })
  })

  test('[DP11] a unit with two tasks is busy until both are over', async () => {
    const first = await taken()
    const ticket = await world.placedTicket()
    const body = { unitIds: [first.unitId], mode: 'sequence', confirmBusy: true }
    const { dispatches } = await world.ask(wire.offerTicket, DISPATCHER, { params: { id: ticket.id }, body })
    await say('accept', dispatches[0].id, first.me)
    await say('return', dispatches[0].id, first.me, { reason: 'too much' })
    expect(await dutyOf(world, first.unitId)).toBe('busy')
    await say('return', first.id, first.me, { reason: 'too much' })
    expect(await dutyOf(world, first.unitId)).toBe('onDuty')
  })

  test('[DP11] a plan handed in frees the unit, which still resolves the case later', async () => {
    const { unitId, me, id } = await taken({ class: 'major' })
    await say('arrive', id, me)
    const plan = { owner: '物业企业 001', steps: 'replace the main', dueAt: T0 + 86_400_000 }
    expect(await say('plan', id, me, plan)).toMatchObject({ ticket: { status: 'plan_submitted', solutionPlan: plan } })
    expect(await dutyOf(world, unitId)).toBe('onDuty')
    expect(await say('resolve', id, me, { note: 'replaced' })).toMatchObject({ ticket: { status: 'resolved' } })
  })

  test('[TK6] a plan of an ordinary case is refused', async () => {
    const { me, id } = await taken()
    await say('arrive', id, me)
    const plan = { owner: 'o', steps: 's', dueAt: T0 }
    expect(await say('plan', id, me, plan)).toEqual({ ok: false, why: 'notMajor' })
  })

  test('[DP12] given back puts the ticket back with its reason, frees the unit and rings', async () => {
    const { ticket, unitId, me, id } = await taken()
    expect(await say('return', id, me, { reason: 'wrong tools' })).toMatchObject({
      ticket: { status: 'returned', unitId: null, reason: 'wrong tools' },
      dispatch: { status: 'returned' },
    })
    expect(await dutyOf(world, unitId)).toBe('onDuty')
    expect((await world.rows(ticket.id)).alarms).toMatchObject([{ kind: 'ticketReturned', acknowledgedAt: null }])
    // And it can be offered again, to the same unit too.
    const body = { unitIds: [unitId], mode: 'sequence' }
    const again = await world.ask(wire.offerTicket, DISPATCHER, { params: { id: ticket.id }, body })
    expect(again.ticket.status).toBe('offered')
    const rows = await world.rows(ticket.id)
    expect(rows.dispatches.map(({ status }) => status).sort()).toEqual(['offered', 'returned'])
    expect(rows.alarms).toMatchObject([{ kind: 'ticketReturned', acknowledgedAt: world.clock.now() }])
  })

  test('[DP11] the live fleet knows of the changed duty when the answer is given', async () => {
    const { unitId, me, id } = await taken()
    const duty = () => [...world.fleet.units(CITY)].find((unit) => unit.id === unitId)?.duty
    expect(duty()).toBe('busy')
    await say('return', id, me, { reason: 'wrong tools' })
    expect(duty()).toBe('onDuty')
    expect(world.woken.at(-1)).toBe(CITY)
  })
})

describe('arrival', () => {
  const stay = async (unitId: string, eastM: number) => {
    for (let i = 0; i < 5; i++) {
      standsAt(world, unitId, offsetM(SITE, eastM, 0))
      world.clock.advance(5_000)
    }
  }
  const seen = async (ticketId: string) => (await world.rows(ticketId)).log.findLast(({ kind }) => kind === 'arrive')

  test('[AR1, AR2] a stay inside the fence is the best evidence, whoever says so', async () => {
    const { ticket, unitId, id } = await taken()
    await stay(unitId, 40)
    expect(await say('arrive', id, DISPATCHER, { byPhone: true })).toMatchObject({
      ticket: { arrivalGrade: 'geofence' },
      dispatch: { grade: 'geofence', status: 'on_site' },
    })
    expect(await seen(ticket.id)).toMatchObject({
      grade: 'geofence',
      detail: { fence: 'inside', distanceM: 40, byPhone: true },
    })
  })

  test('[AR4] the code at the gate proves the place; another gate’s does not', async () => {
    const right = await taken()
    const siteCode = siteCodeOf(SECRET, 'c1')
    expect(await say('arrive', right.id, right.me, { siteCode })).toMatchObject({ dispatch: { grade: 'siteQr' } })
    for (const wrong of [
      siteCodeOf(SECRET, 'c2'),
      siteCodeOf('another secret', 'c1'),
      'community-1',
      'c1',
      `${siteCode}x`,
    ]) {
      const { ticket, id, me } = await taken()
      expect(await say('arrive', id, me, { siteCode: wrong })).toMatchObject({ dispatch: { grade: 'selfReport' } })
      expect((await seen(ticket.id))?.detail).toMatchObject({ siteCode: 'wrong', fence: 'noFix' })
    }
  })

  test('[AR4] a whole address scanned from the sign is read as its code', async () => {
    const { id, me } = await taken()
    const siteCode = `https://red.example.org/go#${siteCodeOf(SECRET, 'c1')}`
    expect(await say('arrive', id, me, { siteCode })).toMatchObject({ dispatch: { grade: 'siteQr' } })
  })

  test('[AR4] only who sets up devices prints signs', async () => {
    const ask = (id: string) => world.ask(wire.siteCode, asRole('cityAdmin'), { params: { id } })
    expect(await ask('c1')).toEqual({ code: siteCodeOf(SECRET, 'c1') })
    expect(await ask('nowhere')).toEqual({ ok: false, why: 'unknown' })
    expect(wire.siteCode.action).toBe('device.manage')
  })

  test('[TK23, SL11, AR5] tapped in time and told after the breach, its moment is the tap’s, the promise is kept, and the grade tells', async () => {
    const { ticket, me, id } = await taken()
    const takenAt = ticket.reportedAt + 4 * 60_000
    world.clock.set(ticket.reportedAt + 9 * 60_000)
    await slaTimers(() => undefined).run(world.db, world.clock.now())
    expect((await world.rows(ticket.id)).ticket.arriveBreached).toBe(true)
    expect(await say('arrive', id, me, { takenAt })).toMatchObject({
      ticket: { onSiteAt: takenAt, arrivalGrade: 'lateReport', arriveBreached: false, updatedAt: world.clock.now() },
      dispatch: { onSiteAt: takenAt, grade: 'lateReport' },
    })
    expect(await seen(ticket.id)).toMatchObject({
      at: takenAt,
      grade: 'lateReport',
      detail: { tap: { takenAt, deliveredAt: world.clock.now(), doubt: null } },
    })
    const next = world.clock.now() + 2 * 60_000
    world.clock.set(next + 60_000)
    expect(await say('resolve', id, me, { note: 'done', takenAt: next })).toMatchObject({
      ticket: { resolvedAt: next },
    })
  })

  test('[AR5] a stay heard before the phone fell silent is a geofence still when the tap is told later', async () => {
    const { unitId, me, id } = await taken()
    await stay(unitId, 40)
    const takenAt = world.clock.now()
    world.clock.advance(20 * 60_000)
    expect(await say('arrive', id, me, { takenAt })).toMatchObject({
      ticket: { arrivalGrade: 'geofence', onSiteAt: takenAt },
    })
  })

  test('[TK23] a claim that cannot be is kept and not taken, and a dispatcher claims none', async () => {
    const first = await taken()
    const beforeAccept = world.clock.now() - 60_000
    world.clock.advance(60_000)
    expect(await say('arrive', first.id, first.me, { takenAt: beforeAccept })).toMatchObject({
      ticket: { onSiteAt: world.clock.now(), arrivalGrade: 'selfReport' },
    })
    expect((await seen(first.ticket.id))?.detail?.tap).toMatchObject({ takenAt: beforeAccept, doubt: 'beforeLastStep' })
    const second = await taken()
    world.clock.advance(120_000)
    const heard = { byPhone: true, takenAt: world.clock.now() - 60_000 }
    expect(await say('arrive', second.id, DISPATCHER, heard)).toMatchObject({
      ticket: { onSiteAt: world.clock.now(), arrivalGrade: 'dispatcherWord' },
    })
  })

  test('[AR1] the dispatcher’s word is the weakest', async () => {
    const { id } = await taken()
    expect(await say('arrive', id, DISPATCHER, { byPhone: true })).toMatchObject({
      ticket: { arrivalGrade: 'dispatcherWord' },
    })
  })
})
