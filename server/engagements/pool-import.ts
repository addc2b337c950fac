import { createHash, randomUUID } from 'node:crypto'
import { type CsvError, parse } from 'csv-parse/sync'
import { eq } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { firms, subdistricts } from '#db/schema/places.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { momentReader } from '#domain/import-time.ts'
import type { PoolEntry, PoolReason } from '#domain/pool.ts'
import { type PoolColumn, poolHeader } from '#domain/pool-csv.ts'
import { canonical, changedFields, IMPORTED_FIELDS, importRow, type RowPlaces } from '#domain/pool-import.ts'
import { type PoolProblem, type PoolRow, readPoolRow } from '#domain/pool-row.ts'
import type { Review } from '#domain/pool-steps.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { NOTHING } from '#domain/services.ts'
import type { Firm } from '#domain/units.ts'
import { tenantByCode } from '#server/places/queries.ts'
import type { PoolImportRow, PoolPreview } from '#wire/routes/pool.ts'
import { type Ruling, rulingOf } from './community-queries.ts'
import { newEntry } from './pool.ts'
import type { Act } from './record.ts'

/** What importing a file would do: told to whoever asks for the preview, done by whoever imports it. */
export interface ImportPlan {
  preview: PoolPreview
  firms: Firm[]
  entries: { before: PoolEntry | null; after: PoolEntry }[]
}

/** The city as the file is read against it; held, when it is to be written. */
interface Known {
  firms: Map<string, Firm>
  entries: Map<string, PoolEntry>
  /** District by sub-district; the districts. */
  districtOf: Map<string, string>
  districts: Set<string>
  ruling: Ruling
  readDay: ReturnType<typeof momentReader>
}

const MOST_ROWS = 5_000

/** PV6: reads the whole file against the pool as it is; writes nothing. */
export async function planImport(
  tx: Tx,
  csv: string,
  act: Act,
  isHeld: boolean,
): Promise<ImportPlan | Refused<'badFile'>> {
  const lines = linesOf(csv)
  const header = lines?.[0] && poolHeader(lines[0])
  if (!lines || !header || lines.length - 1 > MOST_ROWS) return refused('badFile')
  const known = await knownIn(tx, act.tenant, isHeld)
  const plan: ImportPlan = {
    preview: { stamp: '', rows: [], added: 0, changed: 0, same: 0, refused: 0 },
    firms: [],
    entries: [],
  }
  const seen = new Set<string>()
  for (const [index, cells] of lines.slice(1).entries()) {
    const { row, problems } = readPoolRow(header, cells, known.readDay)
    if (row.firm !== '' && seen.has(row.firm)) problems.push({ column: 'firm', value: row.firm, why: 'twice' })
    seen.add(row.firm)
    addRow(plan, known, { line: index + 2, row, problems }, act)
  }
  plan.preview.stamp = stampOf(csv, known)
  return plan
}

function linesOf(csv: string): string[][] | null {
  try {
    return parse(csv, { bom: true, relax_column_count: true, skip_empty_lines: true }) as string[][]
  } catch (error) {
    if ((error as CsvError).code === undefined) throw error
    return null
  }
}

async function knownIn(tx: Tx, tenant: string, isHeld: boolean): Promise<Known> {
  const named = tx.select().from(firms).where(eq(firms.tenant, tenant)).orderBy(firms.id)
  const allFirms = await (isHeld ? named.for('no key update') : named)
  const pool = tx.select().from(poolEntries).where(eq(poolEntries.tenant, tenant)).orderBy(poolEntries.id)
  const entries = await (isHeld ? pool.for('no key update') : pool)
  const streets = await tx.select().from(subdistricts).where(eq(subdistricts.tenant, tenant))
  const city = await tenantByCode(tx, tenant)
  return {
    // Of two firms with one name the first is meant; a file has no other way to tell them apart.
    firms: new Map(allFirms.reverse().map((firm) => [firm.name, firm])),
    entries: new Map(entries.map((entry) => [entry.firmId, entry])),
    districtOf: new Map(streets.map(({ code, districtCode }) => [code, districtCode])),
    districts: new Set(streets.map(({ districtCode }) => districtCode)),
    ruling: await rulingOf(tx, tenant),
    readDay: momentReader('iso', city?.timeZone ?? 'UTC'),
  }
}

interface Line {
  line: number
  row: PoolRow
  problems: PoolProblem[]
}

function addRow(plan: ImportPlan, known: Known, { line, row, problems }: Line, act: Act): void {
  const firm = known.firms.get(row.firm) ?? { id: randomUUID(), tenant: act.tenant, name: row.firm, synthetic: false }
  const before = known.entries.get(firm.id) ?? null
  const places = placesOf(known, row, problems)
  const isTwice = problems.some(({ why }) => why === 'twice')
  if (!before && !isTwice) needed(row, places, problems)
  const review: Review = { actor: act.actor, reason: 'byImport' satisfies PoolReason, now: act.now }
  const base = before ?? blankEntry(act, firm.id, places)
  const outcome = importRow(base, { row, places, isNew: before === null }, known.ruling.settings.entry, review)
  const all = [...problems, ...outcome.problems]
  const fields = before ? changedFields(before, outcome.after) : [...IMPORTED_FIELDS]
  const does = all.length > 0 ? 'refuse' : !before ? 'add' : fields.length > 0 ? 'change' : 'same'
  const changes = fields.map((field) => ({
    field,
    from: before && shown(before, field),
    to: shown(outcome.after, field) ?? '',
  }))
  plan.preview.rows.push({ line, firmName: row.firm, does, changes: does === 'refuse' ? [] : changes, problems: all })
  plan.preview[COUNTED[does]]++
  if (does !== 'add' && does !== 'change') return
  if (!known.firms.has(row.firm)) plan.firms.push(firm)
  plan.entries.push({ before, after: before ? outcome.after : { ...outcome.after, version: 1 } })
}

const COUNTED = { add: 'added', change: 'changed', same: 'same', refuse: 'refused' } as const satisfies Record<
  PoolImportRow['does'],
  keyof PoolPreview
>

function placesOf({ districtOf, districts }: Known, row: PoolRow, problems: PoolProblem[]): RowPlaces {
  const { subdistrict, lng, lat, districts: served } = row
  const districtCode = subdistrict === undefined ? undefined : districtOf.get(subdistrict)
  if (subdistrict !== undefined && districtCode === undefined)
    problems.push({ column: 'subdistrict', value: subdistrict, why: 'unknownPlace' })
  for (const code of served ?? [])
    if (!districts.has(code)) problems.push({ column: 'districts', value: code, why: 'unknownPlace' })
  const point = lng !== undefined && lat !== undefined ? { lng, lat } : {}
  const office =
    subdistrict !== undefined && districtCode !== undefined ? { subdistrictCode: subdistrict, districtCode } : {}
  return { office: { ...office, ...point }, districtCodes: served ?? null }
}

/** A firm that is new to the pool must say everything that an entry is made of. */
function needed(row: PoolRow, { office }: RowPlaces, problems: PoolProblem[]): void {
  const missing = (column: PoolColumn, isThere: boolean) => {
    const isNamed = problems.some((problem) => problem.column === column)
    if (!isThere && !isNamed) problems.push({ column, value: '', why: 'missing' })
  }
  missing('subdistrict', office.subdistrictCode !== undefined)
  missing('lng', office.lng !== undefined)
  missing('lat', office.lat !== undefined)
  missing('services', row.services !== undefined)
  missing('districts', row.districts !== undefined)
  missing('price', row.price !== undefined)
}

const blankEntry = ({ tenant, now }: Act, firmId: string, { office, districtCodes }: RowPlaces): PoolEntry =>
  newEntry(
    {
      tenant,
      firmId,
      districtCode: office.districtCode ?? '',
      subdistrictCode: office.subdistrictCode ?? '',
      lng: office.lng ?? 0,
      lat: office.lat ?? 0,
      services: [],
      tier: 'basic',
      capacity: { ...NOTHING },
      districtCodes: districtCodes ?? [],
      price: 0,
      openingCost: 0,
      synthetic: false,
    },
    now,
  )

function shown(entry: PoolEntry, field: (typeof IMPORTED_FIELDS)[number]): string | null {
  const value = entry[field]
  if (field === 'yellowSince') return value === null ? 'no' : 'yes'
  if (value === null) return null
  return typeof value === 'object' ? canonical(value) : String(value)
}

/** Of the file and of the pool it was read against: either changing makes another preview. */
const stampOf = (csv: string, { entries, firms: named }: Known): string => {
  const hash = createHash('sha256').update(csv)
  for (const { id, version } of entries.values()) hash.update(`\n${id} ${version}`)
  for (const { id, name } of named.values()) hash.update(`\n${id} ${name}`)
  return hash.digest('hex')
}
