import { describe, expect, test } from 'vitest'
import { CUT_AFTER_MS, linkState, warningsOf } from '#console/lib/feed/truth.ts'
import type { Truth } from '#wire/sockets.ts'

const heard = { isConnected: true, isOffline: false, heardAgoMs: 200, feed: 'following', waitingMs: 9_000 } as const
const truth: Truth = {
  now: 100_000,
  epoch: 'e',
  seq: 5,
  lastEventAt: 90_000,
  onDuty: 100,
  fresh: 90,
  engineAt: 99_500,
  publishLagMs: 12,
}

describe('the state of the link', () => {
  test('[DK4] is live only while the server is heard and nothing is missing', () => {
    expect(linkState(heard)).toBe('live')
    expect(linkState({ ...heard, feed: 'catchingUp' })).toBe('catchingUp')
    expect(linkState({ ...heard, isConnected: false })).toBe('catchingUp')
    expect(linkState({ ...heard, heardAgoMs: null, waitingMs: 100 })).toBe('connecting')
  })

  test('[DK4] a silent server is a cut within five seconds, also while the socket calls itself connected', () => {
    expect(CUT_AFTER_MS).toBeLessThan(5_000)
    expect(linkState({ ...heard, heardAgoMs: CUT_AFTER_MS + 1 })).toBe('cut')
    expect(linkState({ ...heard, heardAgoMs: null, waitingMs: CUT_AFTER_MS + 1 })).toBe('cut')
  })

  test('[DK4] a browser without a network is a cut at once', () => {
    expect(linkState({ ...heard, isOffline: true })).toBe('cut')
  })
})

describe('the warnings of a heartbeat', () => {
  test('[DK4] are none while all is well', () => expect(warningsOf(truth)).toEqual([]))

  test('[DK4] name a silent engine, a late publisher and too few fresh positions', () => {
    const ill = { ...truth, engineAt: 90_000, publishLagMs: 9_000, fresh: 10 }
    expect(warningsOf(ill)).toEqual(['engineSilent', 'publishLate', 'fewFresh'])
    expect(warningsOf({ ...truth, onDuty: 0, fresh: 0 })).toEqual([])
  })
})
