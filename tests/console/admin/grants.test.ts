import { describe, expect, test } from 'vitest'
import { draftOf, GRANTABLE, inputOf, isComplete, measureOf } from '#console/routes/admin/accounts/grants.ts'
import { sectionsFor } from '#console/routes/admin/sections.ts'
import { ACCESS, type Action, type Grant, ROLES } from '#domain/access.ts'

const grant = (more: Partial<Grant>): Grant => ({
  tenant: 'shenyang',
  role: 'dispatcher',
  districtCode: null,
  subdistrictCode: null,
  neighbourhoodCode: null,
  firmId: null,
  unitId: null,
  ticketId: null,
  ...more,
})

describe('what a role has to name', () => {
  test('[FP12] the form asks for exactly what the permission table measures the role by', () => {
    const asked = Object.fromEntries(GRANTABLE.map((role) => [role, measureOf(role)]).filter(([, measure]) => measure))
    expect(asked).toEqual({
      subdistrictOfficer: 'subdistrictCode',
      neighbourhoodWorker: 'neighbourhoodCode',
      providerManager: 'firmId',
      fieldWorker: 'unitId',
      volunteer: 'unitId',
    })
  })

  test('[FP12] a role without its reach is incomplete, and a resident cannot be given an account', () => {
    expect(isComplete({ role: 'fieldWorker', reach: '' })).toBe(false)
    expect(isComplete({ role: 'fieldWorker', reach: 'u1' })).toBe(true)
    expect(isComplete({ role: 'auditor', reach: '' })).toBe(true)
    expect(GRANTABLE).toEqual(ROLES.filter((role) => role !== 'resident'))
  })

  test('[FP12] what is read for changing is sent back the same', () => {
    const worker = grant({ role: 'neighbourhoodWorker', neighbourhoodCode: '210102001001' })
    expect(inputOf(draftOf(worker))).toEqual({ role: 'neighbourhoodWorker', neighbourhoodCode: '210102001001' })
    expect(inputOf(draftOf(grant({})))).toEqual({ role: 'dispatcher' })
  })
})

describe('sections of the administration', () => {
  const sections = (role: (typeof ROLES)[number]) => sectionsFor((action: Action) => ACCESS[role][action] !== undefined)

  test('[FP12] each role is shown only what it may use', () => {
    expect(sections('cityAdmin')).toEqual(['units', 'accounts', 'communities', 'readings', 'city'])
    expect(sections('auditor')).toEqual(['accounts', 'readings', 'city'])
    expect(sections('shiftSupervisor')).toEqual(['units', 'accounts', 'communities', 'city'])
    expect(sections('fieldWorker')).toEqual(['city'])
  })
})
