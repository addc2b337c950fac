import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import { momentOfTap, TAP, toldLater } from '#domain/late-tap.ts'
import { depart } from '#domain/ticket-dispatch.ts'
import { aTicket, T0 } from '#tests/support/dispatch-rows.ts'

const LAST = T0
const NOW = T0 + 20 * MINUTE_MS

describe('a step told by a page', () => {
  const moment = (takenAt: number | undefined, lastStepAt = LAST) => momentOfTap(takenAt, lastStepAt, NOW)

  test('[TK23] told at once, or by somebody who claims no moment, counts from its delivery', () => {
    for (const takenAt of [undefined, NOW, NOW - TAP.promptMs, NOW + TAP.promptMs])
      expect(moment(takenAt)).toEqual({ at: NOW, tap: null })
  })

  test('[TK23] told late counts from its tap, and both moments are kept', () => {
    const takenAt = NOW - 5 * MINUTE_MS
    expect(moment(takenAt)).toEqual({ at: takenAt, tap: { takenAt, deliveredAt: NOW, doubt: null } })
  })

  test.each([
    ['ahead of the server', NOW + TAP.promptMs + 1, 'future'],
    ['before the step it follows', LAST - TAP.promptMs - 1, 'beforeLastStep'],
  ] as const)('[TK23] claimed %s counts from its delivery, and the doubt is kept', (_what, takenAt, doubt) => {
    expect(moment(takenAt)).toEqual({ at: NOW, tap: { takenAt, deliveredAt: NOW, doubt } })
  })

  test('[TK23] more than an hour back is taken as little', () => {
    const early = LAST - 2 * HOUR_MS
    expect(moment(NOW - HOUR_MS, early).tap?.doubt).toBeNull()
    expect(moment(NOW - HOUR_MS - 1, early)).toMatchObject({ at: NOW, tap: { doubt: 'tooOld' } })
  })

  test('[TK23] is never before the step it follows, whose own clock was the server’s', () => {
    expect(moment(LAST - 3 * SECOND_MS).at).toBe(LAST)
  })

  test('[TK23] stands in the log with its grade, while the ticket changes now', () => {
    const takenAt = NOW - 5 * MINUTE_MS
    const ticket = aTicket({ status: 'accepted', unitId: 'unit-1' })
    const decided = depart(
      ticket,
      { dispatchId: 'dispatch-1', unitId: 'unit-1' },
      { kind: 'unit', id: 'unit-1' },
      takenAt,
    )
    if (!decided.ok) throw new Error(decided.why)
    const told = toldLater(decided, moment(takenAt), NOW)
    expect(told.ticket).toMatchObject({ enRouteAt: takenAt, updatedAt: NOW })
    expect(told.entry).toMatchObject({
      at: takenAt,
      grade: 'lateReport',
      detail: { tap: { takenAt, deliveredAt: NOW } },
    })
    const doubted = toldLater(decided, moment(NOW - 2 * HOUR_MS), NOW)
    expect(doubted.entry).toMatchObject({ grade: null, detail: { tap: { doubt: 'tooOld' } } })
    expect(toldLater(decided, moment(undefined), NOW)).toBe(decided)
  })
})
