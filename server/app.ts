import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import type { OpenDb } from '#db/connect.ts'
import type { Clock } from './clock.ts'
import { type Config, isSecure } from './config.ts'
import { offerExpiry } from './dispatch/expiry.ts'
import { followTicket } from './dispatch/follow.ts'
import { osrmRouter } from './dispatch/router.ts'
import { dispatchRoutes } from './dispatch/routes.ts'
import { openDeviceDoor } from './doors/devices/door.ts'
import { originsOfTemplate } from './doors/http/content-policy.ts'
import { type HttpDoor, openHttp } from './doors/http/http.ts'
import type { Limits } from './doors/http/limits.ts'
import type { RegisteredRoute } from './doors/http/registered.ts'
import { systemRoutes } from './doors/http/system.ts'
import { routeUpgrades } from './doors/upgrade.ts'
import { type Engine, makeEngine } from './engine/engine.ts'
import { dropOldCommands, dropOldEvents } from './engine/retention.ts'
import { type Fleet, openFleet } from './fleet/fleet.ts'
import { intakeRoutes } from './intake/routes.ts'
import { type Auth, makeAuth } from './people/auth.ts'
import { identifyBy } from './people/identify.ts'
import { peopleRoutes } from './people/routes.ts'
import { allTenants } from './places/queries.ts'
import { placeRoutes } from './places/routes.ts'
import type { Identify, Shop } from './serving.ts'
import { realTicker, type Ticker } from './ticker.ts'
import { ticketRoutes } from './tickets/routes.ts'
import { slaTimers } from './tickets/timers.ts'

export interface Parts extends OpenDb {
  config: Config
  clock: Clock
  log: Logger
  /** Signs sessions and the codes at the sites. */
  secret: string
  version: string
  /** The built console; where there is none, only the API is answered. */
  consoleDir: string
  ticker?: Ticker
  limits?: Partial<Limits>
}

export interface App {
  http: FastifyInstance
  auth: Auth
  fleet: Fleet
  engine: Engine
  routes: readonly RegisteredRoute[]
  /** Starts the engine and answers the address it listens on. */
  listen(): Promise<string>
  close(): Promise<void>
}

/** The map of the server: makes every part and introduces them to each other. Nothing is decided here. */
export async function buildApp(parts: Parts): Promise<App> {
  const { db, config, clock, log, secret, version, ticker = realTicker } = parts
  const registry = new Registry()
  const auth = authOf(parts)
  const identify = identifyBy(auth, db)
  const fleet = await openFleet({ db, clock, ticker })
  const door = await httpDoorOf(parts, identify, registry)
  const { http, routes, serve, serveRaw } = door

  const wake = (tenant: string) => {
    engine.nudge()
  }
  const engine = makeEngine({
    db,
    clock,
    duties: [slaTimers(wake), offerExpiry(fleet, wake), dropOldEvents, dropOldCommands],
    onError: (duty, error) => log.error({ duty, err: error }, 'a duty failed; it is tried again'),
  })
  const shop: Shop = { db, serve, serveRaw, wake }

  systemRoutes({ serve, clock, version, isReady: async () => (await parts.sql`select 1`).length === 1 })
  placeRoutes({ ...shop, tileSources: config.tileSources })
  peopleRoutes({ ...shop, auth, oidcName: config.oidc?.name ?? null, version, rightsChanged: () => undefined })
  ticketRoutes(shop, { follow: followTicket, reload: (unitIds) => fleet.reload(unitIds) })
  dispatchRoutes({ ...shop, fleet, secret, askRouter: config.routerUrl === null ? null : osrmRouter(config.routerUrl) })
  intakeRoutes({ ...shop, fleet, secret, identify, open311ByKeyOnly: config.open311ByKeyOnly })
  const devices = openDeviceDoor({
    desk: {
      known: (deviceSecret, now) => fleet.devices.known(deviceSecret, now),
      identify: (deviceSecret, now) => fleet.devices.identify(deviceSecret, now),
      take: (unitId, fixes, now) => fleet.take(unitId, fixes, now),
      onRevoked: (tell) => fleet.devices.onRevoked(tell),
    },
    clock,
    ticker,
    registry,
  })
  await devices.register(http)
  routeUpgrades(http.server, [devices.upgrades])
  await http.ready()

  const listen = async () => {
    await http.listen({ host: config.host, port: config.port })
    engine.start()
    return addressOf(http.server, config)
  }
  const close = async () => {
    await engine.stop()
    devices.stop()
    await http.close()
    await fleet.stop()
  }
  return { http, auth, fleet, engine, routes, listen, close }
}

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
