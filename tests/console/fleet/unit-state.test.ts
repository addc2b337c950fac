import { describe, expect, test } from 'vitest'
import { cellWindow, covers, sameWindow } from '#console/lib/fleet/cell-window.ts'
import { bestEtaMs } from '#console/lib/fleet/nearest.ts'
import { unitState } from '#console/lib/fleet/unit-state.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'

const NOW = 10_000_000
const unit = { duty: 'onDuty', tracked: true } as const
const fresh = { heardAt: NOW - 5_000, source: 'device' } as const
const old = { heardAt: NOW - 61_000, source: 'device' } as const
const free = { isOnTask: false, isReachable: true }

describe('what a unit is drawn as', () => {
  test('[DK5] a unit without a fix is a ghost and one with an old fix is stale, on a task or not', () => {
    expect(unitState(unit, null, { ...free, isOnTask: true }, NOW)).toBe('ghost')
    expect(unitState(unit, old, { ...free, isOnTask: true }, NOW)).toBe('stale')
    expect(unitState(unit, old, free, NOW)).toBe('stale')
  })

  test('[DK5] each source has its own limit', () => {
    expect(unitState(unit, { ...old, source: 'osmand' }, free, NOW)).toBe('available')
  })

  test('[DK5] without consent no position is shown, even one that is remembered', () => {
    expect(unitState({ ...unit, tracked: false }, fresh, free, NOW)).toBe('ghost')
  })

  test('[DK5] available, by phone, on a task and off duty are four different things', () => {
    expect(unitState(unit, fresh, free, NOW)).toBe('available')
    expect(unitState(unit, fresh, { ...free, isReachable: false }, NOW)).toBe('byPhone')
    expect(unitState(unit, fresh, { ...free, isOnTask: true }, NOW)).toBe('onTask')
    expect(unitState({ ...unit, duty: 'busy' }, fresh, free, NOW)).toBe('onTask')
    expect(unitState({ ...unit, duty: 'offDuty' }, fresh, free, NOW)).toBe('offDuty')
    expect(unitState({ ...unit, duty: 'offDuty' }, fresh, { ...free, isOnTask: true }, NOW)).toBe('onTask')
  })
})

describe('the window of cells', () => {
  test('covers what is seen and one cell more on each side', () => {
    const window = cellWindow([123.4, 41.7, 123.5, 41.8])
    expect(window.west).toBe((worldX(123.4) >> 12) - 1)
    expect(window.north).toBe((worldY(41.8) >> 12) - 1)
    expect(window.south).toBeGreaterThan(window.north)
    expect(covers(window, window)).toBe(true)
    expect(covers(window, cellWindow([123.3, 41.7, 123.5, 41.8]))).toBe(false)
    expect(sameWindow(window, { ...window })).toBe(true)
  })
})

describe('the soonest unit', () => {
  const at = (lng: number, lat: number, skills: readonly 'unlocking'[] = []) => ({
    wx: worldX(lng),
    wy: worldY(lat),
    kind: 'housekeeper' as const,
    mode: 'ebike' as const,
    skills,
  })
  const ticket = { lng: 123.43, lat: 41.8, neededSkills: ['unlocking' as const] }

  test('is the nearest of those with the skill', () => {
    const near = bestEtaMs(ticket, [at(123.43, 41.8), at(123.44, 41.8, ['unlocking']), at(123.5, 41.8, ['unlocking'])])
    // 829 m straight × 1.3 at 18 km/h and 30 s to set off.
    expect(near).toBeGreaterThan(240_000)
    expect(near).toBeLessThan(250_000)
  })

  test('is nobody where nobody has the skill', () => expect(bestEtaMs(ticket, [at(123.43, 41.8)])).toBeNull())
})
