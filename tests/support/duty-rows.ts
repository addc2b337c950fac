import { coverOffers, dutyShifts } from '#db/schema/duties.ts'
import type { DutyShift } from '#domain/duty-shift.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import { type Asker, CITY, T0, type TestApp } from './app.ts'

/** A day shift of the small city's first unit, the day after tomorrow. */
const aDutyShift = (changes: Partial<DutyShift> = {}): DutyShift => ({
  id: 'shift-1',
  tenant: CITY,
  rosterId: 'roster-1',
  clusterId: `${CITY}-S1`,
  subdistrictCodes: ['S1'],
  unitId: `${CITY}-u1`,
  day: '2026-03-06',
  kind: 'D8',
  skill: null,
  startsAt: T0 + 2 * DAY_MS,
  endsAt: T0 + 2 * DAY_MS + 8 * HOUR_MS,
  countedMinutes: 480,
  status: 'confirmed',
  coversId: null,
  startedAt: null,
  endedAt: null,
  startDistanceM: null,
  startedFor: false,
  noShowAt: null,
  nextTimerAt: null,
  isCovering: false,
  updatedAt: T0,
  ...changes,
})

/** A person on duty in S1, with a roster, a shift that is offered round, a swap, a leave and a team. */
export async function rosterIds({ db }: TestApp, admin: Asker, own: Asker): Promise<Record<string, string>> {
  const world = { tenant: CITY, clusterId: `${CITY}-S1`, subdistrictCodes: ['S1'] }
  const said = async (who: Asker, path: string, body: object) => {
    const answer = await who.ask('POST', path, body)
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.body}`)
    return answer.json()
  }
  const unit = `${CITY}-u1`
  await said(admin, `/api/roster-people/${unit}/keep`, DUTY_PERSON)
  const leave = await said(own, `/api/roster-people/${unit}/leaves`, {
    from: '2026-04-01',
    until: '2026-04-01',
    kind: 'sick',
  })
  const roster = await said(admin, '/api/rosters', {
    name: 'x',
    clusterIds: [world.clusterId],
    firstDay: '2026-03-09',
    days: 7,
  })
  const template = await said(admin, '/api/roster-templates', { name: 'x', rosterId: roster.id })
  const shift = aDutyShift({ ...world, rosterId: roster.id, unitId: unit })
  await db.insert(dutyShifts).values(shift)
  const swap = await said(own, '/api/duty-swaps', { kind: 'give', shiftId: shift.id })
  const offer = { id: 'offer-1', ...world, shiftId: shift.id, unitId: unit, rank: 1, status: 'offered' as const }
  await db.insert(coverOffers).values({ ...offer, offeredAt: T0, expiresAt: T0 + 1e9, answeredAt: null })
  const team = await said(admin, '/api/volunteer-teams', { name: 'x', subdistrictCode: 'S1' })
  const { members } = await said(admin, `/api/volunteer-teams/${team.team.id}/members`, TEN_MEMBERS)
  const slotted = await said(admin, `/api/volunteer-teams/${team.team.id}/slots`, {
    ...SLOT,
    startsAt: T0 + 1e8,
    endsAt: T0 + 2e8,
  })
  return {
    'duty-clusters': world.clusterId,
    'roster-people': unit,
    leaves: leave.id,
    rosters: roster.id,
    'roster-templates': template.id,
    'duty-shifts': shift.id,
    'cover-offers': offer.id,
    'duty-swaps': swap.id,
    'volunteer-teams': team.team.id,
    'volunteer-members': members[0].id,
    'volunteer-slots': slotted.slots[0].id,
  }
}

const DUTY_PERSON = {
  clusterIds: [`${CITY}-S1`],
  mode: 'standard',
  cycle: null,
  limits: { dayMinutes: null, weekMinutes: null, monthMinutes: null },
  protections: [],
  availability: null,
  takesNights: true,
  isActive: true,
}
const TEN_MEMBERS = { members: Array.from({ length: 10 }, (_, n) => ({ label: `m${n}`, isPartyMember: false })) }
const SLOT = { title: 'x', startsAt: T0, endsAt: T0 + 1, wanted: 1 }
const DAYS = { from: '2026-03-09', until: '2026-03-15' }

/** The smallest bodies that name days or ids. */
export const ROSTER_BODIES = {
  'POST /api/roster-people/:id/keep': DUTY_PERSON,
  'POST /api/roster-people/:id/leaves': { ...DAYS, kind: 'sick' },
  'POST /api/roster-people/:id/wishes': { ...DAYS, wishes: [] },
  'POST /api/roster-people/:id/fixed': { ...DAYS, fixed: [] },
  'POST /api/duty-clusters/:id/change': { name: 'x' },
  'POST /api/duty-clusters/:id/copy-demand': { fromClusterId: `${CITY}-S1` },
  'POST /api/duty-clusters/:id/demand': { skill: 'unlocking', week: Array.from({ length: 168 }, () => 0) },
  'POST /api/rosters/:id/edit': { revision: 1, edits: [{ personId: 'x', day: '2026-03-09', shiftId: null }] },
  'POST /api/rosters/:id/take': { revision: 1, runId: 'x' },
  'POST /api/duty-shifts/:id/take-over': { shiftId: 'x' },
  'POST /api/volunteer-teams/:id/members': TEN_MEMBERS,
  'POST /api/volunteer-teams/:id/slots': SLOT,
  'POST /api/volunteer-slots/:id/record': { memberId: 'x', minutes: 1 },
}
