import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '#db/connect.ts'
import type { Tenant } from '#domain/places.ts'
import { isRefused } from '#domain/refusal.ts'
import { CATEGORIES } from '#domain/ticket.ts'
import { allTenants } from '#server/places/queries.ts'
import type { Identify, Shop } from '#server/serving.ts'
import { ERROR_STATUS, type ErrorCode } from '#wire/codes.ts'
import * as wire from '#wire/open311.ts'
import { waitHeaders } from '#wire/route.ts'
import type { ReportLimits } from './limits.ts'
import { type Asked, readFields, readFilters, wrong } from './open311-asked.ts'
import { open311Face } from './open311-face.ts'
import { publicRequest, publicRequests } from './open311-queries.ts'
import { reportByOpen311, whoReports } from './open311-report.ts'
import { noticeOf, servicesOf } from './open311-services.ts'

export interface Open311Shop extends Shop {
  identify: Identify
  limits: ReportLimits
  /** True: only with an API key may anything be reported. */
  open311ByKeyOnly: boolean
}

export function open311Routes(shop: Open311Shop): void {
  serveServices(shop)
  serveReport(shop)
  serveRequests(shop)
  for (const route of wire.open311Xml)
    shop.serveRaw(route, (_ask, _request, reply) =>
      answerWrong(reply, wrong([406, 'XML is not offered: ask for .json'])),
    )
}

/** The first error gives the status of the answer. */
async function answerWrong(reply: FastifyReply, { errors }: { errors: wire.Open311Error[] }): Promise<FastifyReply> {
  return reply
    .code(errors[0]?.code ?? 400)
    .header('cache-control', 'no-store')
    .send(errors)
}

/** The city a request is about: the only one there is need not be named. */
async function jurisdiction(db: Db, code: string | undefined): Promise<Asked<Tenant>> {
  const tenants = await allTenants(db)
  const [only] = tenants.length === 1 ? tenants : []
  const tenant = code === undefined ? only : tenants.find((each) => each.code === code)
  if (tenant) return { ok: true, asked: tenant }
  return wrong(code === undefined ? [400, 'jurisdiction_id was not provided'] : [404, 'jurisdiction_id was not found'])
}

const codeIn = (request: FastifyRequest): string | undefined => {
  const code = (request.query as Record<string, unknown>).jurisdiction_id
  return typeof code === 'string' && code !== '' ? code : undefined
}

function serveServices({ serveRaw, db }: Open311Shop): void {
  serveRaw(wire.open311Services, async (_ask, request, reply) => {
    const city = await jurisdiction(db, codeIn(request))
    return city.ok ? servicesOf(city.asked) : answerWrong(reply, city)
  })
  serveRaw(wire.open311Service, async ({ params }, request, reply) => {
    const city = await jurisdiction(db, codeIn(request))
    if (!city.ok) return answerWrong(reply, city)
    const code = CATEGORIES.find((category) => category === params.code)
    return code
      ? { service_code: code, attributes: [] }
      : answerWrong(reply, wrong([404, 'service_code was not found']))
  })
}

function serveReport(shop: Open311Shop): void {
  const { serveRaw, db, wake } = shop
  serveRaw(wire.open311Report, async (ask, request, reply) => {
    const read = readFields(request.body)
    if (!read.ok) return answerWrong(reply, read)
    const city = await jurisdiction(db, read.asked.jurisdiction_id ?? codeIn(request))
    if (!city.ok) return answerWrong(reply, city)
    const tenant = city.asked
    const category = CATEGORIES.find((word) => word === read.asked.service_code)
    if (!category) return answerWrong(reply, wrong([404, 'service_code was not found']))
    const who = await whoReports(shop, tenant, read.asked.api_key, request.headers)
    if (!who.ok) return answerWrong(reply, who)
    const answer = await reportByOpen311(shop, ask, { tenant, category, fields: read.asked, who: who.asked })
    if (isRefused(answer)) return answerWrong(reply.headers(waitHeaders(answer)), refusalOf(answer.why))
    wake(tenant.code)
    const receipt: wire.Open311Receipt = {
      service_request_id: answer.id,
      service_notice: noticeOf(category, tenant),
      account_id: null,
    }
    return reply.code(201).send([receipt])
  })
}

/** A refusal of ours in the protocol's form: its status, and its word. */
const refusalOf = (why: ErrorCode) => wrong([ERROR_STATUS[why], SAYS[why] ?? why])

const SAYS: Partial<Record<ErrorCode, string>> = {
  unknown: 'address_id was not found',
  outsideTenant: 'lat and long lie outside the jurisdiction',
  badRequest: 'address_string names no place known here: give lat and long, or address_id',
  tooMany: 'too many reports from this address or for this community: try again later',
  notAllowed: 'the API key may not report here',
  keyReused: 'the Idempotency-Key was used for another report',
}

function serveRequests({ serveRaw, db }: Open311Shop): void {
  serveRaw(wire.open311Requests, async ({ now }, request, reply) => {
    const read = readFilters(request.query, now)
    if (!read.ok) return answerWrong(reply, read)
    const city = await jurisdiction(db, read.asked.jurisdiction)
    if (!city.ok) return answerWrong(reply, city)
    const found = await publicRequests(db, city.asked.code, read.asked.wanted)
    return found.map((each) => open311Face(each, city.asked))
  })
  serveRaw(wire.open311Request, async ({ params }, request, reply) => {
    const city = await jurisdiction(db, codeIn(request))
    if (!city.ok) return answerWrong(reply, city)
    const found = await publicRequest(db, city.asked.code, params.id)
    return found
      ? [open311Face(found, city.asked)]
      : answerWrong(reply, wrong([404, 'service_request_id was not found']))
  })
  serveRaw(wire.open311Token, async ({ params }, request, reply) => {
    const city = await jurisdiction(db, codeIn(request))
    if (!city.ok) return answerWrong(reply, city)
    const found = await publicRequest(db, city.asked.code, params.token)
    if (!found) return answerWrong(reply, wrong([404, 'token was not found']))
    return [{ service_request_id: found.ticket.id, token: params.token }]
  })
}
