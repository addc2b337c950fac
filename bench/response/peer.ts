import { latLngToCell } from 'h3-js'
import type { World } from './world.ts'
import { TENANT } from './world.ts'

export interface PeerRow {
  key: string
  n: number
  p50: number
  p90: number
}

/**
 * The same rows in the same PostgreSQL with the indexes the questions want. It cannot reckon hexagons, so each community's
 * stands beside it; the local hour and month are reckoned as they are asked for.
 */
export async function makePeer({ db, sql }: World): Promise<void> {
  const points = await sql`select id, lng, lat from communities`
  const cells = points.map(({ id, lng, lat }) => ({ id: id as string, cell: latLngToCell(lat, lng, 8) }))
  await db.execute('create unlogged table bench_cells (id text primary key, cell text)')
  for (let from = 0; from < cells.length; from += 1_000)
    await sql`insert into bench_cells ${sql(cells.slice(from, from + 1_000))}`
  await db.execute('create index bench_reported on tickets (tenant, reported_at)')
  await db.execute('vacuum analyze tickets')
  await db.execute('analyze bench_cells')
}

const LOCAL = "t.reported_at at time zone 'Asia/Shanghai'"

/** How the peer says what it sorts by. */
export const PEER_KEYS = {
  cell: 'c.cell',
  subdistrict: 't.subdistrict_code',
  hour: `((extract(isodow from ${LOCAL}) - 1) * 24 + extract(hour from ${LOCAL}))::int`,
  month: `to_char(${LOCAL}, 'YYYY-MM')`,
} as const
export type PeerKey = keyof typeof PEER_KEYS

export async function askPeer({ sql }: World, key: PeerKey, where: string): Promise<PeerRow[]> {
  const join = key === 'cell' ? 'join bench_cells c on c.id = t.community_id' : ''
  const rows = await sql.unsafe(`
    select ${PEER_KEYS[key]} as key, count(*)::int as n,
      percentile_cont(array[0.5, 0.9]) within group (order by extract(epoch from t.on_site_at - t.reported_at)::float8) as q
    from tickets t ${join}
    where t.tenant = '${TENANT}' and t.on_site_at >= t.reported_at and ${where} group by 1`)
  return rows.map(({ key, n, q }) => ({ key: String(key), n, p50: q[0], p90: q[1] }))
}
