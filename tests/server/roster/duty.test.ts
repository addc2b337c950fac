import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CoverOffer, DutyShift, DutySwap } from '#domain/duty-shift.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import { type Asker, grantFor } from '#tests/support/app.ts'
import { CLUSTER, type DutyWorld, dutyWorld, MONDAY, onDays, unitId, worker } from '#tests/support/duty-world.ts'
import { refusal, taken } from '#tests/support/engagement-world.ts'
import type { CoverCandidate, DutyNow, MyDuty } from '#wire/roster-shapes.ts'

let world: DutyWorld
const person = (n: number) => world.workers[n - 1] as Asker
const lead = <T>(path: string, body: object = {}) => world.say<T>(world.supervisor, path, body)
const board = (who = world.supervisor) => world.look<DutyNow>(who, '/api/duty/now')
const mine = (n: number, more = '') => world.look<MyDuty>(person(n), `/api/my-duty${more}`)
const at = async (n: number, day: string) => (await world.shiftOf(n, day)).startsAt

beforeAll(async () => {
  world = await dutyWorld(6)
  await world.published([
    ...onDays(1, 'D8', MONDAY, 5),
    ...onDays(2, 'D8', MONDAY, 5),
    ...onDays(3, 'E8', MONDAY, 5),
    ...onDays(4, 'E8', MONDAY, 5),
  ])
})
afterAll(() => world.end())

describe('duty', () => {
  test('[RD4] is begun by the person or for them, and the place is asked of who has consented', async () => {
    world.app.clock.set((await at(1, MONDAY)) - 5 * MINUTE_MS)
    const [one, two] = [await world.shiftOf(1, MONDAY), await world.shiftOf(2, MONDAY)]
    expect(await refusal(person(2).ask('POST', `/api/duty-shifts/${one.id}/start`, {}))).toBe('unknown')
    const far = { lng: 123.5, lat: 41.4 }
    const begun = await taken<DutyShift>(person(1).ask('POST', `/api/duty-shifts/${one.id}/start`, far))
    expect(begun).toMatchObject({ status: 'started', startedFor: false })
    expect(begun.startDistanceM).toBeGreaterThan(5_000)
    const key = { 'idempotency-key': 'once' }
    const again = [1, 2].map(() => world.supervisor.ask('POST', `/api/duty-shifts/${two.id}/start`, far, key))
    const answers = (await Promise.all(again)).map(({ body }) => JSON.parse(body) as DutyShift)
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({ startedFor: true, startDistanceM: null })
    expect([(await world.unit(1)).duty, (await world.unit(2)).duty]).toEqual(['onDuty', 'onDuty'])
    const ended = await refusal(person(1).ask('POST', `/api/duty-shifts/${one.id}/end`, {}))
    expect(ended).toBe('missingReason')
  })

  test("[RD8] is shown of the reader's own clusters, and alarms ring there alone", async () => {
    const elsewhere = await world.asking('s2', { ...grantFor('shiftSupervisor'), subdistrictCode: 'S2' })
    expect((await board(elsewhere)).shifts).toEqual([])
    const { shifts, callsigns } = await board()
    expect(shifts.map(({ status }) => status).sort()).toEqual(['confirmed', 'confirmed', 'started', 'started'])
    expect(callsigns[unitId(3)]).toBe('housekeeper h3')
    world.app.clock.set((await at(3, MONDAY)) + 5 * MINUTE_MS)
    const evening = await world.shiftOf(3, MONDAY)
    await taken(person(3).ask('POST', `/api/duty-shifts/${evening.id}/start`, {}))
    await world.tick()
    const alarmsFor = async (who: Asker) => {
      const { alarms } = await world.look<{ alarms: { kind: string; id: string }[] }>(who, '/api/feed/snapshot')
      return alarms.filter(({ kind }) => kind.startsWith('duty') || kind.startsWith('handOver'))
    }
    const rung = await alarmsFor(world.supervisor)
    expect(rung.map(({ kind }) => kind).sort()).toEqual(['dutyNoShow', 'handOverUnstarted', 'handOverUnstarted'])
    expect(await alarmsFor(elsewhere)).toEqual([])
    const path = `/api/alarms/${rung[0]?.id}/acknowledge`
    expect(await refusal(elsewhere.ask('POST', path, {}))).toBe('notAllowed')
  })

  test('[RD5] who comes late is on duty all the same while nobody has taken the gap, and the alarm falls silent', async () => {
    const late = await world.shiftOf(4, MONDAY)
    expect(late.status).toBe('noShow')
    await taken(person(4).ask('POST', `/api/duty-shifts/${late.id}/start`, {}))
    expect(await world.openAlarms()).not.toContain('dutyNoShow')
    expect((await world.shifts()).filter(({ coversId }) => coversId === late.id).map(({ status }) => status)).toEqual([
      'released',
    ])
    const { covers } = await board()
    expect(covers.map(({ status }) => status)).not.toContain('offered')
    await world.tick()
    expect(await world.openAlarms()).not.toContain('dutyNoShow')
  })

  test('[RD7] a hand-over is taken once, by somebody whose shift goes on', async () => {
    const [day, evening] = [await world.shiftOf(1, MONDAY), await world.shiftOf(3, MONDAY)]
    expect(await refusal(person(3).ask('POST', `/api/duty-shifts/${day.id}/take-over`, { shiftId: evening.id }))).toBe(
      'notInThisState',
    )
    await taken(person(1).ask('POST', `/api/duty-shifts/${day.id}/hand-over`, { note: 'keys in the box' }))
    const other = await world.shiftOf(2, MONDAY)
    const by = (shiftId: string) => lead(`/api/duty-shifts/${day.id}/take-over`, { shiftId })
    await expect(by(other.id)).rejects.toThrow('notYours')
    await by(evening.id)
    await expect(by(evening.id)).rejects.toThrow('alreadyTaken')
  })

  test('[RD9] a person sees the own roster, the team when asked for, and no leave of others', async () => {
    await world.say(person(2), `/api/roster-people/${unitId(2)}/leaves`, {
      from: '2026-04-01',
      until: '2026-04-02',
      kind: 'sick',
    })
    const own = await mine(1)
    expect(own.shifts).toHaveLength(5)
    expect([own.team, own.leaves]).toEqual([null, []])
    const { team } = await mine(1, '?team=true')
    expect(new Set(team?.map(({ callsign }) => callsign)).size).toBe(4)
    expect(JSON.stringify(team)).not.toContain('sick')
    const { notices } = own
    await world.say(person(1), '/api/my-duty/read', { upTo: world.app.clock.now() })
    expect((await mine(1)).notices.map(({ readAt }) => readAt !== null)).toEqual(notices.map(() => true))
  })

  test('[RD10] the calendar shows the shifts as they stand to who has the link, until it is revoked or made anew', async () => {
    const link = await world.say<{ path: string }>(person(1), '/api/my-duty/calendar')
    const file = await world.app.ask('GET', link.path)
    expect(file.headers['content-type']).toContain('text/calendar')
    expect(file.body.match(/BEGIN:VEVENT/g)).toHaveLength(5)
    expect(file.body).toContain('DTSTART:20260309T000000Z')
    const anew = await world.say<{ path: string }>(person(1), '/api/my-duty/calendar')
    expect((await world.app.ask('GET', link.path)).statusCode).toBe(404)
    expect((await world.app.ask('GET', anew.path)).statusCode).toBe(200)
    await taken(person(1).ask('DELETE', '/api/my-duty/calendar'))
    expect((await world.app.ask('GET', anew.path)).statusCode).toBe(404)
    expect((await mine(1)).calendarSince).toBeNull()
  })
})

describe('cover', () => {
  const TUESDAY = '2026-03-10'
  test('[RW1] is offered to those whom the rules let, in turn, and the supervisor is told when nobody is left', async () => {
    const shift = await world.shiftOf(1, TUESDAY)
    const candidates = await world.look<CoverCandidate[]>(world.supervisor, `/api/duty-shifts/${shift.id}/candidates`)
    const free = candidates.filter(({ bars }) => bars.length === 0).map(({ unitId: id }) => id)
    expect(free.sort()).toEqual([unitId(5), unitId(6)])
    expect(candidates.find(({ unitId: id }) => id === unitId(3))?.bars).toContain('oneShift')
    await lead(`/api/duty-shifts/${shift.id}/cover`, { reason: 'called in sick' })
    for (let asked = 0; asked < 2; asked++) {
      const [offer] = (await board()).covers.filter(({ status }) => status === 'offered')
      const who = Number(offer?.unitId.split('-h')[1])
      expect((await mine(who)).covers.map(({ offer: { id } }) => id)).toEqual([offer?.id])
      await taken(person(who).ask('POST', `/api/cover-offers/${offer?.id}/decline`, {}))
    }
    expect(await world.openAlarms()).toContain('coverExhausted')
    expect(await refusal(person(1).ask('GET', `/api/duty-shifts/${shift.id}/candidates`))).toBe('notAllowed')
  })

  test('[RW2] has one winner, however often and by whomever it is taken at once', async () => {
    const shift = await world.shiftOf(2, '2026-03-11')
    await lead(`/api/duty-shifts/${shift.id}/cover`, { reason: 'ill' })
    const gap = (await world.shifts()).find(({ coversId }) => coversId === shift.id) as DutyShift
    world.app.clock.set(gap.startsAt - 30 * MINUTE_MS)
    await world.tick()
    const offer = (await board()).covers.find(
      ({ shiftId, status }) => shiftId === gap.id && status === 'offered',
    ) as CoverOffer
    const who = person(Number(offer.unitId.split('-h')[1]))
    const tries = Array.from({ length: 6 }, () => who.ask('POST', `/api/cover-offers/${offer.id}/accept`, {}))
    expect((await Promise.all(tries)).map(({ statusCode }) => statusCode).sort()).toEqual([
      200, 409, 409, 409, 409, 409,
    ])
    const holders = (await world.shifts()).filter(({ coversId }) => coversId === shift.id)
    expect(holders.map(({ unitId: id, status }) => [id, status])).toEqual([[offer.unitId, 'confirmed']])
  })
})

describe('a swap', () => {
  const [THURSDAY, FRIDAY] = ['2026-03-12', '2026-03-13']
  const propose = (n: number, body: object) => person(n).ask('POST', '/api/duty-swaps', body)

  test('[RW3] needs the other, one open proposal a shift, and a shift that has not begun', async () => {
    const shift = await world.shiftOf(1, THURSDAY)
    const give = { kind: 'give', shiftId: shift.id, otherUnitId: unitId(5) }
    expect(await refusal(propose(2, give))).toBe('unknown')
    const swap = await taken<DutySwap>(propose(1, give))
    expect(await refusal(propose(1, give))).toBe('alreadyOffered')
    expect(await refusal(person(6).ask('POST', `/api/duty-swaps/${swap.id}/agree`, {}))).toBe('unknown')
    expect((await mine(5)).swaps.map(({ id }) => id)).toEqual([swap.id])
    await world.say(person(5), `/api/duty-swaps/${swap.id}/decline`)
    expect(await refusal(person(5).ask('POST', `/api/duty-swaps/${swap.id}/agree`, {}))).toBe('notInThisState')
    expect((await world.shiftOf(1, THURSDAY)).id).toBe(shift.id)
    const begun = await world.shiftOf(1, MONDAY)
    expect(await refusal(propose(1, { ...give, shiftId: begun.id }))).toBe('notInThisState')
  })

  test('[RW4] that breaks a hard rule for either is refused; with approval the supervisor has the last word', async () => {
    const [thursday, evening] = [await world.shiftOf(1, THURSDAY), await world.shiftOf(3, FRIDAY)]
    // h3 works that evening himself: the day would be his second shift.
    expect(await refusal(propose(1, { kind: 'give', shiftId: thursday.id, otherUnitId: unitId(3) }))).toBe('ruleBroken')
    await lead(`/api/duty-clusters/${CLUSTER}/change`, { settings: { swapsNeedApproval: true } })
    const friday = await world.shiftOf(1, FRIDAY)
    const swap = await taken<DutySwap>(propose(1, { kind: 'swap', shiftId: friday.id, otherShiftId: evening.id }))
    await world.say(person(3), `/api/duty-swaps/${swap.id}/agree`)
    expect((await world.shiftOf(1, FRIDAY)).id).toBe(friday.id)
    expect(await refusal(person(3).ask('POST', `/api/duty-swaps/${swap.id}/approve`, {}))).toBe('notAllowed')
    await lead(`/api/duty-swaps/${swap.id}/approve`)
    expect([(await world.shiftOf(1, FRIDAY)).id, (await world.shiftOf(3, FRIDAY)).id]).toEqual([evening.id, friday.id])
    expect(worker(1)[1]).toMatchObject({ mode: 'standard' })
  })
})
