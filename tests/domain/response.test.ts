import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { METRICS, percentile, placeOf, type ResponseFact } from '#domain/response.ts'
import { factsOf, type TimedEntry, type TimedTicket } from '#domain/response-facts.ts'
import { anEntry, aTimedTicket } from '#tests/support/timed-tickets.ts'

const NOBODY = () => null
const factOf = (changes: Partial<TimedTicket> = {}, log: readonly TimedEntry[] = []): ResponseFact =>
  factsOf(aTimedTicket(changes), log, NOBODY).at(-1) as ResponseFact
const stagesOf = (changes: Partial<TimedTicket>) => factOf(changes).stages

describe('a stage', () => {
  test('[RT1] is the time between its two moments, and no time at all is a time', () => {
    expect(stagesOf({})).toMatchObject({
      triage: 10_000,
      accept: 30_000,
      depart: 40_000,
      arrive: 200_000,
      solve: 1_000_000,
      travel: 170_000,
      work: 800_000,
    })
    expect(stagesOf({ onSiteAt: 0 }).arrive).toBe(0)
  })

  test('[RT1] that has no time says why, once, in an order of its own', () => {
    const missing = { onSiteAt: null, resolvedAt: null }
    expect(stagesOf({ ...missing, status: 'closed', mergedInto: 't2' }).arrive).toBe('merged')
    expect(stagesOf({ category: 'lifeService' }).arrive).toBe('booking')
    expect(stagesOf({ ...missing, status: 'not_admitted' }).arrive).toBe('notAdmitted')
    expect(stagesOf({ ...missing, status: 'cancelled' }).arrive).toBe('cancelled')
    expect(stagesOf({ ...missing, status: 'en_route' }).arrive).toBe('notYet')
    expect(stagesOf({ ...missing, status: 'closed' }).arrive).toBe('notRecorded')
    expect(stagesOf({ onSiteAt: -1 }).arrive).toBe('outOfOrder')
    expect(stagesOf({}).plan).toBe('otherClass')
    expect(stagesOf({ class: 'major', status: 'on_site', resolvedAt: null }).plan).toBe('notYet')
    expect(stagesOf({ class: 'major', planSubmittedAt: 900_000 }).plan).toBe(900_000)
  })

  test('[RT1] of history is what its source tells: a call called off after somebody came counts as an arrival', () => {
    expect(stagesOf({ imported: true, category: 'lifeService' }).arrive).toBe(200_000)
    expect(stagesOf({ imported: true, status: 'cancelled', resolvedAt: null })).toMatchObject({
      arrive: 200_000,
      solve: 'cancelled',
    })
  })

  test('[RT1] after the fix may come until the ticket is closed', () => {
    expect(stagesOf({ status: 'resolved' })).toMatchObject({ rate: 'notYet', visit: 'notYet', arrive: 200_000 })
    expect(stagesOf({ status: 'closed' })).toMatchObject({ rate: 'notRecorded', visit: 'notRecorded' })
    expect(stagesOf({ status: 'rated', ratedAt: 1_600_000, rating: 5 }).rate).toBe(600_000)
  })
})

describe('a ticket that was opened again', () => {
  const log = [
    anEntry('report', 0, { class: 'complex' }),
    anEntry('accept', 30_000, { detail: { unitId: 'u9' } }),
    anEntry('arrive', 400_000, { grade: 'siteQr', detail: { unitId: 'u9' } }),
    anEntry('resolve', 2_000_000),
    anEntry('visit', 3_000_000, { detail: { solved: false, satisfied: false } }),
    anEntry('reopen', 5_000_000),
    anEntry('accept', 5_050_000, { detail: { unitId: 'u1' } }),
    anEntry('arrive', 5_200_000, { grade: 'geofence' }),
    anEntry('resolve', 5_900_000),
  ]
  const again = { round: 2, acceptedAt: 5_050_000, enRouteAt: null, onSiteAt: 5_200_000, resolvedAt: 5_900_000 }
  const facts = factsOf(aTimedTicket(again), log, (unitId) => (unitId === 'u9' ? 'f9' : null))

  test('[RT2] is two promises: each counts from its own beginning, with its own unit, firm, class and evidence', () => {
    expect(facts.map(({ round, startedAt, stages }) => [round, startedAt, stages.arrive, stages.solve])).toEqual([
      [1, 0, 400_000, 2_000_000],
      [2, 5_000_000, 200_000, 900_000],
    ])
    expect(facts[0]).toMatchObject({ unitId: 'u9', firmId: 'f9', class: 'complex', grade: 'siteQr' })
    expect(facts[1]).toMatchObject({ unitId: 'u1', firmId: 'f1', class: 'ordinary', grade: 'geofence' })
  })

  test('[RT2] keeps what was heard and broken the first time', () => {
    expect(facts[0]?.verdicts).toEqual({ response: false, solution: false, satisfaction: false })
    expect(facts[1]?.verdicts).toEqual({ response: true, solution: 'notVisited', satisfaction: 'noAnswer' })
  })
})

describe('the three rates', () => {
  test('[RT4] 响应率: kept within the promise, broken beyond it or when it was called off too late', () => {
    const response = (changes: Partial<TimedTicket>) => factOf(changes).verdicts.response
    expect(response({ onSiteAt: 300_000 })).toBe(true)
    expect(response({ onSiteAt: 300_001 })).toBe(false)
    expect(response({ onSiteAt: null, status: 'cancelled' })).toBe('cancelled')
    expect(response({ onSiteAt: null, status: 'cancelled', arriveBreached: true })).toBe(false)
    expect(response({ onSiteAt: null, status: 'placed', resolvedAt: null })).toBe('notYet')
    expect(response({ onSiteAt: null, status: 'placed', resolvedAt: null, arriveBreached: true })).toBe(false)
    expect(response({ onSiteAt: null, imported: true })).toBe('notRecorded')
    expect(response({ mergedInto: 't2' })).toBe('merged')
  })

  test('[RT5] 解决率: what the call-back heard, of all who were called', () => {
    const visited = (solved: boolean) => [anEntry('visit', 2_000_000, { detail: { solved, satisfied: null } })]
    const solution = (changes: Partial<TimedTicket>, log: TimedEntry[] = []) => factOf(changes, log).verdicts.solution
    expect(solution({ visitedAt: 2_000_000 }, visited(true))).toBe(true)
    expect(solution({ visitedAt: 2_000_000 }, visited(false))).toBe(false)
    expect(solution({})).toBe('notVisited')
    expect(solution({ status: 'on_site', resolvedAt: null })).toBe('notYet')
  })

  test('[RT6] 满意率: the answer to the call-back, else the resident’s own mark of 4 or 5', () => {
    const heard = (satisfied: boolean | null) => [anEntry('visit', 2_000_000, { detail: { solved: true, satisfied } })]
    const at = { visitedAt: 2_000_000 }
    const satisfaction = (changes: Partial<TimedTicket>, log: TimedEntry[] = []) =>
      factOf(changes, log).verdicts.satisfaction
    expect(satisfaction({ ...at, rating: 5 }, heard(false))).toBe(false)
    expect(satisfaction({ ...at, rating: 4 }, heard(null))).toBe(true)
    expect(satisfaction({ rating: 3 })).toBe(false)
    expect(satisfaction({})).toBe('noAnswer')
  })
})

describe('an address', () => {
  const at = (address: string, communityId: string | null = 'c1') =>
    placeOf({ address, communityId, lng: 123.456789, lat: 41.8 })

  test('[RT8] is the same whatever its blanks, its case and the width of its letters', () => {
    expect(at('３ 号楼 A')).toBe(at('3号楼a'))
    expect(at('3号楼')).not.toBe(at('4号楼'))
    expect(at('3号楼')).not.toBe(at('3号楼', 'c2'))
  })

  test('[RT8] that nobody wrote down is a point outside the estates, and none inside: an estate is not one door', () => {
    expect(at('', null)).toBe('123.45679,41.80000')
    expect(at('')).toBe('')
  })
})

describe('a percentile', () => {
  test('[RT10] lies between its two neighbours by linear interpolation', () => {
    expect([percentile([], 0.5), percentile([7], 0.9), percentile([1, 2, 3, 10], 0.5)]).toEqual([null, 7, 2.5])
    expect(percentile([0, 10, 20, 30], 0.9)).toBeCloseTo(27, 9)
  })

  test('[RT10] is never below what comes before it, and never made of others', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e7 }), { minLength: 1 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b)
        const [p50, p90] = [percentile(sorted, 0.5) as number, percentile(sorted, 0.9) as number]
        const below = (limit: number) => sorted.filter((value) => value <= limit).length / sorted.length
        return p50 <= p90 && below(p50) >= 0.5 && below(p90) >= 0.9 - 1 / sorted.length
      }),
    )
  })

  test('[RT1] every stage of every ticket is a time or a reason', () => {
    const moment = fc.option(fc.integer({ min: 0, max: 1e6 }))
    const ticket = fc.record({
      acceptedAt: moment,
      onSiteAt: moment,
      resolvedAt: moment,
      ratedAt: moment,
      status: fc.constantFrom('reported', 'placed', 'on_site', 'resolved', 'closed', 'cancelled', 'not_admitted'),
    })
    fc.assert(
      fc.property(ticket, (changes) => {
        const { stages } = factOf(changes as Partial<TimedTicket>)
        return METRICS.every((metric) => typeof stages[metric] === 'string' || (stages[metric] as number) >= 0)
      }),
    )
  })
})
