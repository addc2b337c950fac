import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { type OpenDb, openDb } from '#db/connect.ts'
import { DEMO_SEED, demoCity } from '#db/demo/city.ts'
import { loadDemoCity } from '#db/demo/load.ts'
import { startEmbedded } from '#db/embedded.ts'
import { migrate } from '#db/migrate.ts'
import type { TenantConfig } from '#db/places/config.ts'
import { placesOf } from '#db/places/places-of.ts'
import { readTenantFile, SHENYANG_CONFIG } from '#db/places/read.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import { addTenant } from '#server/places/add-tenant.ts'

export const TENANT = 'shenyang'
/** A year by the clock of Shenyang. */
export const YEAR = { from: Date.UTC(2025, 0, 1) - 8 * HOUR_MS, to: Date.UTC(2026, 0, 1) - 8 * HOUR_MS }
const DAYS = (YEAR.to - YEAR.from) / DAY_MS
const SIZE = { communities: 5_000, firms: 300, housekeepers: 1_000, volunteers: 0, crews: 0 }
const SOME_AT_ONCE = 500_000

export interface World extends OpenDb {
  /** Folder of this run; the copy lies in it too. */
  folder: string
  /** The database's processes are children of this one. */
  postgresPid: number
  end(): Promise<void>
}

/** A PostgreSQL of its own with the whole city in it, and as many tickets of one year as are asked for. */
export async function makeWorld(tickets: number, say: (progress: string) => void): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'hongguan-response-'))
  chmodSync(folder, 0o755)
  const embedded = await startEmbedded({ dataDir: join(folder, 'data') })
  const open = openDb(embedded.url, { max: 6 })
  const end = async () => {
    await open.close()
    await embedded.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await migrate(open.db)
    await loadCity(open)
    await makeTickets(open, tickets, say)
    const [row] = await open.sql`select pg_read_file('postmaster.pid') as lines`
    return { ...open, folder, postgresPid: Number(String(row?.lines).split('\n')[0]), end }
  } catch (error) {
    await end()
    throw error
  }
}

async function loadCity({ db }: OpenDb): Promise<void> {
  const read = await readTenantFile(SHENYANG_CONFIG)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const config = read.config as TenantConfig
  const placed = placesOf(config)
  if (!placed.ok) throw new Error(JSON.stringify(placed.problems))
  const city = demoCity(config, placed.places, DEMO_SEED, SIZE, YEAR.from)
  await db.transaction(async (tx) => {
    await addTenant(tx, config, placed.places)
    await loadDemoCity(tx, city)
  })
}

/** Made by the database itself from the number of each ticket: the same on every machine, and a million in half a minute. */
async function makeTickets({ db }: OpenDb, tickets: number, say: (progress: string) => void): Promise<void> {
  await db.execute(sql`create unlogged table bench_communities as
    select (row_number() over (order by id) - 1)::int as place, id, district_code, subdistrict_code, neighbourhood_code, lng,
      lat, firm_id, 150 + mod(hashint4(row_number() over (order by id)::int) & 65535, 260) as usual_s from communities`)
  await db.execute(sql`create unique index on bench_communities (place)`)
  for (let first = 1; first <= tickets; first += SOME_AT_ONCE) {
    const last = Math.min(tickets, first + SOME_AT_ONCE - 1)
    say(`tickets ${last.toLocaleString('en')} of ${tickets.toLocaleString('en')}`)
    await db.transaction(async (tx) => {
      // Nothing here can point at what there is not; checking ten million times takes longer than making them.
      await tx.execute(sql`set local session_replication_role = replica`)
      await tx.execute(insertTickets(first, last, tickets))
    })
  }
  await db.execute(sql`update feed_heads set ticket_number = ${tickets} where tenant = ${TENANT}`)
  await db.execute(sql`analyze tickets`)
}

/** The nth number of the stream of a ticket, in [0, 1). */
const draw = (n: number) => sql.raw(`((hashint8extended(i, ${n}) & 2147483647) / 2147483648.0)`)

const insertTickets = (first: number, last: number, all: number) => sql`
  insert into tickets (id, tenant, number, status, class, priority, category, origin, channel, community_id, district_code,
    subdistrict_code, neighbourhood_code, lng, lat, address, description, needed_skills, unit_id, firm_id, reported_at, reported_by,
    accepted_at, en_route_at, on_site_at, arrival_grade, resolved_at, closed_at, policy_version, created_at, updated_at)
  select 't' || i, ${TENANT}, i, case when fate < 0.03 then 'cancelled' else 'closed' end,
    (array['ordinary', 'ordinary', 'ordinary', 'complex', 'major'])[1 + floor(5 * ${draw(1)})::int], 'P3',
    (array['plumbingElectrical', 'liftEntrapment', 'blockedDrain', 'lighting', 'cleaning', 'heatOutage'])[1 + floor(6 * ${draw(2)})::int],
    case when ${draw(3)} < 0.2 then 'proactive' else 'complaint' end, 'simulator', c.id, c.district_code, c.subdistrict_code,
    c.neighbourhood_code, c.lng, c.lat, '', 'generated', '[]', 'u' || mod(c.place, 1000), c.firm_id, at, '{"kind":"api","id":"bench"}',
    accepted, accepted + interval '20 s', came,
    case when came is not null then 'geofence' end, came + make_interval(secs => 600 + 3000 * ${draw(4)}),
    case when fate < 0.03 then null else at + interval '1 day' end, '5341-2023', at, at
  from (
    select *, case when fate < 0.06 then null else accepted + make_interval(secs => round((c0.usual_s * exp(0.6 * z))::numeric, 3)::float8) end as came
    from (
      select i, ${draw(5)} as fate,
        to_timestamp(${YEAR.from / 1_000}::float8 + 86400 * (floor((i - 1)::float8 * ${DAYS} / ${all}) + least(0.999999, abs(mod((0.35 + 0.2 * ${draw(6)} + 0.45 * ${draw(7)})::numeric, 1))))) as at,
        sqrt(-2 * ln(1 - ${draw(8)})) * cos(6.283185307 * ${draw(9)}) as z,
        floor(${SIZE.communities} * power(${draw(10)}, 1.4))::int as place
      from generate_series(${first}::bigint, ${last}::bigint) as i) drawn
    join bench_communities c0 using (place)
    cross join lateral (select at + make_interval(secs => 15 + 45 * ${draw(11)}) as accepted) answered) made
  join bench_communities c using (place)
  order by i`
