import type { ProgramAccount } from '#cli/keys.ts'
import { programAccount } from '#cli/keys.ts'
import type { Db } from '#db/connect.ts'
import type { Instant } from '#domain/instant.ts'
import type { Tenant } from '#domain/places.ts'

/** Whoever recorded an arrival may not be the one who calls back, so the simulator has two accounts, both dispatchers. */
export interface StaffIds {
  room: string
  phone: string
}

/** Account names are one space for all tenants, so they bear the tenant's code. */
export function staffAccounts({
  code: tenant,
  locale,
}: Pick<Tenant, 'code' | 'locale'>): Record<keyof StaffIds, ProgramAccount> {
  const title = locale === 'en' ? 'Simulator' : '模拟器'
  const role = 'dispatcher'
  return {
    room: { username: `simulator.${tenant}`, displayName: `${title} 01`, role, tenant },
    phone: { username: `simulator-phone.${tenant}`, displayName: `${title} 02`, role, tenant },
  }
}

export async function staffIds(db: Db, tenant: Pick<Tenant, 'code' | 'locale'>, now: Instant): Promise<StaffIds> {
  const { room, phone } = staffAccounts(tenant)
  return { room: await programAccount(db, room, now), phone: await programAccount(db, phone, now) }
}
