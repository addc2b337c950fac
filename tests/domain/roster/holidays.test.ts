import { describe, expect, test } from 'vitest'
import { holidaysFrom } from '#domain/roster/holidays.ts'

describe('statutory holidays', () => {
  test('[RO39] a year has thirteen, and days that a notice adds by moving working days are none', () => {
    expect(holidaysFrom('2026-01-01', 365)).toEqual([
      ...['2026-01-01', '2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-04-05'],
      ...['2026-05-01', '2026-05-02', '2026-06-19', '2026-09-25', '2026-10-01', '2026-10-02', '2026-10-03'],
    ])
  })

  test('[RO39] a year for which no notice is out yet has them too', () => {
    expect(holidaysFrom('2029-01-01', 365)).toHaveLength(13)
    expect(holidaysFrom('2029-02-10', 7)).toEqual(['2029-02-12', '2029-02-13', '2029-02-14', '2029-02-15'])
  })
})
