import { type Db, type OpenDb, openDb } from '#db/connect.ts'
import type { Grant } from '#domain/access.ts'
import type { FeedAudience, FeedRange, FeedState } from '#domain/feed.ts'
import type { Instant } from '#domain/instant.ts'
import { type MovableClock, movableClock } from '#server/clock.ts'
import { appendEvent } from '#server/feed/append.ts'
import { openPublisher, type Publisher } from '#server/feed/publisher.ts'
import { type HandTicker, handTicker } from '#server/ticker.ts'
import { addTenant, unitRow } from './fleet-city.ts'
import { cloneDatabase } from './postgres.ts'

/** A database with tenant `a`, and consoles that keep what they are told. */
export interface FeedWorld extends OpenDb {
  clock: MovableClock
  ticker: HandTicker
  /** A node of its own: a publisher with one console of each of these rights. */
  node(...grants: Grant[][]): Node
  end(): Promise<void>
}

export interface Node {
  publisher: Publisher
  consoles: { grants: Grant[]; ranges: FeedRange[]; resyncs: string[] }[]
}

export async function openFeedWorld(now: Instant): Promise<FeedWorld> {
  const database = await cloneDatabase()
  const opened = openDb(database.url, { max: 30 })
  await addTenant(opened.db, 'a')
  const [clock, ticker] = [movableClock(now), handTicker()]
  const nodes: Node[] = []
  return {
    ...opened,
    clock,
    ticker,
    node(...grants) {
      const consoles: Node['consoles'] = grants.map((own) => ({ grants: own, ranges: [], resyncs: [] }))
      const groups = consoles.map((console) => ({
        grants: console.grants,
        send: (range: FeedRange) => console.ranges.push(structuredClone(range)),
        resync: (reason: string) => console.resyncs.push(reason),
      }))
      const publisher = openPublisher(opened.db, { groups: (tenant) => (tenant === 'a' ? groups : []) }, clock, ticker)
      const node = { publisher, consoles }
      nodes.push(node)
      return node
    },
    async end() {
      for (const { publisher } of nodes) await publisher.stop()
      await opened.close()
      await database.drop()
    },
  }
}

const NOBODY: FeedAudience = {
  districtCode: null,
  subdistrictCode: null,
  neighbourhoodCode: null,
  firmIds: [],
  unitIds: [],
}

/** Commits one event that changed the unit of this index. */
export const tell = (
  db: Db,
  index: number,
  at: Instant,
  audience: Partial<FeedAudience> = {},
  state: FeedState = { units: [unitRow('a', index, at)] },
): Promise<number> =>
  db.transaction((tx) =>
    appendEvent(tx, {
      tenant: 'a',
      kind: 'unit:changed',
      at,
      actor: { kind: 'engine', id: null },
      audience: { ...NOBODY, ...audience },
      state,
    }),
  )
