import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import type { OpenDb } from '#db/connect.ts'
import { MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import type { Clock } from './clock.ts'
import { type Config, isSecure } from './config.ts'
import { type LiveCover, openCover } from './cover/cover.ts'
import { coverRoutes } from './cover/routes.ts'
import { offerExpiry } from './dispatch/expiry.ts'
import { followTicket } from './dispatch/follow.ts'
import { osrmRouter } from './dispatch/router.ts'
import { dispatchRoutes } from './dispatch/routes.ts'
import { checkSiteCode } from './dispatch/site-code.ts'
import type { ConsoleDesk } from './doors/consoles/desk.ts'
import { openConsoleDoor } from './doors/consoles/door.ts'
import type { DeviceDesk } from './doors/devices/desk.ts'
import { openDeviceDoor } from './doors/devices/door.ts'
import { originsOfTemplate } from './doors/http/content-policy.ts'
import { type HttpDoor, openHttp } from './doors/http/http.ts'
import type { Limits } from './doors/http/limits.ts'
import type { RegisteredRoute } from './doors/http/registered.ts'
import { systemRoutes } from './doors/http/system.ts'
import { routeUpgrades } from './doors/upgrade.ts'
import { communityDates } from './engagements/community-dates.ts'
import { engagementTimers, lotteryMoments } from './engagements/engagement-timers.ts'
import { planRoutes } from './engagements/plan-routes.ts'
import { PlanRunner } from './engagements/plan-runner.ts'
import { lostRuns } from './engagements/plan-watch.ts'
import { engagementRoutes } from './engagements/routes.ts'
import type { Duty } from './engine/duty.ts'
import { type Engine, makeEngine } from './engine/engine.ts'
import { dropOldCommands, dropOldEvents } from './engine/retention.ts'
import { openPublisher, type Publisher } from './feed/publisher.ts'
import { feedRoutes } from './feed/routes.ts'
import { openSnapshots } from './feed/snapshot.ts'
import { type Fleet, openFleet } from './fleet/fleet.ts'
import { fleetRoutes } from './fleet/routes.ts'
import { readPicture } from './intake/read-picture.ts'
import { intakeRoutes } from './intake/routes.ts'
import { type Auth, makeAuth } from './people/auth.ts'
import { identifyBy } from './people/identify.ts'
import { peopleRoutes } from './people/routes.ts'
import { allTenants } from './places/queries.ts'
import { placeRoutes } from './places/routes.ts'
import { rankingRoutes } from './response/ranking-routes.ts'
import { ratingRoutes } from './response/rating-routes.ts'
import { openResponse, type Response } from './response/response.ts'
import { responseRoutes } from './response/routes.ts'
import { dutyRosterRoutes } from './roster/routes.ts'
import { lostRosterRuns, RosterRunner } from './roster/runner.ts'
import { dutyTimers } from './roster/timers.ts'
import type { Identify, RightsChanged, Shop, Wake } from './serving.ts'
import { openSolverPool } from './solver/pool.ts'
import { studyRoutes } from './studies/routes.ts'
import { lostStudies, StudyRunner } from './studies/runner.ts'
import { realTicker, type Ticker } from './ticker.ts'
import { ticketRoutes } from './tickets/routes.ts'
import { slaTimers } from './tickets/timers.ts'

export interface Parts extends OpenDb {
  config: Config
  clock: Clock
  log: Logger
  /** Signs sessions, residents' links and the codes at the sites. */
  secret: string
  version: string
  /** The built console; where there is none, only the API is answered. */
  consoleDir: string
  ticker?: Ticker
  /** The fast copy of the response times; in memory where none is named. */
  responseFile?: string
  limits?: Partial<Limits>
}

export interface App {
  http: FastifyInstance
  auth: Auth
  fleet: Fleet
  engine: Engine
  publisher: Publisher
  response: Response
  routes: readonly RegisteredRoute[]
  /** Starts the engine and answers the address it listens on. */
  listen(): Promise<string>
  close(): Promise<void>
}

/** Tenants and units that other processes have added are met at the latest so long after. */
const RELOAD_MS = MINUTE_MS
/** A feed not read for so long is cut, and an engine without a beat for so long stands: neither may look well (P8). */
const SILENT_MS = 3 * SECOND_MS
const STANDING_MS = 10 * SECOND_MS

/** The map of the server: makes every part and introduces them to each other. Nothing is decided here. */
export async function buildApp(parts: Parts): Promise<App> {
  const { db, config, clock, log, ticker = realTicker } = parts
  const registry = new Registry()
  const auth = authOf(parts)
  const identify = identifyBy(auth, db)
  const fleet = await openFleet({ db, clock, ticker })
  const cover = openCover({ db, clock, ticker, fleet })
  const door = await httpDoorOf(parts, identify, registry)

  const wake = () => {
    publisher.wake()
    engine.nudge()
  }
  const engine = makeEngine({
    db,
    clock,
    duties: dutiesOf(clock, fleet, wake),
    onError: (duty, error) => log.error({ duty, err: error }, 'a duty failed; it is tried again'),
  })
  const consoles = openConsoleDoor({
    desk: consoleDesk({ identify, version: parts.version, fleet, cover, engine, publisher: () => publisher }),
    clock,
    ticker,
    allowedOrigins: config.origins,
  })
  const publisher = openPublisher(db, consoles.sockets, clock, ticker)
  const devices = openDeviceDoor({ desk: deviceDesk(fleet), clock, ticker, registry })
  const stopReloading = ticker.every(RELOAD_MS, () => {
    fleet.reloadAll().catch((error) => log.error({ err: error }, 'the units could not be read again'))
  })

  const response = openResponse({ db, ticker, log, file: parts.responseFile ?? null })
  const shop: Shop = { db, serve: door.serve, serveRaw: door.serveRaw, wake }
  nounRoutes(parts, shop, { auth, fleet, engine, identify, rightsChanged: consoles.rightsChanged })
  for (const routes of [responseRoutes, rankingRoutes, ratingRoutes]) routes({ ...shop, response })
  coverRoutes({ ...shop, cover })
  const pool = openSolverPool()
  const runner = new PlanRunner({ db, clock, wake, log, pool })
  planRoutes({ ...shop, runner })
  const studies = new StudyRunner({ db, clock, log, pool })
  studyRoutes({ ...shop, response, runner: studies })
  const rosterRunner = new RosterRunner({ db, clock, wake, log, pool })
  dutyRosterRoutes({ ...shop, fleet, pool, runner: rosterRunner })
  await devices.register(door.http)
  await publisher.look()
  routeUpgrades(door.http.server, [devices.upgrades, consoles.upgrades])
  await door.http.ready()

  const listen = async () => {
    await door.http.listen({ host: config.host, port: config.port })
    engine.start()
    response.start()
    return addressOf(door.http.server, config)
  }
  /** First what begins work of its own, then the doors, then what writes the last of it down. */
  const close = async () => {
    stopReloading()
    cover.stop()
    await engine.stop()
    devices.stop()
    await consoles.stop()
    await door.http.close()
    await studies.close()
    await rosterRunner.close()
    await runner.close()
    await publisher.stop()
    await response.stop()
    await fleet.stop()
  }
  return { http: door.http, routes: door.routes, auth, fleet, engine, publisher, response, listen, close }
}

/** What happens because time passes. */
const dutiesOf = (clock: Clock, fleet: Fleet, wake: Wake): Duty[] => [
  slaTimers(wake),
  offerExpiry(fleet, wake),
  communityDates(wake),
  engagementTimers(wake),
  lotteryMoments(wake),
  lostRuns(clock, wake),
  lostStudies(clock),
  dutyTimers(wake),
  lostRosterRuns(clock, wake),
  dropOldEvents,
  dropOldCommands,
]

interface Made {
  auth: Auth
  fleet: Fleet
  engine: Engine
  identify: Identify
  rightsChanged: RightsChanged
}

function nounRoutes(parts: Parts, shop: Shop, { auth, fleet, engine, identify, rightsChanged }: Made): void {
  const { db, sql, clock, config, secret, version } = parts
  const isReady = async () => (await sql`select 1`).length === 1 && isBeating(engine, clock)
  systemRoutes({ serve: shop.serve, clock, version, isReady })
  placeRoutes({ ...shop, tileSources: config.tileSources })
  peopleRoutes({ ...shop, auth, oidcName: config.oidc?.name ?? null, isDemo: config.demo, version, rightsChanged })
  ticketRoutes(shop, { follow: followTicket, reload: (unitIds) => fleet.reload(unitIds) })
  const isSiteCode = (id: string, said: string) => checkSiteCode(secret, id, said) === 'right'
  engagementRoutes({ ...shop, isSiteCode, readPicture })
  dispatchRoutes({ ...shop, fleet, secret, askRouter: config.routerUrl === null ? null : osrmRouter(config.routerUrl) })
  intakeRoutes({ ...shop, fleet, secret, identify, open311ByKeyOnly: config.open311ByKeyOnly })
  fleetRoutes({ ...shop, fleet })
  feedRoutes({ ...shop, snapshots: openSnapshots(db, (unitId) => fleet.isReachable(unitId)) })
}

const isBeating = (engine: Engine, clock: Clock) => {
  const beatAt = engine.beatAt()
  return beatAt !== null && clock.now() - beatAt < STANDING_MS * clock.speed
}

const deviceDesk = ({ devices, take }: Fleet): DeviceDesk => ({
  known: (secret, now) => devices.known(secret, now),
  identify: (secret, now) => devices.identify(secret, now),
  take,
  onRevoked: (tell) => devices.onRevoked(tell),
})

interface BehindConsoles {
  identify: Identify
  version: string
  fleet: Fleet
  cover: LiveCover
  engine: Engine
  /** Asked when it is needed: the publisher in its turn is made with the consoles' sockets. */
  publisher: () => Publisher
}

const consoleDesk = ({ identify, version, fleet, cover, engine, publisher }: BehindConsoles): ConsoleDesk => ({
  identify,
  version,
  watchFleet: (grants, tenant, sink) => fleet.join(grants, tenant, sink),
  watchCover: (grants, tenant, send) => cover.join(grants, tenant, send),
  enter: (unitId) => fleet.reach.enter(unitId),
  leave: (unitId) => fleet.reach.leave(unitId),
  reachChanges: () => fleet.reachChanges(),
  position: (tenant) => publisher().position(tenant),
  truth: (tenant, now) => {
    const position = publisher().position(tenant)
    if (position === null || publisher().silentMs() > SILENT_MS) return null
    return { ...position, ...fleet.counts(tenant, now), now, engineAt: engine.beatAt() }
  },
})

function authOf({ db, log, secret, config }: Parts): Auth {
  const { origins, sessionHours, oidc } = config
  return makeAuth({ db, log, secret, sessionHours, oidc, origin: origins[0] ?? null, isSecure: isSecure(config) })
}

function httpDoorOf(parts: Parts, identify: Identify, registry: Registry): Promise<HttpDoor> {
  const { db, config, clock, log, version, consoleDir, limits } = parts
  const tileOrigins = async () => {
    const tenants = await allTenants(db)
    const sources = [...config.tileSources, ...tenants.flatMap(({ settings }) => settings.tileSources)]
    return [...new Set(sources.flatMap(({ template, subdomains }) => originsOfTemplate(template, subdomains)))]
  }
  return openHttp({
    identify,
    clock,
    log,
    registry,
    version,
    pages: { folder: consoleDir, tileOrigins },
    tls: config.tls,
    isSecure: isSecure(config),
    trustProxy: config.trustProxy,
    allowedOrigins: config.origins,
    metricsKey: config.metricsKey,
    ...(limits && { limits }),
  })
}

function addressOf(server: Server, config: Config): string {
  const { port } = server.address() as AddressInfo
  const host = ['0.0.0.0', '::'].includes(config.host) ? 'localhost' : config.host
  return `${config.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
