import { describe, expect, test } from 'vitest'
import { type Grant, may } from '#domain/access.ts'
import { grantFor } from '#tests/support/app.ts'

const CITY = 'testville'
const joined = { tenant: CITY, subdistrictCodes: ['S1', 'S2'] }
const elsewhere = { tenant: CITY, subdistrictCodes: ['S3'] }
const leading = (subdistrictCode: string | null): Grant[] => [{ ...grantFor('shiftSupervisor'), subdistrictCode }]

describe('access to rosters', () => {
  test('[AC9] a supervisor of a sub-district leads the clusters it lies in and no others; one of no sub-district leads them all', () => {
    expect(may(leading('S2'), 'roster.publish', joined)).toBe(true)
    expect(may(leading('S2'), 'roster.publish', elsewhere)).toBe(false)
    expect(may(leading(null), 'roster.publish', elsewhere)).toBe(true)
    expect(may(leading(null), 'roster.publish', { ...elsewhere, tenant: 'elsewhere' })).toBe(false)
  })

  test('[AC9] an officer looks at the clusters of the own sub-district and makes none; whoever looks at the city makes none either', () => {
    expect(may([grantFor('subdistrictOfficer')], 'roster.read', joined)).toBe(true)
    expect(may([grantFor('subdistrictOfficer')], 'roster.read', elsewhere)).toBe(false)
    for (const role of ['subdistrictOfficer', 'manager', 'auditor', 'dispatcher', 'fieldWorker'] as const)
      expect([role, may([grantFor(role)], 'roster.make', joined)]).toEqual([role, false])
  })
})
