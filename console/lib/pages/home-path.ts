import type { Grant, Role } from '#domain/access.ts'

/** Where a role begins after signing in. The first line that fits any of the account's grants decides. */
const HOMES: readonly (readonly [path: string, roles: readonly Role[]])[] = [
  ['/', ['dispatcher', 'shiftSupervisor', 'cityAdmin', 'manager', 'housingAuthority', 'providerManager']],
  ['/orders', ['neighbourhoodWorker', 'subdistrictOfficer']],
  ['/go', ['fieldWorker', 'volunteer']],
  ['/admin/readings', ['auditor']],
]

export function homePath(grants: readonly Pick<Grant, 'role'>[]): string {
  const fits = HOMES.find(([, roles]) => grants.some((grant) => roles.includes(grant.role)))
  return fits?.[0] ?? '/account'
}

/** Only paths of this console: an address handed in by a link never leads to another site. */
export function safeReturn(asked: string | null): string | null {
  if (asked === null || !asked.startsWith('/') || asked.startsWith('//') || asked.includes('\\')) return null
  return asked.startsWith('/login') ? null : asked
}
