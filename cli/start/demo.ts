import { and, eq, inArray, sql } from 'drizzle-orm'
import { checkedTenant } from '#cli/verbs/tenant-files.ts'
import type { Db, OpenDb } from '#db/connect.ts'
import { DEMO_PASSWORD } from '#db/demo/accounts.ts'
import { DEMO_SEED, demoCity, SHENYANG_SIZE } from '#db/demo/city.ts'
import { type DemoWithEmergency, withEmergency } from '#db/demo/emergency.ts'
import { type DemoHistory, demoHistory } from '#db/demo/history.ts'
import { loadDemoCity } from '#db/demo/load.ts'
import { loadDemoEmergency } from '#db/demo/load-emergency.ts'
import { loadDemoHistory } from '#db/demo/load-history.ts'
import type { TenantConfig } from '#db/places/config.ts'
import type { TenantPlaces } from '#db/places/places-of.ts'
import { SHENYANG_CONFIG } from '#db/places/read.ts'
import { account, user } from '#db/schema/accounts.ts'
import { grants } from '#db/schema/people.ts'
import { tenants } from '#db/schema/places.ts'
import type { Role } from '#domain/access.ts'
import { HOUR_MS, type Instant } from '#domain/instant.ts'
import { addAlike } from '#server/people/accounts.ts'
import { addTenant } from '#server/places/add-tenant.ts'

/** The demo's people began their shift before anybody looked. */
const SHIFT_BEGAN_MS = 3 * HOUR_MS

export interface DrawnDemo {
  config: TenantConfig
  places: TenantPlaces
  city: DemoWithEmergency
  history: DemoHistory
}

/** Shenyang with its made-up city. Needs no database, so a first start does it while its database is being made. */
export async function drawDemo(now: Instant): Promise<DrawnDemo> {
  const checked = await checkedTenant(SHENYANG_CONFIG)
  if (!checked.ok) throw new Error(`the demo's own configuration is refused: ${JSON.stringify(checked.problems)}`)
  const { config, places } = checked
  const city = demoCity(config, places, DEMO_SEED, SHENYANG_SIZE, now - SHIFT_BEGAN_MS)
  const history = demoHistory(city, DEMO_SEED, now)
  return { config, places, history, city: withEmergency(config, places, city, DEMO_SEED, now) }
}

/** Into a database without a single tenant: the city and one account a role. Answers whether it did. */
export async function loadDemo({ db }: OpenDb, draw: () => Promise<DrawnDemo>, now: Instant): Promise<boolean> {
  if ((await db.$count(tenants)) > 0) return false
  const { config, places, city, history } = await draw()
  await db.transaction(async (tx) => {
    await addTenant(tx, config, places)
    await loadDemoCity(tx, city)
    await loadDemoEmergency(tx, city.emergency)
    await loadDemoHistory(tx, config.code, history)
  })
  const made = await addAlike(db, city.accounts, DEMO_PASSWORD, now)
  if (!made.ok) throw new Error(`the demo's accounts cannot be made: ${made.why}`)
  return true
}

export interface ShownAccount {
  username: string
  displayName: string
  role: Role
}

const DEMO_NAMES =
  'admin dispatcher supervisor manager housing officer neighbourhood provider field volunteer auditor'.split(' ')

/** Demo accounts that still have the printed password: changing it touches the row. */
export async function demoAccountsIn(db: Db, tenant: string): Promise<ShownAccount[]> {
  const rows = await db
    .select({ username: user.username, displayName: user.name, role: grants.role })
    .from(user)
    .innerJoin(grants, and(eq(grants.userId, user.id), eq(grants.tenant, tenant)))
    .innerJoin(account, and(eq(account.userId, user.id), eq(account.providerId, 'credential')))
    .where(
      and(
        inArray(user.username, DEMO_NAMES),
        eq(user.disabled, false),
        sql`${account.updatedAt} = ${account.createdAt}`,
      ),
    )
  return rows
    .map(({ username, ...row }) => ({ ...row, username: username ?? '' }))
    .sort((a, b) => DEMO_NAMES.indexOf(a.username) - DEMO_NAMES.indexOf(b.username))
}
