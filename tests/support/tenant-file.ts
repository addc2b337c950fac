import { join } from 'node:path'
import Value from 'typebox/value'
import type { TenantConfig } from '#db/places/config.ts'
import { placesOf, type TenantPlaces } from '#db/places/places-of.ts'
import { readTenantFile } from '#db/places/read.ts'
import { TenantConfig as TenantConfigSchema } from '#wire/tenant-config.ts'

export const SAN_FRANCISCO_CONFIG = join(import.meta.dirname, '../../docs/examples/san-francisco.json')

/** A configuration file taken the way `hongguan tenant add` takes it; throws on any problem, for tests about what follows. */
export async function tenantFromFile(file: string): Promise<{ config: TenantConfig; places: TenantPlaces }> {
  const read = await readTenantFile(file)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const errors = Value.Errors(TenantConfigSchema, read.config)
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  const config = Value.Parse(TenantConfigSchema, read.config)
  const placed = placesOf(config)
  if (!placed.ok) throw new Error(JSON.stringify(placed.problems))
  return { config, places: placed.places }
}
