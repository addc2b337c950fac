import { Type } from 'typebox'
import { route } from './route.ts'
import { shape, shapes } from './shapes.ts'

/**
 * Open311 GeoReport v2 in JSON (docs/open311.md). Its answers, its errors and its way of asking are the protocol's, not
 * ours: bodies and queries come as text, so the noun reads them and answers errors in the protocol's own form.
 */

export interface Open311Service {
  service_code: string
  service_name: string
  description: string
  /** No service of ours asks for further attributes. */
  metadata: false
  type: 'realtime'
  keywords: string
  group: string
}

export interface Open311Definition {
  service_code: string
  attributes: never[]
}

export interface Open311Receipt {
  service_request_id: string
  /** Said to the person first: the number to call for a fire. */
  service_notice: string | null
  account_id: null
}

/** What anybody may know of a request made through this protocol: no name, no phone, no unit, no reason. */
export interface Open311Request {
  service_request_id: string
  status: 'open' | 'closed'
  status_notes: string
  service_name: string
  service_code: string
  description: string
  agency_responsible: string
  service_notice: null
  requested_datetime: string
  updated_datetime: string
  expected_datetime: string | null
  address: string
  address_id: string | null
  zipcode: null
  lat: number
  long: number
  media_url: null
}

export interface Open311Error {
  code: number
  description: string
}

const get = <const Path extends string>(path: Path, summary: string) =>
  route({ method: 'GET', path, action: 'public', summary, answer: Type.Unknown() })

export const open311Services = route({
  method: 'GET',
  path: '/open311/v2/services.json',
  action: 'public',
  summary: 'Open311: what can be reported (jurisdiction_id = code of the city)',
  answer: shapes<Open311Service>('Open311Service'),
})
export const open311Service = route({
  method: 'GET',
  path: '/open311/v2/services/:code.json',
  action: 'public',
  summary: 'Open311: the definition of one service',
  params: Type.Object({ code: Type.String({ maxLength: 64 }) }),
  answer: shape<Open311Definition>('Open311Definition'),
})
export const open311Report = route({
  method: 'POST',
  path: '/open311/v2/requests.json',
  action: 'public',
  summary: 'Open311: report (form or JSON); by API key, or limited by address',
  answer: shapes<Open311Receipt>('Open311Receipt'),
})
export const open311Requests = route({
  method: 'GET',
  path: '/open311/v2/requests.json',
  action: 'public',
  summary: 'Open311: requests made through this protocol, public fields only',
  answer: shapes<Open311Request>('Open311Request'),
})
export const open311Request = route({
  method: 'GET',
  path: '/open311/v2/requests/:id.json',
  action: 'public',
  summary: 'Open311: one request',
  params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
  answer: shapes<Open311Request>('Open311Request'),
})
export const open311Token = route({
  method: 'GET',
  path: '/open311/v2/tokens/:token.json',
  action: 'public',
  summary: 'Open311: the request of a token; ids are given at once, so a token is an id',
  params: Type.Object({ token: Type.String({ maxLength: 64 }) }),
  answer: shapes<Record<string, string>>('Open311Token'),
})

/** XML is not offered; whoever asks for it is told so in the protocol's form (406). */
export const open311Xml = [
  get('/open311/v2/services.xml', 'Open311 in XML: not offered'),
  get('/open311/v2/services/:code.xml', 'Open311 in XML: not offered'),
  get('/open311/v2/requests.xml', 'Open311 in XML: not offered'),
  get('/open311/v2/requests/:id.xml', 'Open311 in XML: not offered'),
  get('/open311/v2/tokens/:token.xml', 'Open311 in XML: not offered'),
  route({
    method: 'POST',
    path: '/open311/v2/requests.xml',
    action: 'public',
    summary: 'Open311 in XML: not offered',
    answer: Type.Unknown(),
  }),
] as const

/** Fields of a report. Forms send text, so numbers are converted before they are checked; unknown fields are passed over. */
export const Open311Fields = Type.Object({
  jurisdiction_id: Type.Optional(Type.String({ maxLength: 64 })),
  service_code: Type.String({ minLength: 1, maxLength: 64 }),
  lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  long: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  address_string: Type.Optional(Type.String({ maxLength: 300 })),
  address_id: Type.Optional(Type.String({ maxLength: 64 })),
  description: Type.Optional(Type.String({ maxLength: 4_000 })),
  first_name: Type.Optional(Type.String({ maxLength: 30 })),
  last_name: Type.Optional(Type.String({ maxLength: 30 })),
  phone: Type.Optional(Type.String({ maxLength: 30 })),
  api_key: Type.Optional(Type.String({ maxLength: 200 })),
})

/** Filters of the list, as text. */
export const Open311Filters = Type.Object({
  jurisdiction_id: Type.Optional(Type.String({ maxLength: 64 })),
  service_request_id: Type.Optional(Type.String({ maxLength: 4_000 })),
  service_code: Type.Optional(Type.String({ maxLength: 1_000 })),
  start_date: Type.Optional(Type.String({ maxLength: 40 })),
  end_date: Type.Optional(Type.String({ maxLength: 40 })),
  status: Type.Optional(Type.String({ maxLength: 40 })),
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
})
