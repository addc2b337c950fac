import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import { CATEGORIES, type Category } from '#domain/ticket.ts'
import { type Open311Error, Open311Fields, Open311Filters } from '#wire/open311.ts'
import type { Wanted } from './open311-queries.ts'

export type Asked<T> = { ok: true; asked: T } | { ok: false; errors: Open311Error[] }

export const wrong = (...errors: [code: number, description: string][]): { ok: false; errors: Open311Error[] } => ({
  ok: false,
  errors: errors.map(([code, description]) => ({ code, description })),
})

export interface Fields {
  jurisdiction_id?: string
  service_code: string
  lat?: number
  long?: number
  address_string?: string
  address_id?: string
  description?: string
  first_name?: string
  last_name?: string
  phone?: string
  api_key?: string
}

type Filters = Partial<
  Record<'jurisdiction_id' | 'service_request_id' | 'service_code' | 'start_date' | 'end_date' | 'status', string>
> & { page?: number; page_size?: number }

const fields = Compile(Open311Fields)
const filters = Compile(Open311Filters)

/** A report as it came, from a form (all text) or as JSON: every wrong field is named, each in the protocol's form. */
export function readFields(given: unknown): Asked<Fields> {
  const value = Value.Convert(Open311Fields, withoutBlanks(given))
  if (!fields.Check(value)) return { ok: false, errors: errorsOf(fields.Errors(value)) }
  const { lat, long, address_string, address_id } = value
  if ((lat === undefined) !== (long === undefined)) return wrong([400, 'lat and long must be given together'])
  if (lat === undefined && !address_string && !address_id)
    return wrong([400, 'lat and long, address_string or address_id was not provided'])
  return { ok: true, asked: value }
}

/** Forms send what was left empty as an empty text: the field was not given. NUL is no character of a text. */
function withoutBlanks(given: unknown): Record<string, unknown> {
  const entries = Object.entries(typeof given === 'object' && given !== null ? given : {})
  const plain = entries.map(([key, value]) => [
    key,
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '').trim() : value,
  ])
  return Object.fromEntries(plain.filter(([, value]) => value !== '' && value !== null))
}

/** The protocol's own bound on a list: ninety days, whatever is asked for. */
const LONGEST_SPAN_MS = 90 * DAY_MS
const PAGE_SIZE = 50

export interface AskedList {
  jurisdiction: string | undefined
  wanted: Wanted
}

export function readFilters(given: unknown, now: Instant): Asked<AskedList> {
  const value = Value.Convert(Open311Filters, withoutBlanks(given)) as Filters
  if (!filters.Check(value)) return { ok: false, errors: errorsOf(filters.Errors(value)) }
  const [start, end] = [momentOf(value.start_date), momentOf(value.end_date)]
  if (start === null || end === null) return wrong([400, 'start_date and end_date must be ISO 8601 with a zone'])
  const statuses = listOf(value.status) ?? []
  if (statuses.some((word) => word !== 'open' && word !== 'closed'))
    return wrong([400, 'status must be open or closed'])
  const codes = listOf(value.service_code)
  const categories = codes && CATEGORIES.filter((category) => codes.includes(category))
  if (codes && categories?.length !== codes.length) return wrong([404, 'service_code was not found'])
  const to = end ?? (start === undefined ? now : Math.min(now, start + LONGEST_SPAN_MS))
  const wanted: Wanted = {
    ids: listOf(value.service_request_id),
    categories: categories as Category[] | undefined,
    from: Math.max(start ?? 0, to - LONGEST_SPAN_MS),
    to,
    status: statuses.length === 1 ? (statuses[0] as 'open' | 'closed') : 'both',
    page: value.page ?? 1,
    pageSize: value.page_size ?? PAGE_SIZE,
  }
  return { ok: true, asked: { jurisdiction: value.jurisdiction_id, wanted } }
}

const listOf = (text: string | undefined): string[] | undefined =>
  text === undefined
    ? undefined
    : [...new Set(text.split(',').map((word) => word.trim()))].filter((word) => word !== '')

/** undefined = not given, null = cannot be read. */
function momentOf(text: string | undefined): Instant | null | undefined {
  if (text === undefined) return undefined
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) || at < 0 ? null : at
}

/** "service_code was not provided" is how the protocol's own examples say it. */
function errorsOf(found: unknown): Open311Error[] {
  const errors = found as {
    keyword: string
    instancePath: string
    message: string
    params: { requiredProperties?: string[] }
  }[]
  return errors.flatMap(({ keyword, instancePath, message, params }) =>
    keyword === 'required'
      ? (params.requiredProperties ?? []).map((name) => ({ code: 400, description: `${name} was not provided` }))
      : [{ code: 400, description: `${instancePath.slice(1)} ${message}` }],
  )
}
