import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import type { OpenDb } from '#db/connect.ts'
import type { Clock } from './clock.ts'
import { type Config, isSecure } from './config.ts'
import { originsOfTemplate } from './doors/http/content-policy.ts'
import { openHttp } from './doors/http/http.ts'
import type { Limits } from './doors/http/limits.ts'
import type { RegisteredRoute } from './doors/http/registered.ts'
import { systemRoutes } from './doors/http/system.ts'
import { type Auth, makeAuth } from './people/auth.ts'
import { identifyBy } from './people/identify.ts'
import { peopleRoutes } from './people/routes.ts'
import { allTenants } from './places/queries.ts'
import { placeRoutes } from './places/routes.ts'
import type { Shop } from './serving.ts'

export interface Parts extends OpenDb {
  config: Config
  clock: Clock
  log: Logger
  /** Signs sessions. */
  secret: string
  version: string
  /** The built console; where there is none, only the API is answered. */
  consoleDir: string
  limits?: Partial<Limits>
}

export interface App {
  http: FastifyInstance
  auth: Auth
  routes: readonly RegisteredRoute[]
  /** Answers the address it listens on. */
  listen(): Promise<string>
  close(): Promise<void>
}

/** The map of the server: makes every part and introduces them to each other. Nothing is decided here. */
export async function buildApp(parts: Parts): Promise<App> {
  const { db, config, clock, log, version } = parts
  const registry = new Registry()
  const auth = makeAuth({
    db,
    log,
    secret: parts.secret,
    origin: config.origins[0] ?? null,
    isSecure: isSecure(config),
    sessionHours: config.sessionHours,
    oidc: config.oidc,
  })
  const identify = identifyBy(auth, db)
  const tileOrigins = async () => {
    const tenants = await allTenants(db)
    const sources = [...config.tileSources, ...tenants.flatMap(({ settings }) => settings.tileSources)]
    return [...new Set(sources.flatMap(({ template, subdomains }) => originsOfTemplate(template, subdomains)))]
  }
  const { http, routes, serve, serveRaw } = await openHttp({
    identify,
    clock,
    log,
    registry,
    version,
    pages: { folder: parts.consoleDir, tileOrigins },
    tls: config.tls,
    isSecure: isSecure(config),
    trustProxy: config.trustProxy,
    allowedOrigins: config.origins,
    metricsKey: config.metricsKey,
    ...(parts.limits && { limits: parts.limits }),
  })
  const shop: Shop = { db, serve, serveRaw, wake: () => undefined }

  systemRoutes({ serve, clock, version, isReady: async () => (await parts.sql`select 1`).length === 1 })
  placeRoutes({ ...shop, tileSources: config.tileSources })
  peopleRoutes({ ...shop, auth, oidcName: config.oidc?.name ?? null, version, rightsChanged: () => undefined })

  const close = async () => {
    await http.close()
  }
  const listen = async () => {
    await http.listen({ host: config.host, port: config.port })
    return addressOf(http.server, config)
  }
  await http.ready()
  return { http, auth, routes, listen, close }
}

function addressOf(server: Server, config: Config): string {
  const { port } = server.address() as AddressInfo
  const host = ['0.0.0.0', '::'].includes(config.host) ? 'localhost' : config.host
  return `${config.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
