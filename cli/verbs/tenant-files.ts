import { asc } from 'drizzle-orm'
import { Compile } from 'typebox/compile'
import { withDatabase } from '#cli/database.ts'
import { done, notDone, type Outcome } from '#cli/outcome.ts'
import type { Db } from '#db/connect.ts'
import { DEMO_SEED, demoCity, sizeFor } from '#db/demo/city.ts'
import { syntheticCommunities } from '#db/demo/communities.ts'
import { loadDemoCity } from '#db/demo/load.ts'
import type { TenantConfig as CheckedConfig } from '#db/places/config.ts'
import { placesOf, type TenantPlaces } from '#db/places/places-of.ts'
import { type ConfigProblem, readTenantFile } from '#db/places/read.ts'
import { tenants } from '#db/schema/places.ts'
import { addTenant } from '#server/places/add-tenant.ts'
import { TenantConfig } from '#wire/tenant-config.ts'

const CONFIG = Compile(TenantConfig)

type Checked = { ok: true; config: CheckedConfig; places: TenantPlaces } | { ok: false; problems: ConfigProblem[] }

/** A configuration file as `tenant add` and the demo take it. */
export async function checkedTenant(file: string): Promise<Checked> {
  const read = await readTenantFile(file)
  if (!read.ok) return read
  if (!CONFIG.Check(read.config))
    return {
      ok: false,
      problems: CONFIG.Errors(read.config).map(({ instancePath, message }) => ({ path: instancePath, why: message })),
    }
  const placed = placesOf(read.config)
  return placed.ok ? { ok: true, config: read.config, places: placed.places } : placed
}

export async function addFromFile(file: string, withDemo: boolean): Promise<Outcome> {
  const checked = await checkedTenant(file)
  if (!checked.ok)
    return notDone(
      'badFile',
      `${file} is not taken:`,
      checked.problems.map(({ path, why }) => `  ${path || '/'}: ${why}`),
    )
  const { config, places } = checked
  return withDatabase(async ({ db }) => {
    const answer = await db.transaction(async (tx) => {
      const added = await addTenant(tx, config, places)
      if (added.ok) await loadDemoCity(tx, madeUp(config, places, withDemo, Date.now()))
      return added
    })
    if (!answer.ok) return notDone(answer.why, `there is a tenant ${config.code} already`)
    return done({ tenant: config.code }, `added ${config.code} (${config.name.zh}, ${config.name.en})`)
  })
}

const NOTHING = { firms: [], communities: [], units: [] }

/** Communities made up by the configuration's wish; with `--demo` everything that belongs to them. */
function madeUp(config: CheckedConfig, places: TenantPlaces, withDemo: boolean, now: number) {
  const { code: tenant, locale, centre } = config
  const wish = Array.isArray(config.places.communities) ? undefined : config.places.communities?.synthetic
  const { count, seed } = wish ?? { count: 200, seed: DEMO_SEED }
  if (withDemo) return demoCity(config, places, seed, sizeFor(count), now)
  return wish
    ? { ...NOTHING, communities: syntheticCommunities({ tenant, locale, centre, places, seed, count }) }
    : NOTHING
}

export const listTenants = (): Promise<Outcome> => withDatabase(({ db }) => list(db))

async function list(db: Db): Promise<Outcome> {
  const { code, name, timeZone, locale } = tenants
  const all = await db.select({ code, name, timeZone, locale }).from(tenants).orderBy(asc(tenants.code))
  const width = Math.max(0, ...all.map((each) => each.code.length))
  return done(
    all,
    ...all.map(
      (each) => `${each.code.padEnd(width)}  ${each.name.zh} ${each.name.en}  ${each.timeZone}  ${each.locale}`,
    ),
  )
}
