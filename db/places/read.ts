import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

const LISTS = ['districts', 'subdistricts', 'neighbourhoods', 'communities', 'outlines'] as const

export interface ConfigProblem {
  /** JSON pointer into the configuration. */
  path: string
  why: string
}

export type ReadConfig = { ok: true; config: unknown } | { ok: false; problems: ConfigProblem[] }

/** Shenyang's own configuration, vendored. */
export const SHENYANG_CONFIG = join(import.meta.dirname, 'shenyang', 'city.json')

/**
 * A tenant's configuration file with the files it names put in their places. Nothing is checked yet but that every file is there
 * and is JSON: hand the result to the schema of wire/tenant-config.ts, then to `placesOf`.
 */
export async function readTenantFile(file: string): Promise<ReadConfig> {
  const config = await readJson(file)
  if (!config.ok) return { ok: false, problems: [{ path: '', why: config.why }] }
  return inlinePlaces(config.value, dirname(resolve(file)))
}

async function inlinePlaces(config: unknown, folder: string): Promise<ReadConfig> {
  if (!isRecord(config) || !isRecord(config.places)) return { ok: true, config }
  const places = { ...config.places }
  const problems: ConfigProblem[] = []
  for (const list of LISTS) {
    const path = places[list]
    if (typeof path !== 'string') continue
    const read = await readJson(resolve(folder, path))
    if (read.ok) places[list] = read.value
    else problems.push({ path: `/places/${list}`, why: read.why })
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: { ...config, places } }
}

async function readJson(file: string): Promise<{ ok: true; value: unknown } | { ok: false; why: string }> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    return { ok: false, why: `${file} cannot be read: ${(error as NodeJS.ErrnoException).code}` }
  }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, why: `${file} is not JSON: ${(error as Error).message}` }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
