import { describe, expect, test } from 'vitest'
import { layOn, pairProblem } from '#cli/replay/pair.ts'
import { HOUR_MS } from '#domain/instant.ts'

const CABS = { file: 'cabs', first: Date.UTC(2008, 4, 22, 7), last: Date.UTC(2008, 4, 23, 7) }
const CALLS = { file: 'calls', first: Date.UTC(2016, 11, 31, 8), last: Date.UTC(2017, 0, 7, 8) }
const BOTH = [CABS, CALLS]

const live = { now: Date.UTC(2026, 2, 4), speed: 1, startedFrom: null, version: 'x' }
const replaying = { now: CABS.first + 90_000, speed: 60, startedFrom: CABS.first, version: 'x' }
const why = (answer: ReturnType<typeof layOn>) => (answer.ok ? null : answer.why)
const says = (answer: ReturnType<typeof layOn>) => (answer.ok ? '' : answer.says)

describe('the clock of a replay', () => {
  test('[IM7] a live server takes files from now on, at real speed', () => {
    expect(layOn({ shiftToNow: true, speed: 1 }, live, BOTH)).toEqual({ ok: true, base: live.now })
  })

  test('[IM7] a server started for the files takes them on its own first moment, however late the replay comes', () => {
    expect(layOn({ shiftToNow: false, speed: 60 }, replaying, BOTH)).toEqual({ ok: true, base: CABS.first })
    const fromCalls = { ...replaying, now: CALLS.first, startedFrom: CALLS.first }
    expect(layOn({ shiftToNow: false, speed: 60 }, fromCalls, BOTH)).toEqual({ ok: true, base: CALLS.first })
  })

  test('[IM7] --shift-to now is refused at any other speed, before a server is asked', () => {
    expect(pairProblem({ shiftToNow: true, speed: 60 })?.says).toContain('--speed 60 would leave it behind')
    expect(pairProblem({ shiftToNow: true, speed: 1 })).toBeNull()
    expect(pairProblem({ shiftToNow: false, speed: 60 })).toBeNull()
  })

  test('[IM7] a live server is refused without --shift-to now, and the command that starts the right one is said', () => {
    for (const speed of [1, 60]) {
      const refused = layOn({ shiftToNow: false, speed }, live, BOTH)
      expect(why(refused)).toBe('clockMismatch')
      expect(says(refused)).toContain(`hongguan start --clock 2008-05-22T07:00:00.000Z --speed ${speed}`)
    }
  })

  test('[IM7] a server whose clock was started is refused with --shift-to now', () => {
    expect(why(layOn({ shiftToNow: true, speed: 1 }, replaying, BOTH))).toBe('clockMismatch')
  })

  test('[IM7] another speed and another beginning are refused', () => {
    const pair = { shiftToNow: false, speed: 60 }
    expect(why(layOn({ ...pair, speed: 30 }, replaying, BOTH))).toBe('clockMismatch')
    expect(why(layOn(pair, { ...replaying, startedFrom: CABS.first + HOUR_MS }, BOTH))).toBe('clockMismatch')
  })

  test('[IM7] no file at all is bad usage', () => {
    expect(layOn({ shiftToNow: true, speed: 1 }, live, [])).toMatchObject({ ok: false, usage: true })
  })
})
