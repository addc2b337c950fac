import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DutyShift } from '#domain/duty-shift.ts'
import { pick, seededRandom } from '#domain/random.ts'
import { daysFrom } from '#domain/roster/days.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import { heldShifts, liveProblem } from '#server/roster/problem.ts'
import { type Asker, CITY } from '#tests/support/app.ts'
import { CLUSTER, type DutyWorld, dutyWorld, MONDAY, unitId } from '#tests/support/duty-world.ts'
import type { DutyNow, RosterEdit } from '#wire/roster-shapes.ts'

const PEOPLE = 5
let world: DutyWorld
const person = (id: string | null) => world.workers[Number(id?.split('-h')[1]) - 1] as Asker

beforeAll(async () => {
  world = await dutyWorld(PEOPLE)
})
afterAll(() => world.end())

async function breaksNow(): Promise<number> {
  const { problem, roster } = await liveProblem(world.app.db, CITY, '2026-03-22', [CLUSTER])
  return scoreRoster(problem, roster).breaks
}

describe('what is held', () => {
  test('[RW5] breaks no hard rule after random publications, swaps and covers', async () => {
    const random = seededRandom(11, 'lawful')
    const days = daysFrom(MONDAY, 14)
    const kinds = ['D8', 'E8', 'N8', 'D12', 'N12']
    const anyEdit = (): RosterEdit => ({
      personId: unitId(1 + Math.floor(random() * PEOPLE)),
      day: pick(random, days),
      shiftId: pick(random, kinds),
    })
    const outcomes = new Set<number>()
    for (let round = 0; round < 5; round++) {
      const edits = Array.from({ length: 4 + round * 5 }, anyEdit)
      await world.published(edits, 14).then(
        () => outcomes.add(200),
        () => outcomes.add(409),
      )
      expect(await breaksNow()).toBe(0)
    }
    expect(outcomes).toEqual(new Set([200, 409]))
    let done = 0
    for (let step = 0; step < 40; step++) {
      const held = await heldShifts(world.app.db, CITY, { firstDay: MONDAY, days: 14 })
      const shift = pick(random, held)
      const answer = random() < 0.5 ? await swapped(shift, pick(random, held), random()) : await covered(shift)
      if (answer) done++
    }
    expect(await breaksNow()).toBe(0)
    expect(done).toBeGreaterThan(3)
  })
})

async function swapped(shift: DutyShift, other: DutyShift, drawn: number): Promise<boolean> {
  const body =
    drawn < 0.5
      ? { kind: 'swap', shiftId: shift.id, otherShiftId: other.id }
      : { kind: 'give', shiftId: shift.id, otherUnitId: unitId(1 + Math.floor(drawn * PEOPLE)) }
  const proposed = await person(shift.unitId).ask('POST', '/api/duty-swaps', body)
  if (proposed.statusCode !== 200) return false
  const { id, otherUnitId } = JSON.parse(proposed.body)
  return (await person(otherUnitId).ask('POST', `/api/duty-swaps/${id}/agree`, {})).statusCode === 200
}

async function covered(shift: DutyShift): Promise<boolean> {
  const asked = await world.supervisor.ask('POST', `/api/duty-shifts/${shift.id}/cover`, { reason: 'random' })
  if (asked.statusCode !== 200) return false
  const gap = (await world.shifts()).find(({ coversId }) => coversId === shift.id)
  const offers = await Promise.all(
    world.workers.map((who) =>
      world.look<{ covers: DutyNow['covers'] }>(who, '/api/my-duty').then(({ covers }) => covers),
    ),
  )
  const mine = offers.flat() as unknown as { offer: DutyNow['covers'][number] }[]
  const offer = mine.find((one) => one.offer.shiftId === gap?.id)?.offer
  if (!offer) return false
  return (await person(offer.unitId).ask('POST', `/api/cover-offers/${offer.id}/accept`, {})).statusCode === 200
}
