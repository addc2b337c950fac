import { m } from '#console/lib/paraglide/messages.js'
import { places } from '#console/lib/places.svelte.ts'
import { ACCESS, type Grant, ROLES, type Role, type Scope } from '#domain/access.ts'
import type { Firm, Unit } from '#domain/units.ts'
import type { BodyOf } from '#wire/route.ts'
import type { setGrants } from '#wire/routes/people.ts'

export type GrantInput = BodyOf<typeof setGrants>['grants'][number]

/** What a grant of a role must name, read from the permission table itself: the code or id its scopes are measured by. */
export type Measure = 'districtCode' | 'subdistrictCode' | 'neighbourhoodCode' | 'firmId' | 'unitId'

const MEASURE: Partial<Record<Scope, Measure>> = {
  district: 'districtCode',
  subdistrict: 'subdistrictCode',
  neighbourhood: 'neighbourhoodCode',
  firm: 'firmId',
  unit: 'unitId',
}

export function measureOf(role: Role): Measure | null {
  const scopes = Object.values(ACCESS[role])
  const scope = scopes.find((each) => each !== undefined && MEASURE[each] !== undefined)
  return scope ? (MEASURE[scope] ?? null) : null
}

/** A resident has no account: the single-ticket link is theirs. */
export const GRANTABLE: readonly Role[] = ROLES.filter((role) => role !== 'resident')

/** One role and what it reaches, as the forms edit it. */
export interface Draft {
  role: Role
  reach: string
}

export const draftOf = (grant: Grant): Draft => {
  const measure = measureOf(grant.role)
  return { role: grant.role, reach: (measure && grant[measure]) ?? '' }
}

export const isComplete = (draft: Draft): boolean => measureOf(draft.role) === null || draft.reach !== ''

export function inputOf(draft: Draft): GrantInput {
  const measure = measureOf(draft.role)
  return measure ? { role: draft.role, [measure]: draft.reach } : { role: draft.role }
}

export interface Reach {
  units: readonly Unit[]
  firms: readonly Firm[]
}

/** What can be chosen for a measure. */
export function optionsFor(
  measure: Measure,
  { units, firms }: Reach,
): { value: string; label: string; detail?: string }[] {
  if (measure === 'unitId')
    return units.map((unit) => ({ value: unit.id, label: unit.callsign, detail: places.areaName(unit) }))
  if (measure === 'firmId') return firms.map((firm) => ({ value: firm.id, label: firm.name }))
  if (measure === 'districtCode')
    return [...places.districts.values()].map(({ code }) => ({ value: code, label: places.districtName(code) }))
  if (measure === 'subdistrictCode') {
    return [...places.subdistricts.values()].map(({ code, name, districtCode }) => ({
      value: code,
      label: name,
      detail: places.districtName(districtCode),
    }))
  }
  return [...places.neighbourhoods.values()].map(({ code, name, subdistrictCode }) => {
    const subdistrict = places.subdistricts.get(subdistrictCode)
    return {
      value: code,
      label: name,
      detail: subdistrict ? places.areaName({ districtCode: subdistrict.districtCode, subdistrictCode }) : '',
    }
  })
}

/** Where a grant reaches, in words. */
export function reachText(grant: Grant, { units, firms }: Reach): string {
  const measure = measureOf(grant.role)
  if (measure === null) return m.admin_scope_tenant()
  const value = grant[measure]
  if (measure === 'unitId') return units.find((unit) => unit.id === value)?.callsign ?? value ?? ''
  if (measure === 'firmId') return firms.find((firm) => firm.id === value)?.name ?? value ?? ''
  if (measure === 'districtCode') return places.districtName(value) || (value ?? '')
  const map = measure === 'subdistrictCode' ? places.subdistricts : places.neighbourhoods
  return map.get(value ?? '')?.name ?? value ?? ''
}
