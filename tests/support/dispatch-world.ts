import { type OpenDb, openDb } from '#db/connect.ts'
import { feedHeads } from '#db/schema/feed.ts'
import { units } from '#db/schema/fleet.ts'
import { tenants } from '#db/schema/places.ts'
import type { ReceivedFix } from '#domain/fix.ts'
import type { Unit } from '#domain/units.ts'
import type { FleetView } from '#server/fleet/view.ts'
import { SITE } from './dispatch-rows.ts'
import { type ClonedDatabase, cloneDatabase } from './postgres.ts'

/** Where units are, as a test says it: the fleet noun's face without devices behind it. */
export interface SaidFleet extends FleetView {
  fixes: Map<string, ReceivedFix[]>
  connected: Set<string>
  reloaded: string[]
}

export function saidFleet(): SaidFleet {
  const fixes = new Map<string, ReceivedFix[]>()
  const connected = new Set<string>()
  const reloaded: string[] = []
  return {
    fixes,
    connected,
    reloaded,
    last: (unitId) => fixes.get(unitId)?.at(-1) ?? null,
    recent: (unitId) => fixes.get(unitId) ?? [],
    isReachable: (unitId) => connected.has(unitId),
    reload: async (unitIds) => {
      reloaded.push(...unitIds)
    },
  }
}

export interface DispatchWorld extends OpenDb {
  url: string
  end(): Promise<void>
}

/** A cloned database with one tenant, `city`, and nothing in it. */
export async function dispatchWorld(options: { max?: number } = {}): Promise<DispatchWorld> {
  const database: ClonedDatabase = await cloneDatabase()
  const opened = openDb(database.url, options)
  await opened.db.insert(tenants).values({
    code: 'city',
    name: { zh: '城', en: 'City' },
    bbox: [120, 40, 126, 44],
    centre: SITE,
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    emergencyNumbers: { fire: '119', police: '110', medical: '120', gas: '96177' },
    settings: { offerTtlMs: 25_000, historyDays: 30, tileSources: [] },
  })
  await opened.db.insert(feedHeads).values({ tenant: 'city', epoch: 'epoch-1', seq: 0, oldest: 0 })
  const end = async () => {
    await opened.close()
    await database.drop()
  }
  return { ...opened, url: database.url, end }
}

export async function insertUnits(world: OpenDb, rows: readonly Unit[]): Promise<void> {
  for (let from = 0; from < rows.length; from += 1_000)
    await world.db.insert(units).values(rows.slice(from, from + 1_000))
}
