import { randomUUID } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import { type OpenDb, openDb } from '#db/connect.ts'
import { alarms, events, feedHeads } from '#db/schema/feed.ts'
import { consents, units } from '#db/schema/fleet.ts'
import { tenants } from '#db/schema/places.ts'
import { dispatches, offerQueue, ticketLog, tickets } from '#db/schema/tickets.ts'
import type { Grant, Role } from '#domain/access.ts'
import type { Fix } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'
import type { Category, Ticket } from '#domain/ticket.ts'
import { place } from '#domain/ticket-verbs.ts'
import type { Unit } from '#domain/units.ts'
import { type MovableClock, movableClock } from '#server/clock.ts'
import { followTicket } from '#server/dispatch/follow.ts'
import { dispatchRoutes } from '#server/dispatch/routes.ts'
import { type Fleet, openFleet } from '#server/fleet/fleet.ts'
import type { Ask, Reader, Serve } from '#server/serving.ts'
import { handTicker } from '#server/ticker.ts'
import { ticketForUpdate } from '#server/tickets/queries.ts'
import { record } from '#server/tickets/record.ts'
import { reportTicket } from '#server/tickets/report.ts'
import { ticketRoutes } from '#server/tickets/routes.ts'
import type { Route } from '#wire/route.ts'
import { aFix, SITE, T0 } from './dispatch-rows.ts'
import { cloneDatabase } from './postgres.ts'

export const CITY = 'city'
export const SECRET = 'a secret of this test and of nothing else'

/** Somebody who asks, as the door would let them in. */
export interface Asker {
  reader: Reader
  actor: { kind: 'user' | 'unit'; id: string }
}

const bare = {
  tenant: CITY,
  districtCode: null,
  subdistrictCode: null,
  neighbourhoodCode: null,
  firmId: null,
  unitId: null,
  ticketId: null,
}

export function asRole(role: Role, changes: Partial<Grant> = {}): Asker {
  const grant = { ...bare, role, ...changes }
  const userId = `${role}-${changes.unitId ?? changes.tenant ?? 1}`
  const actor = grant.unitId ? ({ kind: 'unit', id: grant.unitId } as const) : ({ kind: 'user', id: userId } as const)
  return { reader: { userId, username: userId, displayName: userId, tenant: grant.tenant, grants: [grant] }, actor }
}

export const DISPATCHER = asRole('dispatcher')
export const unitItself = (unitId: string): Asker => asRole('fieldWorker', { unitId })

export interface Said {
  params?: object
  body?: object
  query?: object
  /** The command's idempotency key; a new one unless given. */
  key?: string
}

/** A cloned database with the tenant `city`, the nouns of dispatch over it, and a clock that stands still until it is moved. */
export interface DispatchWorld extends OpenDb {
  url: string
  fleet: Fleet
  clock: MovableClock
  /** Tenants that the sockets were woken for. */
  woken: string[]
  /** Asks a route as the door hands it over: parsed, and let in. */
  // biome-ignore lint/suspicious/noExplicitAny: the answer's type is the route's, and a test knows which it asks
  ask(route: Route, who: Asker, said?: Said): Promise<any>
  /** A ticket that has been reported and placed. */
  placedTicket(changes?: { category?: Category; class?: Ticket['class']; communityId?: string }): Promise<Ticket>
  rows(ticketId: string): Promise<Rows>
  end(): Promise<void>
}

export interface Rows {
  ticket: Ticket
  dispatches: (typeof dispatches.$inferSelect)[]
  log: (typeof ticketLog.$inferSelect)[]
  waiting: (typeof offerQueue.$inferSelect)[]
  alarms: (typeof alarms.$inferSelect)[]
}

export async function dispatchWorld(options: { max?: number; units?: readonly Unit[] } = {}): Promise<DispatchWorld> {
  const database = await cloneDatabase()
  const opened = openDb(database.url, { max: options.max ?? 8 })
  await insertCity(opened)
  if (options.units) await insertUnits(opened, options.units)
  const clock = movableClock(T0)
  const fleet = await openFleet({ db: opened.db, clock, ticker: handTicker() })
  const handlers = new Map<string, (ask: Ask<Route>) => Promise<unknown>>()
  const serve: Serve = (route, handle) => void handlers.set(`${route.method} ${route.path}`, handle as never)
  const woken: string[] = []
  const shop = { db: opened.db, wake: (tenant: string) => void woken.push(tenant), serve, serveRaw: () => undefined }
  dispatchRoutes({ ...shop, fleet, askRouter: null, secret: SECRET })
  ticketRoutes(shop, { follow: followTicket, reload: (unitIds) => fleet.reload(unitIds) })
  return {
    ...opened,
    url: database.url,
    fleet,
    clock,
    woken,
    ask: async (route, who, said = {}) => {
      const handle = handlers.get(`${route.method} ${route.path}`)
      if (!handle) throw new Error(`nobody serves ${route.path}`)
      return handle(askOf(route, who, said, clock.now()))
    },
    placedTicket: (changes) => placedTicket(opened, clock.now(), changes),
    rows: (ticketId) => rowsOf(opened, ticketId),
    end: async () => {
      await fleet.stop()
      await opened.close()
      await database.drop()
    },
  }
}

function askOf(route: Route, { reader, actor }: Asker, said: Said, now: Instant): Ask<Route> {
  const { params = {}, body = {}, query = {}, key = randomUUID() } = said
  const fingerprint = JSON.stringify([route.method, route.path, params, body])
  const command = { tenant: reader.tenant, actorKey: reader.userId, key, fingerprint }
  return { params, body, query, reader, tenant: reader.tenant, actor, now, command, address: '127.0.0.1' } as never
}

async function insertCity({ db }: OpenDb): Promise<void> {
  await db.insert(tenants).values({
    code: CITY,
    name: { zh: '城', en: 'City' },
    bbox: [120, 40, 126, 44],
    centre: SITE,
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    emergencyNumbers: { fire: '119', police: '110', medical: '120', gas: '119' },
    settings: { offerTtlMs: 25_000, historyDays: 30, tileSources: [] },
  })
  await db.insert(feedHeads).values({ tenant: CITY, epoch: 'epoch-1', seq: 0, oldest: 0 })
}

async function insertUnits({ db }: OpenDb, rows: readonly Unit[]): Promise<void> {
  for (let from = 0; from < rows.length; from += 1_000) {
    const some = rows.slice(from, from + 1_000)
    await db.insert(units).values(some)
    const consent = { tenant: CITY, textVersion: '1', givenAt: T0 - 3_600_000, givenBy: 'unit', withdrawnAt: null }
    await db.insert(consents).values(some.map(({ id }) => ({ ...consent, id: `consent-${id}`, unitId: id })))
  }
}

async function placedTicket(
  { db }: OpenDb,
  now: Instant,
  {
    category = 'plumbingElectrical',
    class: cls = 'ordinary',
    communityId,
  }: { category?: Category; class?: Ticket['class']; communityId?: string } = {},
): Promise<Ticket> {
  const { actor } = DISPATCHER
  return db.transaction(async (tx) => {
    const point = communityId ? { communityId } : { lng: SITE[0], lat: SITE[1] }
    const input = {
      tenant: CITY,
      channel: 'console',
      category,
      description: 'a tap drips',
      ...(cls && { class: cls }),
      ...point,
    } as const
    const reported = await reportTicket(tx, input, actor, now)
    if (!reported.ok) throw new Error(reported.why)
    const before = (await ticketForUpdate(tx, CITY, reported.ticket.id)) as Ticket
    const placed = place(before, actor, now)
    if (!placed.ok) throw new Error(placed.why)
    return record(tx, { before, ticket: placed.ticket, entries: [placed.entry], actor, now })
  })
}

async function rowsOf({ db }: OpenDb, ticketId: string): Promise<Rows> {
  const [ticket] = await db.select().from(tickets).where(eq(tickets.id, ticketId))
  return {
    ticket: ticket as Ticket,
    dispatches: await db
      .select()
      .from(dispatches)
      .where(eq(dispatches.ticketId, ticketId))
      .orderBy(asc(dispatches.offeredAt), asc(dispatches.unitId)),
    log: await db.select().from(ticketLog).where(eq(ticketLog.ticketId, ticketId)).orderBy(asc(ticketLog.n)),
    waiting: await db
      .select()
      .from(offerQueue)
      .where(eq(offerQueue.ticketId, ticketId))
      .orderBy(asc(offerQueue.position)),
    alarms: await db.select().from(alarms).where(eq(alarms.ticketId, ticketId)).orderBy(asc(alarms.raisedAt)),
  }
}

export const eventsOf = ({ db }: OpenDb) => db.select().from(events).orderBy(asc(events.seq))

export const dutyOf = async ({ db }: OpenDb, unitId: string) => {
  const [unit] = await db.select({ duty: units.duty }).from(units).where(eq(units.id, unitId))
  return unit?.duty
}

/** The unit reports this position now. */
export function standsAt(
  world: DispatchWorld,
  unitId: string,
  [lng, lat]: readonly [number, number],
  changes: Partial<Fix> = {},
): void {
  const now = world.clock.now()
  const { receivedAt: _, ...fix } = aFix({ at: now, lng, lat, ...changes })
  world.fleet.take(unitId, [fix], now)
}
