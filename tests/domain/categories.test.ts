import { describe, expect, test } from 'vitest'
import { CATEGORY_DEFAULTS, emergencyNumber, isEmergency } from '#domain/categories.ts'
import { CATEGORIES } from '#domain/ticket.ts'
import { SKILLS } from '#domain/units.ts'

const NUMBERS = { fire: '119', police: '110', medical: '120', gas: '96177' }

describe('a category', () => {
  test('[TK9] of fire, gas, crime or medical is P0 and shows its number first; no other does', () => {
    const shown = CATEGORIES.map((category) => [category, emergencyNumber(category, NUMBERS)] as const).filter(
      ([, n]) => n,
    )
    expect(Object.fromEntries(shown)).toEqual({ fire: '119', gas: '96177', crime: '110', medical: '120' })
    for (const category of CATEGORIES) {
      const { priority, emergency } = CATEGORY_DEFAULTS[category]
      expect([category, priority === 'P0']).toEqual([category, emergency !== null])
    }
  })

  test('[TK9] names the skills it needs, and somebody trapped, a burst pipe and a cold or dark house are P1', () => {
    for (const category of CATEGORIES) {
      const { skills } = CATEGORY_DEFAULTS[category]
      expect(skills.length).toBeGreaterThan(0)
      expect(SKILLS).toEqual(expect.arrayContaining([...skills]))
    }
    const urgent = CATEGORIES.filter((category) => CATEGORY_DEFAULTS[category].priority === 'P1')
    expect(urgent).toEqual(['liftEntrapment', 'burstPipe', 'powerOutage', 'heatOutage'])
  })

  test('[TK9] a ticket raised to P0 is an emergency whatever it is called', () => {
    expect(isEmergency({ category: 'other', priority: 'P0' })).toBe(true)
    expect(isEmergency({ category: 'fire', priority: 'P2' })).toBe(true)
    expect(isEmergency({ category: 'lighting', priority: 'P1' })).toBe(false)
  })
})
