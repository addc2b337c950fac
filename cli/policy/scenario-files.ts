import { readFile } from 'node:fs/promises'
import { badUsage, type NotDone, notDone } from '#cli/outcome.ts'
import type { PolicyOptions } from '#cli/verbs/simulate-policy.ts'
import type { Instant } from '#domain/instant.ts'
import type { Spot } from '#planning/policy/fleet.ts'
import type { Recording } from '#planning/policy/record.ts'
import type { Scenario } from '#planning/policy/scenario.ts'

type Read<T> = { ok: true; value: T } | NotDone

/** The change that is asked about, from the command line and its files; null when none is. */
export async function readScenario(
  { addUnit, addType, posts, roster }: PolicyOptions,
  { types, leadTypes, units }: Recording,
): Promise<{ ok: true; scenario: Scenario | null } | NotDone> {
  const type = addType ?? leadTypes[0] ?? types[0] ?? ''
  if (!types.includes(type)) return badUsage(`there is no unit of the sort "${type}"; there are ${types.join(', ')}`)
  const scenario: Scenario = {}
  if (addUnit) scenario.more = addUnit.map(([lng, lat]) => ({ type, at: { lng, lat } }))
  if (posts !== undefined) {
    const read = await readPosts(posts)
    if (!read.ok) return read
    scenario.posts = { types: addType ? [type] : leadTypes, at: read.value }
  }
  if (roster !== undefined) {
    const read = await readRoster(roster, new Set(units.map(({ id }) => id)))
    if (!read.ok) return read
    scenario.roster = read.value
  }
  return { ok: true, scenario: Object.keys(scenario).length > 0 ? scenario : null }
}

async function textOf(file: string): Promise<Read<string>> {
  try {
    return { ok: true, value: await readFile(file, 'utf8') }
  } catch (error) {
    return notDone('badFile', `${file} cannot be read: ${(error as Error).message}`)
  }
}

async function readPosts(file: string): Promise<Read<Spot[]>> {
  const text = await textOf(file)
  if (!text.ok) return text
  const spots: Spot[] = []
  for (const [index, line] of text.value.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const [lng = Number.NaN, lat = Number.NaN, ...more] = line.split(',').map(Number)
    if (more.length > 0 || !(Math.abs(lng) <= 180) || !(Math.abs(lat) <= 90))
      return notDone('badFile', `${file}, line ${index + 1}: expected "lng,lat"`)
    spots.push({ lng, lat })
  }
  return spots.length > 0 ? { ok: true, value: spots } : notDone('badFile', `${file} names no post`)
}

async function readRoster(file: string, known: ReadonlySet<string>): Promise<Read<Map<string, [Instant, Instant][]>>> {
  const text = await textOf(file)
  if (!text.ok) return text
  let value: unknown
  try {
    value = JSON.parse(text.value)
  } catch (error) {
    return notDone('badFile', `${file} is no JSON: ${(error as Error).message}`)
  }
  const roster = new Map<string, [Instant, Instant][]>()
  for (const [unit, shifts] of Object.entries(value ?? {})) {
    if (!known.has(unit)) return notDone('badFile', `${file}: there is no unit "${unit}" in the record`)
    const read = Array.isArray(shifts) ? shifts.map(shiftOf) : []
    const isSound = Array.isArray(shifts) && read.every((shift) => shift !== null)
    if (!isSound) return notDone('badFile', `${file}: the shifts of "${unit}" are not pairs of moments, from before to`)
    roster.set(
      unit,
      read.filter((shift) => shift !== null).sort((a, b) => a[0] - b[0]),
    )
  }
  return { ok: true, value: roster }
}

function shiftOf(pair: unknown): [Instant, Instant] | null {
  if (!Array.isArray(pair) || pair.length !== 2) return null
  const [from, to] = pair.map((text) => Date.parse(String(text)))
  return from !== undefined && to !== undefined && from < to ? [from, to] : null
}
