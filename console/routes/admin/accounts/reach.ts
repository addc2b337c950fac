import { m } from '#console/lib/paraglide/messages.js'
import { places } from '#console/lib/places.svelte.ts'
import type { Grant } from '#domain/access.ts'
import type { Firm, Unit } from '#domain/units.ts'
import { type Measure, measureOf } from './grants.ts'

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
