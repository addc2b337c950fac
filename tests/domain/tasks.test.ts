import { describe, expect, test } from 'vitest'
import { DISPATCH_STATUSES } from '#domain/dispatch.ts'
import { arrive, depart, dutyAfter, finish, giveBack, holdsUnit, release } from '#domain/tasks.ts'
import { aDispatch, T0 } from '#tests/support/dispatch-rows.ts'

describe('a task', () => {
  test('[DP9] goes accepted, en route, on site, done, and each step keeps its moment', () => {
    const accepted = aDispatch({ status: 'accepted' })
    const left = depart(accepted, T0 + 1)
    expect(left).toMatchObject({ dispatch: { status: 'en_route', enRouteAt: T0 + 1 } })
    const there = left.ok ? arrive(left.dispatch, 'geofence', T0 + 2) : left
    expect(there).toMatchObject({ dispatch: { status: 'on_site', onSiteAt: T0 + 2, grade: 'geofence' } })
    expect(there.ok && finish(there.dispatch, T0 + 3)).toMatchObject({ dispatch: { status: 'done', endedAt: T0 + 3 } })
  })

  test('[DP9] a step is taken only from the status before it; arriving without having left is taken', () => {
    const from = (step: (status: (typeof DISPATCH_STATUSES)[number]) => { ok: boolean }) =>
      DISPATCH_STATUSES.filter((status) => step(status).ok)
    expect(from((status) => depart(aDispatch({ status }), T0))).toEqual(['accepted'])
    expect(from((status) => arrive(aDispatch({ status }), 'selfReport', T0))).toEqual(['accepted', 'en_route'])
    expect(from((status) => finish(aDispatch({ status }), T0))).toEqual(['on_site'])
    expect(from((status) => giveBack(aDispatch({ status }), T0))).toEqual(['accepted', 'en_route', 'on_site'])
  })

  test('[DP13] a ticket that ends otherwise takes its standing offers and its task with it, and nothing else', () => {
    const rows = DISPATCH_STATUSES.map((status) => aDispatch({ id: status, status }))
    expect(release(rows, T0 + 9).map(({ id }) => id)).toEqual(['offered', 'accepted', 'en_route', 'on_site'])
    expect(release(rows, T0 + 9).every(({ status, endedAt }) => status === 'withdrawn' && endedAt === T0 + 9)).toBe(
      true,
    )
  })

  test('[DP11] a unit is busy while a task holds it, and whoever went off duty stays off duty', () => {
    expect(dutyAfter('onDuty', 1)).toBe('busy')
    expect(dutyAfter('busy', 0)).toBe('onDuty')
    expect(dutyAfter('busy', 1)).toBe('busy')
    expect(dutyAfter('offDuty', 0)).toBe('offDuty')
  })

  test('[DP11] a ticket that waits, or whose plan is in, holds nobody', () => {
    const task = aDispatch({ status: 'on_site' })
    expect(holdsUnit(task, 'on_site')).toBe(true)
    expect(holdsUnit(task, 'suspended')).toBe(false)
    expect(holdsUnit(task, 'plan_submitted')).toBe(false)
    expect(holdsUnit(aDispatch({ status: 'offered' }), 'offered')).toBe(false)
  })
})
