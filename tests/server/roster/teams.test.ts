import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS } from '#domain/instant.ts'
import type { VolunteerService, VolunteerSlot } from '#domain/volunteers.ts'
import { type Asker, CITY, grantFor } from '#tests/support/app.ts'
import { type DutyWorld, dutyWorld } from '#tests/support/duty-world.ts'
import { refusal, taken } from '#tests/support/engagement-world.ts'
import type { MyVolunteering, TeamCard } from '#wire/routes/volunteers.ts'

type Slot = VolunteerSlot & { services: VolunteerService[] }
let world: DutyWorld
let volunteer: Asker
let team: TeamCard
const lead = <T>(path: string, body: object = {}) => world.say<T>(world.supervisor, path, body)
const members = (count: number, unitId: string | null = null) => ({
  members: Array.from({ length: count }, (_, n) => ({
    label: `member ${n}`,
    isPartyMember: n % 2 === 0,
    unitId: n === 0 ? unitId : null,
  })),
})

beforeAll(async () => {
  world = await dutyWorld(1)
  volunteer = await world.asking('volunteer-1', grantFor('volunteer'))
  team = await lead<TeamCard>('/api/volunteer-teams', { name: '一队', subdistrictCode: 'S1' })
})
afterAll(() => world.end())

describe('volunteer teams', () => {
  test('[VO1, VO4] count from ten active members; progress counts those, and rostered housekeepers', async () => {
    const path = `/api/volunteer-teams/${team.team.id}`
    const nine = await lead<TeamCard>(`${path}/members`, members(9, `${CITY}-u3`))
    expect(nine.team).toMatchObject({ active: 9, isValid: false, missing: 1 })
    const slot = {
      title: '巡查',
      startsAt: world.app.clock.now() + HOUR_MS,
      endsAt: world.app.clock.now() + 3 * HOUR_MS,
      wanted: 1,
    }
    expect(await refusal(world.supervisor.ask('POST', `${path}/slots`, slot))).toBe('teamTooSmall')
    expect((await lead<TeamCard>(`${path}/members`, members(1))).team).toMatchObject({
      active: 10,
      isValid: true,
      partyShare: 0.6,
    })
    // Whoever is in a team is in no other, and nobody of the list is added.
    expect(await refusal(world.supervisor.ask('POST', `${path}/members`, members(2, `${CITY}-u3`)))).toBe(
      'alreadyTaken',
    )
    expect(await world.look(world.supervisor, '/api/roster-progress')).toMatchObject({
      teams: 1,
      teamsValid: 1,
      teamsTarget: 1_000,
      volunteers: 10,
      housekeepers: 3,
      housekeepersRostered: 1,
    })
    const elsewhere = await world.asking('officer-2', { ...grantFor('subdistrictOfficer'), subdistrictCode: 'S2' })
    expect(await refusal(elsewhere.ask('GET', path))).toBe('unknown')
  })

  test('[VO2, VO3] a member is asked, says yes, may go; hours recorded by another count when the member confirms', async () => {
    const now = world.app.clock.now()
    const said = { title: '巡查', startsAt: now + HOUR_MS, endsAt: now + 3 * HOUR_MS, wanted: 1 }
    const card = await lead<TeamCard>(`/api/volunteer-teams/${team.team.id}/slots`, said)
    const slot = card.slots[0] as Slot
    expect(new Set(slot.services.map(({ status }) => status))).toEqual(new Set(['offered']))
    const path = `/api/volunteer-slots/${slot.id}`
    expect(await refusal(world.supervisor.ask('POST', `${path}/answer`, { yes: true }))).toBe('notAllowed')
    const mine = () => world.look<MyVolunteering>(volunteer, '/api/my-volunteering')
    const me = (await mine()).member?.id ?? ''
    const record = (minutes: number) => world.supervisor.ask('POST', `${path}/record`, { memberId: me, minutes })
    await taken(volunteer.ask('POST', `${path}/answer`, { yes: true }))
    await taken(volunteer.ask('POST', `${path}/answer`, { yes: false }))
    expect((await mine()).slots[0]?.service.status).toBe('withdrawn')
    const second = await lead<TeamCard>(`/api/volunteer-teams/${team.team.id}/slots`, { ...said, title: '清雪' })
    const next = second.slots.find(({ title }) => title === '清雪') as Slot
    await taken(volunteer.ask('POST', `/api/volunteer-slots/${next.id}/answer`, { yes: true }))
    expect(await refusal(record(60))).toBe('tooEarly')
    world.app.clock.advance(2 * HOUR_MS)
    expect(await refusal(record(60))).toBe('notInThisState')
    const recording = (minutes: number) =>
      lead<Slot>(`/api/volunteer-slots/${next.id}/record`, { memberId: me, minutes })
    await recording(6_0)
    expect((await mine()).confirmedMinutes).toBe(0)
    await taken(volunteer.ask('POST', `/api/volunteer-slots/${next.id}/confirm`, { isRight: false }))
    await recording(90)
    await taken(volunteer.ask('POST', `/api/volunteer-slots/${next.id}/confirm`, { isRight: true }))
    expect((await mine()).confirmedMinutes).toBe(90)
    await expect(recording(120)).rejects.toThrow('notInThisState')
  })
})
