import { type Grant, scopeOf } from '#domain/access.ts'

/** Whose units a console may watch: everybody's in the tenant, or those of these firms. */
export interface FleetAudience {
  /** Equal keys see the same units: what is encoded for one is sent to all of them. */
  key: string
  firmIds: ReadonlySet<string> | null
}

const EVERYBODY: FleetAudience = { key: '*', firmIds: null }

/** FL10: null = may watch nobody. */
export function fleetAudience(grants: readonly Grant[], tenant: string): FleetAudience | null {
  const firmIds = new Set<string>()
  for (const grant of grants) {
    const scope = grant.tenant === tenant ? scopeOf(grant.role, 'fleet.watch') : undefined
    if (scope === 'tenant') return EVERYBODY
    if (scope === 'firm' && grant.firmId !== null) firmIds.add(grant.firmId)
  }
  return firmIds.size > 0 ? { key: [...firmIds].sort().join(), firmIds } : null
}

export const mayWatch = ({ firmIds }: FleetAudience, firmId: string | null): boolean =>
  firmIds === null || (firmId !== null && firmIds.has(firmId))
