import { describe, expect, test } from 'vitest'
import { isSolved, isStopped, promiseOf, stagesOf } from '#console/lib/pages/progress.ts'
import type { ResidentTicket } from '#wire/routes/resident.ts'

const ticket = (more: Partial<ResidentTicket> = {}) =>
  ({
    status: 'reported',
    class: 'ordinary',
    reportedAt: 1,
    acceptedAt: null,
    enRouteAt: null,
    onSiteAt: null,
    planSubmittedAt: null,
    resolvedAt: null,
    arriveDueAt: 300,
    solveDueAt: 1_800,
    pausedAt: null,
    ...more,
  }) as ResidentTicket

const states = (of: ResidentTicket) => stagesOf(of).map(({ stage, state }) => `${stage}:${state}`)

describe('a report as the resident sees it', () => {
  test('[FP10] the last stage that has happened is now, those before it are done, those after it ahead', () => {
    expect(states(ticket({ status: 'en_route', acceptedAt: 2, enRouteAt: 3 }))).toEqual([
      'reported:done',
      'accepted:done',
      'enRoute:now',
      'onSite:ahead',
      'resolved:ahead',
    ])
  })

  test('[FP10] a stage that was skipped counts as done once a later one has happened', () => {
    expect(states(ticket({ status: 'on_site', acceptedAt: 2, onSiteAt: 4 }))[2]).toBe('enRoute:done')
  })

  test('[FP10] the plan is a stage of a major case only, and everything is done once it is solved', () => {
    expect(stagesOf(ticket({ class: 'major' })).map((each) => each.stage)).toContain('plan')
    expect(stagesOf(ticket()).map((each) => each.stage)).not.toContain('plan')
    expect(stagesOf(ticket({ status: 'closed', resolvedAt: 9 })).every((each) => each.state === 'done')).toBe(true)
  })

  test('[FP10] a reopened report is under way again', () => {
    expect(states(ticket({ status: 'placed', acceptedAt: null, resolvedAt: null }))[0]).toBe('reported:now')
  })

  test('[FP11] the arrival is promised until somebody stands there, then the fix or the plan', () => {
    expect(promiseOf(ticket())).toEqual({ kind: 'arrive', dueAt: 300 })
    expect(promiseOf(ticket({ onSiteAt: 200 }))).toEqual({ kind: 'solve', dueAt: 1_800 })
    expect(promiseOf(ticket({ onSiteAt: 200, class: 'major' }))?.kind).toBe('plan')
  })

  test('[FP11] a paused clock and an ended report promise nothing, but the arrival never pauses', () => {
    expect(promiseOf(ticket({ onSiteAt: 200, pausedAt: 250 }))).toBeNull()
    expect(promiseOf(ticket({ pausedAt: 250 }))?.kind).toBe('arrive')
    for (const status of ['resolved', 'closed', 'cancelled', 'not_admitted'] as const)
      expect(promiseOf(ticket({ status }))).toBeNull()
  })

  test('a solved report is not a stopped one', () => {
    expect([isSolved(ticket({ status: 'rated' })), isStopped(ticket({ status: 'rated' }))]).toEqual([true, false])
    expect([isSolved(ticket({ status: 'cancelled' })), isStopped(ticket({ status: 'cancelled' }))]).toEqual([
      false,
      true,
    ])
  })
})
