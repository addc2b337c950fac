import { asc } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { tenants } from '#db/schema/places.ts'
import type { Tenant } from '#domain/places.ts'
import { badUsage, type NotDone, notDone } from './outcome.ts'

export type Chosen = { ok: true; tenant: Tenant } | NotDone

/** The tenant a verb is about: the one it names, or the only one there is. */
export async function chosenTenant(db: DbOrTx, code: string | undefined): Promise<Chosen> {
  const all = await db.select().from(tenants).orderBy(asc(tenants.code))
  const codes = all.map((each) => each.code).join(', ')
  if (all.length === 0) return notDone('unknown', 'there is no tenant yet: add one with `npx hongguan tenant add FILE`')
  if (code === undefined && all.length > 1)
    return badUsage(`there are several tenants: say --tenant with one of ${codes}`)
  const tenant = code === undefined ? all[0] : all.find((each) => each.code === code)
  return tenant ? { ok: true, tenant } : notDone('unknown', `there is no tenant ${code}; there is ${codes}`)
}
