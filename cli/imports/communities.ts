import { eq, sql } from 'drizzle-orm'
import gcoord from 'gcoord'
import { done, notDone, type Outcome } from '#cli/outcome.ts'
import type { Db, Tx } from '#db/connect.ts'
import { communities, neighbourhoods, subdistricts } from '#db/schema/places.ts'
import { bboxContains } from '#domain/geo.ts'
import type { Community, LngLat, Tenant, TileSource } from '#domain/places.ts'
import { appendEvent } from '#server/feed/append.ts'
import { PLACE_COLUMNS } from './columns.ts'
import { firmsByName } from './firms.ts'
import { numberIn, type Row, readRows, textIn } from './rows.ts'

type Datum = TileSource['datum']

/** Residential communities of a city whose neighbourhoods are known: all rows or none, by their codes, so that a second run only mends. */
export async function importCommunities(db: Db, tenant: Tenant, file: string, datum: Datum): Promise<Outcome> {
  const read = await readRows(file, PLACE_COLUMNS)
  if (!read.ok) return notDone('badFile', read.says)
  return db.transaction(async (tx) => {
    const homes = await neighbourhoodsOf(tx, tenant.code)
    const parsed = read.rows.map((row) => communityIn(row, tenant, datum, homes))
    const problems = [...parsed.flatMap((one) => ('problems' in one ? one.problems : [])), ...repeats(read.rows)]
    if (problems.length > 0) return notDone('badFile', `${file} is not taken (nothing was changed):`, problems)
    const taken = parsed.filter((one) => 'community' in one)
    const firmIds = await firmsByName(
      tx,
      tenant.code,
      taken.flatMap(({ firm }) => (firm === null ? [] : [firm])),
    )
    const rows = taken.map(({ community, firm }) => ({
      ...community,
      firmId: firm === null ? null : (firmIds.get(firm) ?? null),
    }))
    await upsert(tx, rows)
    await announce(tx, tenant.code)
    return done({ communities: rows.length }, `${rows.length} communities of ${tenant.code} are as ${file} says`)
  })
}

interface Home {
  districtCode: string
  subdistrictCode: string
}

async function neighbourhoodsOf(tx: Tx, tenant: string): Promise<Map<string, Home>> {
  const rows = await tx
    .select({
      code: neighbourhoods.code,
      subdistrictCode: neighbourhoods.subdistrictCode,
      districtCode: subdistricts.districtCode,
    })
    .from(neighbourhoods)
    .innerJoin(
      subdistricts,
      sql`${subdistricts.tenant} = ${neighbourhoods.tenant} and ${subdistricts.code} = ${neighbourhoods.subdistrictCode}`,
    )
    .where(eq(neighbourhoods.tenant, tenant))
  return new Map(rows.map(({ code, ...home }) => [code, home]))
}

type Parsed = { community: Community; firm: string | null } | { problems: string[] }

function communityIn({ line, cells }: Row, tenant: Tenant, datum: Datum, homes: ReadonlyMap<string, Home>): Parsed {
  const problems: string[] = []
  const wrong = (why: string) => problems.push(`  line ${line}: ${why}`)
  const { code = '', neighbourhood = '', name = '' } = cells
  const [lng, lat, households] = [numberIn(cells.lng), numberIn(cells.lat), numberIn(cells.households)]
  const home = homes.get(neighbourhood)
  if (!/^[A-Za-z0-9_-]{1,24}$/.test(code)) wrong(`code "${code}" must be 1 to 24 letters, digits, - or _`)
  if (name === '') wrong('name is empty')
  if (!home) wrong(`there is no neighbourhood ${neighbourhood}`)
  if (households === null || households < 0) wrong(`households "${cells.households}" is no number`)
  const point = lng === null || lat === null ? null : toWgs84([lng, lat], datum)
  if (!point) wrong('lng and lat must be numbers')
  else if (!bboxContains(tenant.bbox, point)) wrong(`${lng}, ${lat} lies outside the city`)
  if (problems.length > 0 || !home || !point) return { problems }
  const id = `${tenant.code}-${code}`
  const where = { ...home, neighbourhoodCode: neighbourhood, lng: point[0], lat: point[1] }
  const community = {
    id,
    tenant: tenant.code,
    slug: id,
    name,
    ...where,
    households: Math.round(households ?? 0),
    firmId: null,
    synthetic: false,
  }
  return { community, firm: textIn(cells.firm) }
}

const toWgs84 = (point: LngLat, datum: Datum): LngLat =>
  datum === 'WGS84' ? point : gcoord.transform([point[0], point[1]], gcoord[datum], gcoord.WGS84)

function repeats(rows: readonly Row[]): string[] {
  const seen = new Map<string, number>()
  return rows.flatMap(({ line, cells: { code = '' } }) => {
    const before = seen.get(code)
    seen.set(code, line)
    return before === undefined ? [] : [`  line ${line}: code ${code} is in line ${before} already`]
  })
}

const ROWS_AT_ONCE = 2_000

async function upsert(tx: Tx, rows: readonly Community[]): Promise<void> {
  const newest = (column: string) => sql.raw(`excluded.${column}`)
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await tx
      .insert(communities)
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .onConflictDoUpdate({
        target: communities.id,
        set: {
          name: newest('name'),
          districtCode: newest('district_code'),
          subdistrictCode: newest('subdistrict_code'),
          neighbourhoodCode: newest('neighbourhood_code'),
          lng: newest('lng'),
          lat: newest('lat'),
          households: newest('households'),
          firmId: newest('firm_id'),
        },
      })
}

/** Open consoles read the places again. */
async function announce(tx: Tx, tenant: string): Promise<void> {
  const audience = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmIds: [], unitIds: [] }
  await appendEvent(tx, {
    tenant,
    kind: 'places:changed',
    at: Date.now(),
    actor: { kind: 'import', id: null },
    audience,
    state: {},
  })
}
