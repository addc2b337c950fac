import { call, type Door } from '#cli/api.ts'
import { askedDataFolder } from '#cli/data-folder.ts'
import { bindMany, deviceKey } from '#cli/devices.ts'
import { programKey } from '#cli/keys.ts'
import { type NotDone, notDone } from '#cli/outcome.ts'
import { serverTime } from '#cli/server-time.ts'
import { chosenTenant } from '#cli/tenant.ts'
import type { Db } from '#db/connect.ts'
import { placeOf } from '#db/embedded.ts'
import type { ImportMap } from '#domain/import-map.ts'
import { HOUR_MS, type Instant } from '#domain/instant.ts'
import type { Tenant } from '#domain/places.ts'
import { clock } from '#wire/routes/system.ts'
import { censusOf, type FixCensus, type FixFile, fixesOf, type RecordedFix, type Reports, reportsOf } from './files.ts'
import { type FileSpan, layOn } from './pair.ts'
import type { Replay } from './run.ts'
import { createUnits, unitsOfFile } from './units.ts'

export interface ReplayOptions {
  tenant?: string
  fixes?: string
  tickets?: string
  map: string
  speed: number
  shiftTo?: 'now'
  createUnits?: true
  timezone?: string
  hours?: number
  url?: string
}

/** Everything a replay needs before the first row is sent. */
export interface Prepared {
  replay: Omit<Replay, 'progress' | 'signal'>
  rows: number
  notes: string[]
}

export async function prepare(
  db: Db,
  options: ReplayOptions,
  map: ImportMap,
  url: string,
): Promise<Prepared | NotDone> {
  const chosen = await chosenTenant(db, options.tenant)
  if (!chosen.ok) return chosen
  const { tenant } = chosen
  const files = await readFiles(options, map, tenant)
  if ('ok' in files) return files
  const { census, reports } = files
  const laid = await laidOn(options, { url, tenant: tenant.code, apiKey: null }, files)
  if (!laid.ok) return laid
  const { base } = laid
  const bound = census ? await secretsFor(db, options, tenant.code, census, base) : NOBODY
  if ('ok' in bound) return bound
  const apiKey = await programKey(
    db,
    { username: `replay.${tenant.code}`, displayName: 'Replay 01', role: 'dispatcher', tenant: tenant.code },
    base,
  )
  const door = { url, tenant: tenant.code, apiKey }
  const time = await serverTime(door)
  if ('ok' in time) return time
  const fixShiftMs = census ? base - census.first : 0
  const reportShiftMs = reports ? base - (reports.reports[0]?.at ?? base) : 0
  const end = Math.max(
    census ? census.last + fixShiftMs : 0,
    reports ? (reports.reports.at(-1)?.at ?? 0) + reportShiftMs : 0,
  )
  const until = Math.min(end, options.hours === undefined ? end : base + options.hours * HOUR_MS)
  return {
    replay: {
      door,
      time,
      source: map.source,
      fixes: files.fixes,
      fixShiftMs,
      secrets: bound.secrets,
      reports: reports?.reports ?? [],
      reportShiftMs,
      until,
    },
    rows: (census?.rows ?? 0) + (reports?.reports.length ?? 0),
    notes: notesOf(files, bound.offDuty),
  }
}

interface Files {
  census: FixCensus | null
  fixes: AsyncIterable<RecordedFix>
  reports: Reports | null
}

async function readFiles(options: ReplayOptions, map: ImportMap, tenant: Tenant): Promise<Files | NotDone> {
  const { encoding, delimiter } = map
  const speech = { ...(encoding && { encoding }), ...(delimiter && { delimiter }) }
  const timeZone = options.timezone ?? tenant.timeZone
  const spanMs = options.hours === undefined ? undefined : options.hours * HOUR_MS
  let census: FixCensus | null = null
  let fixFile: FixFile | null = null
  if (options.fixes && map.fixes) {
    fixFile = { file: options.fixes, map: map.fixes, speech, timeZone }
    const counted = await censusOf(fixFile, spanMs)
    if (!counted.ok) return counted
    census = counted
  }
  let reports: Reports | null = null
  if (options.tickets && map.tickets) {
    const found = await reportsOf({ file: options.tickets, map: map.tickets, speech, timeZone })
    if (!found.ok) return found
    reports = found
  }
  return { census, reports, fixes: fixFile ? fixesOf(fixFile) : nothing() }
}

async function* nothing(): AsyncGenerator<RecordedFix> {}

async function laidOn(
  options: ReplayOptions,
  door: Door,
  { census, reports }: Files,
): Promise<{ ok: true; base: Instant } | NotDone> {
  const asked = await call(door, clock)
  if (!asked.ok) return notDone(asked.why, asked.says)
  const spans: FileSpan[] = []
  if (census) spans.push({ file: options.fixes as string, first: census.first, last: census.last })
  const [first, last] = [reports?.reports[0], reports?.reports.at(-1)]
  if (first && last) spans.push({ file: options.tickets as string, first: first.at, last: last.at })
  return layOn({ shiftToNow: options.shiftTo === 'now', speed: options.speed }, asked.answer, spans)
}

async function secretsFor(
  db: Db,
  { createUnits: mayCreate }: ReplayOptions,
  tenant: string,
  { units: firstSeen }: FixCensus,
  base: Instant,
): Promise<Bound | NotDone> {
  if (mayCreate) await createUnits(db, tenant, firstSeen, base)
  const found = await unitsOfFile(db, tenant, [...firstSeen.keys()])
  if (!found.ok) return found
  const bound = await bindMany(db, deviceKey(placeOf(askedDataFolder())), [...found.units.values()], 'replay', base)
  const offDuty = [...found.units.values()].filter(({ duty }) => duty === 'offDuty').length
  return { secrets: new Map([...found.units].map(([name, { id }]) => [name, bound.get(id) as string])), offDuty }
}

const NOBODY: Bound = { secrets: new Map(), offDuty: 0 }

interface Bound {
  /** By the file's own names. */
  secrets: Map<string, string>
  offDuty: number
}

function notesOf({ census, reports }: Files, offDuty: number): string[] {
  const notes: string[] = []
  const unreadable = (census?.unreadable ?? 0) + (reports?.unreadable ?? 0)
  if (unreadable > 0) notes.push(`${unreadable} rows of the files could not be read and were passed over`)
  if (offDuty > 0) notes.push(`${offDuty} units are off duty: their positions will be refused`)
  return notes
}
