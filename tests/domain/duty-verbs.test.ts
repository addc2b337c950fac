import { describe, expect, test } from 'vitest'
import type { CoverOffer, DutyShift, DutySwap } from '#domain/duty-shift.ts'
import { DUTY_SHIFT_EVENTS, DUTY_SHIFT_STATUSES, SWAP_STATUSES } from '#domain/duty-shift.ts'
import {
  answerCover,
  EARLY_MS,
  endShift,
  gapOf,
  missShift,
  NEXT_DUTY,
  noShowAlarmAt,
  SWAP_EVENTS,
  startShift,
  stepSwap,
  takeGap,
} from '#domain/duty-verbs.ts'
import { HOUR_MS, MINUTE_MS } from '#domain/instant.ts'
import { problemsIn, rosterHeader, rowOf } from '#domain/roster-csv.ts'
import { nextService, SERVICE_STATUSES, standingOf } from '#domain/volunteers.ts'

const START = 1_000 * HOUR_MS
const shift: DutyShift = {
  id: 's',
  tenant: 't',
  rosterId: 'r',
  clusterId: 'c',
  subdistrictCodes: ['S1'],
  unitId: 'u',
  day: '2026-03-09',
  kind: 'D8',
  skill: null,
  startsAt: START,
  endsAt: START + 8 * HOUR_MS,
  countedMinutes: 480,
  status: 'confirmed',
  coversId: null,
  startedAt: null,
  endedAt: null,
  startDistanceM: null,
  startedFor: false,
  noShowAt: null,
  nextTimerAt: noShowAlarmAt(START),
  isCovering: false,
  updatedAt: 0,
}
const here = { distanceM: null, isForThem: false }
const begun = { ...shift, status: 'started' as const, startedAt: START }

describe('a shift', () => {
  test('[RD4] is begun from an hour before its start until its end', () => {
    const why = (at: number) => {
      const said = startShift(shift, here, at)
      return said.ok ? said.shift.status : said.why
    }
    expect([START - EARLY_MS - 1, START - EARLY_MS, START + HOUR_MS, shift.endsAt].map(why)).toEqual([
      'tooEarly',
      'started',
      'started',
      'tooLate',
    ])
  })

  test('[RD4] is ended before its end only with a reason', () => {
    expect(endShift(begun, null, begun.endsAt - 1)).toEqual({ ok: false, why: 'missingReason' })
    expect(endShift(begun, 'ill', begun.endsAt - 1).ok).toBe(true)
    expect(endShift(begun, null, begun.endsAt).ok).toBe(true)
    expect(endShift(shift, 'ill', begun.endsAt)).toEqual({ ok: false, why: 'notInThisState' })
  })

  test('[RD5] that nobody has begun can still be begun late, and leaves a gap of the same hours', () => {
    const missed = missShift(shift, START + 5 * MINUTE_MS)
    if (!missed.ok) throw new Error(missed.why)
    expect(startShift(missed.shift, here, START + HOUR_MS).ok).toBe(true)
    expect(gapOf(missed.shift, 'g', START)).toMatchObject({
      unitId: null,
      status: 'open',
      coversId: 's',
      startsAt: START,
    })
  })

  test('[RW2] taken over while it runs leaves time for the way before it is a no-show', () => {
    const taken = takeGap(gapOf(shift, 'g', START), 'v', START + HOUR_MS)
    expect(taken).toMatchObject({
      ok: true,
      shift: { unitId: 'v', nextTimerAt: noShowAlarmAt(START + HOUR_MS + 30 * MINUTE_MS) },
    })
  })

  test('[RD4] knows for every state what may follow, and nothing follows what is over', () => {
    const follow = (from: DutyShift['status']) => DUTY_SHIFT_EVENTS.filter((event) => NEXT_DUTY[from][event] !== null)
    expect(Object.fromEntries(DUTY_SHIFT_STATUSES.map((from) => [from, follow(from)]))).toEqual({
      open: ['take', 'release'],
      confirmed: ['start', 'miss', 'release'],
      started: ['end'],
      ended: [],
      noShow: ['start', 'cover'],
      covered: [],
      released: [],
    })
  })
})

describe('a question', () => {
  const offer = { status: 'offered', expiresAt: START } as CoverOffer
  test('[RW2] is answered while it stands', () => {
    expect(answerCover(offer, true, START - 1).ok).toBe(true)
    expect(answerCover(offer, true, START)).toEqual({ ok: false, why: 'offerExpired' })
    expect(answerCover({ ...offer, status: 'withdrawn' }, true, START - 1)).toEqual({ ok: false, why: 'notOffered' })
  })
})

describe('a swap', () => {
  test('[RW3] is done only from agreed, agreed only from proposed, and what is over stays over', () => {
    const ways = SWAP_STATUSES.flatMap((status) =>
      SWAP_EVENTS.flatMap((event) => {
        const to = stepSwap({ status } as DutySwap, event)
        return to === null ? [] : [`${status} ${event} ${to}`]
      }),
    )
    expect(ways.filter((way) => way.endsWith('done'))).toEqual(['agreed approve done'])
    expect(ways.filter((way) => way.endsWith(' agreed'))).toEqual(['proposed agree agreed'])
    expect(ways.filter((way) => /^(done|declined|refused|withdrawn|expired)/.test(way))).toEqual([])
  })
})

describe('volunteers', () => {
  const member = (isPartyMember: boolean, leftAt: number | null = null) => ({ isPartyMember, leftAt })
  test('[VO1] nine do not make a team, ten do, whatever their party; who has left is not counted', () => {
    const nine = Array.from({ length: 9 }, () => member(true))
    expect(standingOf([...nine, member(true, 1)])).toMatchObject({ active: 9, isValid: false, partyShare: 1 })
    expect(standingOf([...nine, member(false)])).toMatchObject({ active: 10, isValid: true, partyShare: 0.9 })
  })

  test('[VO2] nothing but the own yes leads into a slot, and a yes can be taken back', () => {
    const steps = ['accept', 'decline', 'withdraw', 'record', 'confirm', 'dispute'] as const
    const into = SERVICE_STATUSES.flatMap((from) =>
      steps.flatMap((step) => (nextService(from, step) === 'accepted' ? [`${from} ${step}`] : [])),
    )
    expect(into).toEqual(['offered accept'])
    expect(nextService('accepted', 'withdraw')).toBe('withdrawn')
  })

  test('[VO3] hours that nobody has recorded cannot be confirmed, nor those in dispute', () => {
    expect(SERVICE_STATUSES.filter((status) => nextService(status, 'confirm') !== null)).toEqual(['recorded'])
  })
})

describe('a roster as a file', () => {
  const at = rosterHeader(['day', 'callsign', 'shift', 'skill', 'cluster'])
  const known = {
    people: new Map([['h1', { id: 'u1', clusterIds: ['c'], skills: ['unlocking'] }]]),
    days: new Set(['2026-03-09']),
    shifts: new Set(['D8']),
    clusters: new Set(['c']),
  }
  const wrong = (...cells: string[]) =>
    problemsIn(rowOf(at as NonNullable<typeof at>, cells), known).map(({ column, why }) => `${column} ${why}`)

  test('[RP10] needs its columns in any order, and names everything that is wrong with a line', () => {
    expect(rosterHeader(['callsign', 'day'])).toBeNull()
    expect(wrong('2026-03-09', 'h1', 'D8', 'unlocking', 'c')).toEqual([])
    expect(wrong('2026-03-09', 'h1', '', '', '')).toEqual([])
    expect(wrong('', 'h2', 'X', 'heating', 'd')).toEqual([
      'callsign unknown',
      'day missing',
      'shift unknown',
      'cluster unknown',
    ])
    expect(wrong('2026-04-09', 'h1', 'D8', 'heating', 'c')).toEqual(['day outside', 'skill unknown'])
  })
})
