import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tickets } from '#db/schema/tickets.ts'
import type { ClusterDemand, DutyCluster, KeptShiftKind, LeaveRecord } from '#domain/duty-roster.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/instant.ts'
import { DEFAULT_ROSTER_RULES } from '#domain/roster/rules.ts'
import { type Asker, CITY, grantFor, T0 } from '#tests/support/app.ts'
import { aTicket } from '#tests/support/dispatch-rows.ts'
import { CLUSTER, type DutyWorld, dutyWorld, unitId, worker } from '#tests/support/duty-world.ts'
import { refusal, taken } from '#tests/support/engagement-world.ts'
import type { DemandProposal, PersonFile } from '#wire/roster-shapes.ts'

let world: DutyWorld
let elsewhere: Asker
const lead = <T>(path: string, body: object = {}) => world.say<T>(world.supervisor, path, body)
const clusters = () => world.look<DutyCluster[]>(world.supervisor, '/api/duty-clusters')

beforeAll(async () => {
  world = await dutyWorld(2)
  const of2 = { ...grantFor('shiftSupervisor'), subdistrictCode: 'S2' }
  elsewhere = await world.asking('supervisor-s2', of2)
})
afterAll(() => world.end())

describe('duty clusters', () => {
  test('[RD1] are the sub-districts, until they are joined; each lies in one, and parting gives them back', async () => {
    expect((await clusters()).map(({ subdistrictCodes }) => subdistrictCodes)).toEqual([['S1'], ['S2']])
    const joined = await lead<DutyCluster>('/api/duty-clusters', { name: 'both', subdistrictCodes: ['S2', 'S1'] })
    expect((await clusters()).map(({ id, subdistrictCodes }) => [id, subdistrictCodes])).toEqual([
      [joined.id, ['S1', 'S2']],
    ])
    await lead('/api/duty-clusters', { name: 'one', subdistrictCodes: ['S1'] })
    expect((await clusters()).map(({ subdistrictCodes }) => subdistrictCodes).sort()).toEqual([['S1'], ['S2']])
  })

  test('[AC9] are drawn by who leads all of them', async () => {
    const both = { name: 'mine', subdistrictCodes: ['S1', 'S2'] }
    expect(await refusal(elsewhere.ask('POST', '/api/duty-clusters', both))).toBe('notAllowed')
    expect(await refusal(elsewhere.ask('POST', `/api/duty-clusters/${CLUSTER}/change`, { name: 'x' }))).toBe('unknown')
  })

  test('[RD3] have a demand that is typed, copied, and proposed from their own tickets with the arithmetic', async () => {
    const week = Array.from({ length: 168 }, (_, hour) => (hour < 24 ? 2 : 1))
    await lead(`/api/duty-clusters/${CLUSTER}/demand`, { skill: 'unlocking', week })
    const other = (await clusters()).find(({ subdistrictCodes }) => subdistrictCodes[0] === 'S2') as DutyCluster
    const copied = await lead<ClusterDemand[]>(`/api/duty-clusters/${other.id}/copy-demand`, { fromClusterId: CLUSTER })
    expect(copied.find(({ skill }) => skill === 'unlocking')).toMatchObject({ week, source: 'copied' })
    // Wednesday 09:00 in the city, two in each of two weeks, half an hour each.
    const reportedAt = T0 - 7 * DAY_MS
    const one = (n: number, at: number) =>
      aTicket({
        tenant: CITY,
        id: `t${n}`,
        number: 900 + n,
        subdistrictCode: 'S1',
        neededSkills: ['unlocking'],
        reportedAt: at,
        enRouteAt: at,
        resolvedAt: at + 30 * MINUTE_MS,
      })
    const rows = [1, 2, 3, 4].map((n) => one(n, reportedAt - (n % 2) * 7 * DAY_MS + n * MINUTE_MS))
    await world.app.db.insert(tickets).values(rows)
    const path = `/api/duty-clusters/${CLUSTER}/demand-proposal?skill=unlocking&share=0.9&weeks=2`
    const proposal = await world.look<DemandProposal>(world.supervisor, path)
    expect(proposal).toMatchObject({ tickets: 4, served: 4, serviceMinutes: 30 })
    const wednesdayNine = proposal.hours[2 * 24 + 9]
    expect(wednesdayNine).toMatchObject({ arrivalsPerHour: 2, load: 1, people: 3 })
    expect(proposal.hours.filter(({ people }) => people > 0)).toHaveLength(1)
  })
})

describe('kinds of shift and rules', () => {
  test("[RD2] the city's own stand over those it starts with, and are the city's to say", async () => {
    const admin = await world.app.withRole('cityAdmin')
    const kind = {
      id: 'D8',
      name: '日班',
      startMinute: 540,
      lengthMinutes: 480,
      restMinutes: 30,
      isNight: false,
      isActive: true,
    }
    expect(await refusal(world.supervisor.ask('POST', '/api/shift-kinds', kind))).toBe('notAllowed')
    expect(await refusal(admin.ask('POST', '/api/shift-kinds', { ...kind, restMinutes: 480 }))).toBe('invalidFields')
    await world.say(admin, '/api/shift-kinds', kind)
    const kinds = await world.look<KeptShiftKind[]>(world.supervisor, '/api/shift-kinds')
    expect(kinds.filter(({ id }) => id === 'D8')).toEqual([{ tenant: CITY, ...kind }])
    const rules = { rules: DEFAULT_ROSTER_RULES, note: 'as they were' }
    expect(await world.say(admin, '/api/roster-rules', rules)).toMatchObject({ version: 1 })
    expect(await refusal(admin.ask('POST', '/api/roster-rules', { ...rules, rules: {} }))).toBe('invalidFields')
  })
})

describe('people', () => {
  test('[RD6] why somebody is away is told to them alone, protection also to who makes rosters', async () => {
    const protections = [{ status: 'pregnant', from: '2026-03-01', until: '2026-06-01' }]
    await lead(...worker(1, { protections }))
    const [own, colleague] = world.workers as [Asker, Asker]
    const leave = { from: '2026-03-20', until: '2026-03-21', kind: 'sick', reason: 'the knee' }
    await world.say(own, `/api/roster-people/${unitId(1)}/leaves`, leave)
    const path = `/api/roster-people/${unitId(1)}`
    const manager = await world.app.withRole('manager')
    const seen = async (who: Asker) => {
      const { leaves, person } = await world.look<PersonFile>(who, path)
      return { reason: leaves[0]?.reason, kind: leaves[0]?.kind, protections: person.protections?.length }
    }
    expect(await seen(own)).toEqual({ reason: 'the knee', kind: 'sick', protections: 1 })
    expect(await seen(world.supervisor)).toEqual({ reason: null, kind: null, protections: 1 })
    expect(await seen(manager)).toEqual({ reason: null, kind: null, protections: undefined })
    expect(await refusal(colleague.ask('GET', path))).toBe('unknown')
    expect(await refusal(elsewhere.ask('GET', path))).toBe('unknown')
    expect(await refusal(colleague.ask('POST', `${path}/leaves`, leave))).toBe('unknown')
    const { leaves } = await world.look<PersonFile>(own, path)
    const cancel = `/api/leaves/${leaves[0]?.id}/cancel`
    expect((await taken<LeaveRecord>(world.supervisor.ask('POST', cancel, {}))).reason).toBeNull()
    expect(await refusal(own.ask('POST', cancel, {}))).toBe('notInThisState')
  })

  test('[P7] a person of a wrong contract, or fixed to a shift that is not there, is refused and nothing is kept', async () => {
    expect(await refusal(world.supervisor.ask('POST', ...worker(2, { mode: 'comprehensive' })))).toBe('invalidFields')
    expect(await refusal(world.supervisor.ask('POST', ...worker(2, { mode: 'volunteer' })))).toBe('invalidFields')
    const fixed = {
      from: '2026-03-09',
      until: '2026-03-15',
      fixed: [{ day: '2026-03-09', shiftId: 'X1', clusterId: CLUSTER }],
    }
    const path = `/api/roster-people/${unitId(2)}/fixed`
    expect(await refusal(world.supervisor.ask('POST', path, fixed))).toBe('unknown')
    const wishes = {
      from: '2026-03-09',
      until: '2026-03-15',
      wishes: [{ day: '2026-03-10', wants: 'off', shiftId: null, weight: 5 }],
    }
    const file = await world.say<PersonFile>(
      world.workers[1] as Asker,
      `/api/roster-people/${unitId(2)}/wishes`,
      wishes,
    )
    expect(file).toMatchObject({ fixed: [], wishes: [{ day: '2026-03-10', wants: 'off', shiftId: null, weight: 5 }] })
    world.app.clock.advance(HOUR_MS)
  })
})
