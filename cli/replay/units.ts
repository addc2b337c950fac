import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { type NotDone, notDone } from '#cli/outcome.ts'
import type { Db, Tx } from '#db/connect.ts'
import { insertRows } from '#db/insert-rows.ts'
import { consents, units } from '#db/schema/fleet.ts'
import { districts, subdistricts } from '#db/schema/places.ts'
import { haversineM } from '#domain/geo.ts'
import type { Instant } from '#domain/instant.ts'
import type { LngLat } from '#domain/places.ts'
import type { Unit } from '#domain/units.ts'
import { appendEvent } from '#server/feed/append.ts'

/** Named in the consent of a recorded unit: nobody is asked, for nobody is there. */
const RECORDED = 'replay'
const UNITS_AN_EVENT = 200

/** The tenant's units that the file names by callsign or id; all of them, or a refusal that says how many are missing. */
export async function unitsOfFile(
  db: Db,
  tenant: string,
  names: readonly string[],
): Promise<{ ok: true; units: Map<string, Unit> } | NotDone> {
  const rows = await db.select().from(units).where(eq(units.tenant, tenant))
  const known = new Map(rows.flatMap((unit) => [[unit.id, unit] as const, [unit.callsign, unit] as const]))
  const found = new Map(names.flatMap((name) => (known.has(name) ? [[name, known.get(name) as Unit] as const] : [])))
  const missing = names.length - found.size
  if (missing === 0) return { ok: true, units: found }
  const example = names.find((name) => !found.has(name))
  return notDone(
    'unknown',
    `${missing} of the ${names.length} units in the file are not in ${tenant} (e.g. ${example}): add --create-units`,
  )
}

/**
 * Makes units for the names the city does not know: on duty and consenting from the moment the replay begins. Answers how many.
 * The unit's place of duty is where it was first seen.
 */
export async function createUnits(
  db: Db,
  tenant: string,
  firstSeen: ReadonlyMap<string, LngLat>,
  since: Instant,
): Promise<number> {
  return db.transaction(async (tx) => {
    const standing = await tx.select().from(units).where(eq(units.tenant, tenant)).for('update')
    const known = new Set(standing.flatMap(({ id, callsign }) => [id, callsign]))
    const areas = await areasOf(tx, tenant)
    let index = standing.reduce((highest, unit) => Math.max(highest, unit.index), 0)
    const made: Unit[] = []
    for (const [callsign, point] of firstSeen) {
      if (known.has(callsign)) continue
      const [postLng, postLat] = point
      made.push({
        id: randomUUID(),
        tenant,
        index: ++index,
        callsign,
        kind: 'crew',
        skills: ['generalHelp'],
        mode: 'car',
        firmId: null,
        homeCommunityId: null,
        postLng,
        postLat,
        ...nearestArea(areas, point),
        duty: 'onDuty',
        dutySince: since,
        tracked: true,
        synthetic: false,
      })
    }
    await insertRows(tx, units, made)
    await insertRows(
      tx,
      consents,
      made.map(({ id }) => consentOf(tenant, id, since)),
    )
    await announce(tx, tenant, made, since)
    return made.length
  })
}

const consentOf = (tenant: string, unitId: string, givenAt: Instant) => ({
  id: randomUUID(),
  tenant,
  unitId,
  textVersion: RECORDED,
  givenAt,
  givenBy: RECORDED,
})

interface Area {
  districtCode: string
  subdistrictCode: string
  centre: LngLat
}

async function areasOf(tx: Tx, tenant: string): Promise<Area[]> {
  const rows = await tx
    .select({ districtCode: districts.code, centre: districts.centre, subdistrictCode: subdistricts.code })
    .from(districts)
    .innerJoin(
      subdistricts,
      and(eq(subdistricts.tenant, districts.tenant), eq(subdistricts.districtCode, districts.code)),
    )
    .where(eq(districts.tenant, tenant))
    .orderBy(subdistricts.code)
  const once = new Map(rows.toReversed().map((row) => [row.districtCode, row]))
  return [...once.values()]
}

/** The district whose centre is nearest: a recording names none, and for its units it only sorts a list. */
function nearestArea(areas: readonly Area[], point: LngLat): { districtCode: string; subdistrictCode: string } {
  const nearest = areas.reduce<Area | null>(
    (best, area) => (best && haversineM(best.centre, point) <= haversineM(area.centre, point) ? best : area),
    null,
  )
  return { districtCode: nearest?.districtCode ?? '', subdistrictCode: nearest?.subdistrictCode ?? '' }
}

async function announce(tx: Tx, tenant: string, made: readonly Unit[], at: Instant): Promise<void> {
  const audience = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmIds: [], unitIds: [] }
  for (let from = 0; from < made.length; from += UNITS_AN_EVENT) {
    const state = { units: made.slice(from, from + UNITS_AN_EVENT) }
    await appendEvent(tx, {
      tenant,
      kind: 'unit:changed',
      at,
      actor: { kind: 'import', id: RECORDED },
      audience,
      state,
    })
  }
}
