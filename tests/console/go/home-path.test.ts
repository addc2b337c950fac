import { describe, expect, test } from 'vitest'
import { homePath, safeReturn } from '#console/lib/pages/home-path.ts'
import { fromLocalInput, localInput } from '#console/lib/pages/local-input.ts'

describe('where somebody begins after signing in', () => {
  test('each role has its own place, and the control room comes before the others', () => {
    expect(homePath([{ role: 'fieldWorker' }])).toBe('/go')
    expect(homePath([{ role: 'volunteer' }])).toBe('/go')
    expect(homePath([{ role: 'neighbourhoodWorker' }])).toBe('/orders')
    expect(homePath([{ role: 'subdistrictOfficer' }])).toBe('/orders')
    expect(homePath([{ role: 'auditor' }])).toBe('/admin/readings')
    expect(homePath([{ role: 'manager' }])).toBe('/')
    expect(homePath([{ role: 'fieldWorker' }, { role: 'dispatcher' }])).toBe('/')
    expect(homePath([])).toBe('/account')
  })

  test('[FP14] a link that brought somebody here never leads on to another site', () => {
    expect(safeReturn('/orders?x=1')).toBe('/orders?x=1')
    for (const asked of [
      null,
      '',
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '/login?to=/login',
    ])
      expect(safeReturn(asked)).toBeNull()
  })
})

describe('a date typed on a phone', () => {
  test('means the city’s time, whatever zone the phone is in', () => {
    expect(fromLocalInput('2026-12-01T14:00', 'Asia/Shanghai')).toBe(Date.UTC(2026, 11, 1, 6))
    expect(fromLocalInput('2026-07-01T09:30', 'America/Los_Angeles')).toBe(Date.UTC(2026, 6, 1, 16, 30))
    expect(fromLocalInput('nonsense', 'Asia/Shanghai')).toBeNull()
  })

  test('comes back as it was typed, on both sides of a change to summer time', () => {
    for (const text of ['2026-03-08T01:30', '2026-03-08T03:30', '2026-11-01T03:30', '2026-01-15T12:00']) {
      const at = fromLocalInput(text, 'America/Los_Angeles')
      expect(at === null ? null : localInput(at, 'America/Los_Angeles')).toBe(text)
    }
  })
})
