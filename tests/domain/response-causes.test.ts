import { describe, expect, test } from 'vitest'
import { causeOf } from '#domain/response-causes.ts'

const MINUTE = 60_000
const cause = (acceptMs: number | null, departMs: number | null, arriveMs: number | null) =>
  causeOf({ promiseMs: 5 * MINUTE, acceptMs, departMs, arriveMs })

describe('the cause of a broken promise', () => {
  test('[RT17] is the leg that ran furthest over its part of it', () => {
    expect(cause(4 * MINUTE, 4.2 * MINUTE, 6 * MINUTE)).toBe('lateAccept')
    expect(cause(1 * MINUTE, 5 * MINUTE, 7 * MINUTE)).toBe('waiting')
    expect(cause(1 * MINUTE, 1.2 * MINUTE, 9 * MINUTE)).toBe('far')
  })

  test('[RT17] is nobody as long as nobody had accepted when the promise ran out', () => {
    expect(cause(null, null, null)).toBe('unassigned')
    expect(cause(6 * MINUTE, 6 * MINUTE, 7 * MINUTE)).toBe('unassigned')
    expect(cause(null, null, 8 * MINUTE)).toBe('notRecorded')
  })

  test('[RT17] of somebody who has not come is as it was when the promise ran out', () => {
    expect(cause(1 * MINUTE, null, null)).toBe('waiting')
    expect(cause(1 * MINUTE, 9 * MINUTE, null)).toBe('waiting')
    expect(cause(1 * MINUTE, 1.1 * MINUTE, null)).toBe('far')
    expect(cause(4.9 * MINUTE, null, null)).toBe('lateAccept')
  })

  test('[RT17] without a departure counts the wait to the way', () => {
    expect(cause(1 * MINUTE, null, 9 * MINUTE)).toBe('far')
    expect(cause(4.5 * MINUTE, null, 6 * MINUTE)).toBe('lateAccept')
  })
})
