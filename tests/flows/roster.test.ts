import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RosterHead } from '#domain/duty-roster.ts'
import type { CoverOffer, DutyShift, DutySwap, HandOver } from '#domain/duty-shift.ts'
import type { FeedRange } from '#domain/feed.ts'
import { HOUR_MS, MINUTE_MS } from '#domain/instant.ts'
import { headOf } from '#server/feed/log.ts'
import { type Asker, CITY } from '#tests/support/app.ts'
import { CLUSTER, type DutyWorld, dutyWorld, MONDAY, onDays, unitId } from '#tests/support/duty-world.ts'
import { refusal, taken } from '#tests/support/engagement-world.ts'
import type { DutyNow, MyDuty, PayrollLine, RosterCard, RosterEdited, RosterPublished } from '#wire/roster-shapes.ts'

let world: DutyWorld
const worker = (n: number) => world.workers[n - 1] as Asker
const lead = <T>(path: string, body: object = {}) => world.say<T>(world.supervisor, path, body)
const mine = (n: number) => world.look<MyDuty>(worker(n), '/api/my-duty')

beforeAll(async () => {
  world = await dutyWorld(6)
})
afterAll(() => world.end())

async function heard(who: Asker): Promise<string[]> {
  const head = await headOf(world.app.db, CITY)
  const range = await world.look<FeedRange>(who, `/api/feed?since=0&epoch=${head?.epoch}&limit=5000`)
  return range.events.map(({ kind }) => kind)
}

const week = () => [...onDays(1, 'D8', MONDAY, 5), ...onDays(2, 'E8', MONDAY, 5), ...onDays(3, 'D8', MONDAY, 2)]

describe('a roster, from the demand to the payroll', () => {
  let roster: RosterHead
  let gapOffer: CoverOffer

  test('[P12] demand typed, drafted, judged, reviewed and published in one event: everybody touched is told, nobody else', async () => {
    const demand = Array.from({ length: 168 }, (_, hour) => (hour % 24 >= 8 && hour < 120 ? 1 : 0))
    await lead(`/api/duty-clusters/${CLUSTER}/demand`, { skill: 'plumbingElectrical', week: demand })
    const head = await world.drafted(week())
    const card = await world.look<RosterCard>(world.supervisor, `/api/rosters/${head.id}`)
    expect(card.score).toMatchObject({ breaks: 0, demandHours: 80, coveredHours: 80 })
    const worse = await lead<RosterEdited>(`/api/rosters/${head.id}/edit`, {
      revision: head.revision,
      edits: [{ personId: unitId(2), day: '2026-03-12', shiftId: null }],
    })
    expect(worse.score.coveredHours).toBe(72)
    const { roster: mended } = await lead<RosterEdited>(`/api/rosters/${head.id}/edit`, {
      revision: worse.roster.revision,
      edits: worse.undo,
    })
    const { revision } = await lead<RosterHead>(`/api/rosters/${head.id}/review`, { revision: mended.revision })
    const before = await heard(worker(4))
    const done = await lead<RosterPublished>(`/api/rosters/${head.id}/publish`, { revision, reason: 'next week' })
    roster = done.roster
    expect(done.publication).toMatchObject({ number: 1, added: 12, removed: 0 })
    expect((await heard(world.supervisor)).filter((kind) => kind === 'roster:published')).toHaveLength(1)
    expect(await heard(worker(1))).toContain('roster:published')
    expect(await heard(worker(4))).toEqual(before)
    expect((await mine(1)).notices.map(({ kind }) => kind)).toEqual(['shiftGiven'])
    expect((await mine(1)).shifts).toHaveLength(5)
  })

  test('[P12] on Monday one begins, the other does not come: the alarm rings after five minutes and the best fitting is asked', async () => {
    const { startsAt } = await world.shiftOf(1, MONDAY)
    world.app.clock.set(startsAt - 10 * MINUTE_MS)
    const shift = await world.shiftOf(1, MONDAY)
    expect((await world.unit(1)).duty).toBe('offDuty')
    await taken(worker(1).ask('POST', `/api/duty-shifts/${shift.id}/start`, { lng: 123.4, lat: 41.4 }))
    expect((await world.unit(1)).duty).toBe('onDuty')
    world.app.clock.set(startsAt + 5 * MINUTE_MS - 1)
    await world.tick()
    expect(await world.openAlarms()).toEqual([])
    world.app.clock.set(startsAt + 5 * MINUTE_MS)
    await world.tick()
    expect(await world.openAlarms()).toEqual(['dutyNoShow'])
    const now = await world.look<DutyNow>(world.supervisor, '/api/duty/now')
    const missed = now.shifts.find(({ status }) => status === 'noShow') as DutyShift
    expect(missed.unitId).toBe(unitId(3))
    gapOffer = now.covers.find(({ status }) => status === 'offered') as CoverOffer
    // h2 works the evening of that day already: one shift a day.
    expect([unitId(4), unitId(5), unitId(6)]).toContain(gapOffer.unitId)
  })

  test('[P12] the first does not answer in time, the second accepts and has it; who comes late is told so', async () => {
    world.app.clock.set(gapOffer.expiresAt)
    await world.tick()
    const now = await world.look<DutyNow>(world.supervisor, '/api/duty/now')
    const next = now.covers.find(({ status }) => status === 'offered') as CoverOffer
    expect(next.unitId).not.toBe(gapOffer.unitId)
    const first = Number(gapOffer.unitId.split('-h')[1])
    const second = Number(next.unitId.split('-h')[1])
    expect(await refusal(worker(first).ask('POST', `/api/cover-offers/${gapOffer.id}/accept`, {}))).toBe('offerExpired')
    expect(await refusal(worker(first).ask('POST', `/api/cover-offers/${next.id}/accept`, {}))).toBe('unknown')
    await taken(worker(second).ask('POST', `/api/cover-offers/${next.id}/accept`, {}))
    expect(await world.openAlarms()).toEqual([])
    const held = await world.shiftOf(second, MONDAY)
    expect(held).toMatchObject({ status: 'confirmed', kind: 'D8' })
    await taken(worker(second).ask('POST', `/api/duty-shifts/${held.id}/start`, {}))
    const late = await world.shiftOf(3, MONDAY)
    expect(late.status).toBe('covered')
    expect(await refusal(worker(3).ask('POST', `/api/duty-shifts/${late.id}/start`, {}))).toBe('notInThisState')
    await lead(`/api/duty-shifts/${held.id}/end`, { reason: 'sent home: the leak is mended' })
  })

  test('[P12] the day is handed over with a note, taken over by the evening, and both go off duty', async () => {
    const day = await world.shiftOf(1, MONDAY)
    const evening = await world.shiftOf(2, MONDAY)
    world.app.clock.set(day.endsAt - 15 * MINUTE_MS)
    await taken(worker(2).ask('POST', `/api/duty-shifts/${evening.id}/start`, {}))
    await taken(
      worker(1).ask('POST', `/api/duty-shifts/${day.id}/hand-over`, { note: 'the pump of gate 3 still drips' }),
    )
    expect((await mine(2)).handOvers.map(({ note }) => note)).toEqual(['the pump of gate 3 still drips'])
    const taking = await taken<HandOver>(
      worker(2).ask('POST', `/api/duty-shifts/${day.id}/take-over`, { shiftId: evening.id }),
    )
    expect(taking.takenBy).toBe(unitId(2))
    world.app.clock.set(day.endsAt + MINUTE_MS)
    await world.tick()
    expect(await world.openAlarms()).toEqual([])
    await taken(worker(1).ask('POST', `/api/duty-shifts/${day.id}/end`, {}))
    expect((await world.unit(1)).duty).toBe('offDuty')
    world.app.clock.set(evening.endsAt)
    await world.tick()
    expect(await world.openAlarms()).toEqual(['handOverUnstarted'])
    await taken(worker(2).ask('POST', `/api/duty-shifts/${evening.id}/hand-over`, { note: 'quiet' }))
    expect(await world.openAlarms()).toEqual([])
    await taken(worker(2).ask('POST', `/api/duty-shifts/${evening.id}/end`, {}))
  })

  test('[P12, RP9] a shift is given away on the phone, and the payroll counts what was worked, by kind', async () => {
    const tuesday = await world.shiftOf(3, '2026-03-10')
    const swap = await world.say<DutySwap>(worker(3), '/api/duty-swaps', {
      kind: 'give',
      shiftId: tuesday.id,
      otherUnitId: unitId(6),
    })
    await world.say(worker(6), `/api/duty-swaps/${swap.id}/agree`)
    expect((await world.shiftOf(6, '2026-03-10')).id).toBe(tuesday.id)
    const lines = await world.look<PayrollLine[]>(world.supervisor, `/api/payroll?from=${MONDAY}&to=2026-03-15`)
    const of = (n: number) => lines.find((line) => line.unitId === unitId(n))
    expect(of(1)).toMatchObject({ shifts: 1, ordinaryMinutes: 480, overtimeMinutes: 0, holidayMinutes: 0 })
    expect(of(2)).toMatchObject({ shifts: 1, ordinaryMinutes: 480 })
    expect(of(3)).toBeUndefined()
    const file = await world.supervisor.ask('GET', `/api/exports/payroll.csv?from=${MONDAY}&to=2026-03-15`)
    expect(file.body).toContain('housekeeper h1')
    expect(roster.status).toBe('published')
    world.app.clock.advance(HOUR_MS)
  })
})
