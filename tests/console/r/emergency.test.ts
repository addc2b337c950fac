import { describe, expect, test } from 'vitest'
import { emergencyNumber, RESIDENT_CATEGORIES, telLink } from '#console/lib/pages/emergency.ts'
import { CATEGORIES } from '#domain/ticket.ts'

const NUMBERS = { fire: '119', police: '110', medical: '120', gas: '96177' }

describe('whom to call before anything else', () => {
  test('[FP9] fire, gas, crime and medical have the city’s own numbers, and nothing else has one', () => {
    const told = Object.fromEntries(
      CATEGORIES.map((category) => [category, emergencyNumber(category, NUMBERS)]).filter(([, number]) => number),
    )
    expect(told).toEqual({ fire: '119', gas: '96177', crime: '110', medical: '120' })
  })

  test('[FP9] residents are offered these four first', () => {
    expect(RESIDENT_CATEGORIES.slice(0, 4).every((category) => emergencyNumber(category, NUMBERS) !== null)).toBe(true)
    expect(new Set(RESIDENT_CATEGORIES).size).toBe(RESIDENT_CATEGORIES.length)
  })

  test('a number becomes a link that calls exactly it', () => {
    expect(telLink('119')).toBe('tel:119')
    expect(telLink('+1 (415) 555-0100')).toBe('tel:+14155550100')
    expect(telLink('*100#')).toBe('tel:*100%23')
  })
})
