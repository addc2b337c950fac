import { describe, expect, test } from 'vitest'
import { coverFace, coverPercent } from '#console/lib/cover/face.ts'
import { CUT_AFTER_MS } from '#console/lib/feed/truth.ts'
import type { CoverState } from '#domain/cover-state.ts'

const told: CoverState = {
  at: 1_000,
  asked: null,
  placesKey: 'k',
  covered: { communities: 2, households: 1_999 },
  all: { communities: 3, households: 3_000 },
  counted: 4,
  unseen: 0,
  inside: 'D',
}
const live = { asked: null, silentMs: 200, isOffline: false, isOld: false } as const

describe('the cover on a console', () => {
  test('[DK16] is a figure while the link is heard and it was told lately of this question', () => {
    expect(coverFace(told, live)).toBe(told)
    expect(coverPercent(told)).toBe(66)
  })

  test('[DK16] is unknown once the feed is cut, when it has grown old, and for another question', () => {
    for (const wrong of [
      { silentMs: CUT_AFTER_MS + 1 },
      { silentMs: null },
      { isOffline: true },
      { isOld: true },
      { asked: 'heating' as const },
    ])
      expect(coverFace(told, { ...live, ...wrong })).toBeNull()
    expect(coverFace(null, live)).toBeNull()
    expect(coverPercent(null)).toBeNull()
    expect(coverPercent({ ...told, all: { communities: 0, households: 0 } })).toBeNull()
  })
})
