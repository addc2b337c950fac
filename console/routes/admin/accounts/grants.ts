import { ACCESS, type Grant, ROLES, type Role, type Scope } from '#domain/access.ts'
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
