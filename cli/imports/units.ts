import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { done, notDone, type Outcome } from '#cli/outcome.ts'
import type { Db, Tx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { communities } from '#db/schema/places.ts'
import type { Community, Tenant } from '#domain/places.ts'
import {
  SKILLS,
  type Skill,
  TRAVEL_MODES,
  type TravelMode,
  UNIT_KINDS,
  type Unit,
  type UnitKind,
} from '#domain/units.ts'
import { appendEvent } from '#server/feed/append.ts'
import { UNIT_COLUMNS } from './columns.ts'
import { firmsByName } from './firms.ts'
import { type Row, readRows, textIn } from './rows.ts'

/** Units of a city: all rows or none, by their callsigns, so that a second run only mends. New ones are off duty and without consent. */
export async function importUnits(db: Db, tenant: Tenant, file: string, now: number): Promise<Outcome> {
  const read = await readRows(file, UNIT_COLUMNS)
  if (!read.ok) return notDone('badFile', read.says)
  return db.transaction(async (tx) => {
    const homes = new Map<string, Community>()
    for (const home of await tx.select().from(communities).where(eq(communities.tenant, tenant.code)))
      homes.set(home.id, home).set(home.id.slice(tenant.code.length + 1), home)
    const parsed = read.rows.map((row) => unitIn(row, homes))
    const problems = [...parsed.flatMap((one) => ('problems' in one ? one.problems : [])), ...repeats(read.rows)]
    if (problems.length > 0) return notDone('badFile', `${file} is not taken (nothing was changed):`, problems)
    const taken = parsed.filter((one) => 'wanted' in one).map(({ wanted }) => wanted)
    const changed = await keep(tx, tenant.code, taken, now)
    return done({ units: changed.length }, `${changed.length} units of ${tenant.code} are as ${file} says`)
  })
}

interface Wanted {
  callsign: string
  kind: UnitKind
  skills: Skill[]
  mode: TravelMode
  home: Community
  firm: string | null
}

type Parsed = { wanted: Wanted } | { problems: string[] }

function unitIn({ line, cells }: Row, homes: ReadonlyMap<string, Community>): Parsed {
  const problems: string[] = []
  const wrong = (why: string) => problems.push(`  line ${line}: ${why}`)
  const { callsign = '', community = '' } = cells
  const kind = wordIn(UNIT_KINDS, cells.kind)
  const mode = wordIn(TRAVEL_MODES, cells.mode)
  const skills = (cells.skills ?? '').split('|').filter((each) => each.trim() !== '')
  const strange = skills.filter((each) => !wordIn(SKILLS, each))
  const home = homes.get(community)
  if (callsign === '' || callsign.length > 40) wrong(`callsign "${callsign}" must have 1 to 40 characters`)
  if (!kind) wrong(`kind "${cells.kind}" is none of ${UNIT_KINDS.join(', ')}`)
  if (!mode) wrong(`mode "${cells.mode}" is none of ${TRAVEL_MODES.join(', ')}`)
  if (strange.length > 0)
    wrong(`skills ${strange.join(', ')} are none of ${SKILLS.join(', ')} (several with | between them)`)
  if (!home) wrong(`there is no community ${community}`)
  if (problems.length > 0 || !kind || !mode || !home) return { problems }
  return {
    wanted: {
      callsign,
      kind,
      mode,
      home,
      skills: skills.map((each) => each.trim() as Skill),
      firm: textIn(cells.firm),
    },
  }
}

const wordIn = <W extends string>(words: readonly W[], cell: string | undefined): W | undefined =>
  words.find((word) => word === cell?.trim())

function repeats(rows: readonly Row[]): string[] {
  const seen = new Map<string, number>()
  return rows.flatMap(({ line, cells: { callsign = '' } }) => {
    const before = seen.get(callsign)
    seen.set(callsign, line)
    return before === undefined ? [] : [`  line ${line}: callsign ${callsign} is in line ${before} already`]
  })
}

async function keep(tx: Tx, tenant: string, wanted: readonly Wanted[], now: number): Promise<Unit[]> {
  const firmIds = await firmsByName(
    tx,
    tenant,
    wanted.flatMap(({ firm }) => (firm === null ? [] : [firm])),
  )
  const standing = await tx.select().from(units).where(eq(units.tenant, tenant)).for('update')
  const byCallsign = new Map(standing.map((unit) => [unit.callsign, unit]))
  let index = standing.reduce((highest, unit) => Math.max(highest, unit.index), 0)
  const changed: Unit[] = []
  for (const { callsign, kind, skills, mode, home, firm } of wanted) {
    const firmId = firm === null ? home.firmId : (firmIds.get(firm) ?? null)
    const place = {
      homeCommunityId: home.id,
      postLng: home.lng,
      postLat: home.lat,
      districtCode: home.districtCode,
      subdistrictCode: home.subdistrictCode,
    }
    const said = { kind, skills, mode, firmId, ...place }
    const before = byCallsign.get(callsign)
    const unit: Unit = before
      ? { ...before, ...said }
      : {
          ...said,
          id: randomUUID(),
          tenant,
          index: ++index,
          callsign,
          duty: 'offDuty',
          dutySince: now,
          tracked: false,
          synthetic: false,
        }
    if (before) await tx.update(units).set(said).where(eq(units.id, unit.id))
    else await tx.insert(units).values(unit)
    changed.push(unit)
  }
  await announce(tx, tenant, changed, now)
  return changed
}

const UNITS_AN_EVENT = 200

/** One event for many units, seen by whoever may see any unit of the city. */
async function announce(tx: Tx, tenant: string, changed: readonly Unit[], now: number): Promise<void> {
  for (let from = 0; from < changed.length; from += UNITS_AN_EVENT) {
    const some = changed.slice(from, from + UNITS_AN_EVENT)
    const audience = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmIds: [], unitIds: [] }
    await appendEvent(tx, {
      tenant,
      kind: 'unit:changed',
      at: now,
      actor: { kind: 'import', id: null },
      audience,
      state: { units: some },
    })
  }
}
