import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inOrder, isInsideAt, packInside, placesKeyOf, standsAt } from '#domain/cover-state.ts'
import { STALE_AFTER_MS } from '#domain/freshness.ts'
import { fixAt, unitRow } from '#tests/support/fleet-city.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const unit = unitRow('a', 1, NOW)
const heard = (agoMs: number) => ({ ...fixAt(NOW - agoMs, 300), receivedAt: NOW - agoMs })

describe('where a unit counts', () => {
  test('[CV5] free on duty it counts at its last fix while that is fresh, and is unseen without one', () => {
    const fix = heard(STALE_AFTER_MS.device)
    expect(standsAt(unit, fix, NOW)).toMatchObject({ id: unit.id, lng: fix.lng, lat: fix.lat, isFree: true })
    expect(standsAt(unit, heard(STALE_AFTER_MS.device + 1), NOW)).toBe('unseen')
    expect(standsAt(unit, null, NOW)).toBe('unseen')
  })

  test('[CV5] with a task or off duty it does not count, however fresh', () => {
    expect(standsAt({ ...unit, duty: 'busy' }, heard(0), NOW)).toBeNull()
    expect(standsAt({ ...unit, duty: 'offDuty' }, heard(0), NOW)).toBeNull()
  })
})

describe('communities as bits', () => {
  test('[CV6] every bit is read back as it was packed', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (inside) => {
        const packed = packInside(inside.length, (place) => inside[place] as boolean)
        expect(inside.map((_, place) => isInsideAt(packed, place))).toEqual(inside)
        expect(packed.length).toBe(Math.ceil(inside.length / 6))
      }),
    )
  })

  test('[CV6] another list of communities has another key, the same list in any order the same', () => {
    const places = ['b', 'a', 'c'].map((id) => ({ id }))
    expect(placesKeyOf(inOrder(places))).toBe(placesKeyOf(inOrder(places.toReversed())))
    expect(placesKeyOf(inOrder([{ id: 'ab' }, { id: 'c' }]))).not.toBe(
      placesKeyOf(inOrder([{ id: 'a' }, { id: 'bc' }])),
    )
  })
})
