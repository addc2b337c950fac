import type { Grant } from '#domain/access.ts'
import type { Actor } from '#domain/ticket.ts'
import type { Reader, SignedIn } from './serving.ts'

/** The account as it speaks in one tenant: the one it names, else the first it has a grant in. Without grants there it may nothing. */
export function readerOf(signedIn: SignedIn, wantedTenant: string | undefined): Reader {
  const { userId, username, displayName, grants } = signedIn
  const tenant = wantedTenant ?? grants[0]?.tenant ?? ''
  return { userId, username, displayName, tenant, grants: grants.filter((grant) => grant.tenant === tenant) }
}

/** The unit an account works as, when that is all it does in the tenant. */
export function unitOf(grants: readonly Grant[]): string | null {
  const unitIds = new Set(grants.map((grant) => grant.unitId))
  const [only = null] = unitIds
  return unitIds.size === 1 ? only : null
}

/** Under which name the reader's acts are written down. */
export function actorOf(reader: Reader, by: SignedIn['by']): Actor {
  if (by === 'apiKey') return { kind: 'api', id: reader.userId }
  const unitId = unitOf(reader.grants)
  return unitId === null ? { kind: 'user', id: reader.userId } : { kind: 'unit', id: unitId }
}
