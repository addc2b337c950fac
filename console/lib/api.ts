import type { ErrorAnswer, ErrorCode, FieldError } from '#wire/codes.ts'
import {
  type AnswerOf,
  type BodyOf,
  IDEMPOTENCY_HEADER,
  type ParamsOf,
  type QueryOf,
  type Route,
  TENANT_HEADER,
} from '#wire/route.ts'

/** The server's no, or that it could not be asked (`unreachable`). The words are in refusal-text.ts. */
export interface Refusal {
  ok: false
  why: ErrorCode | 'unreachable'
  fields: FieldError[]
  /** How long the server asks to wait (`Retry-After`), where it says so. */
  retryAfterMs?: number
}

export type Told<R extends Route> = { ok: true; answer: AnswerOf<R> } | Refusal

type Filled<Name extends string, Value> = undefined extends Value ? { [N in Name]?: Value } : { [N in Name]: Value }

export type AskOf<R extends Route> = Filled<'params', ParamsOf<R>> &
  Filled<'query', QueryOf<R>> &
  Filled<'body', BodyOf<R>> & {
    /** Names the command; give one only to repeat an earlier call (a queue that outlives the page does). */
    key?: string
    signal?: AbortSignal
  }

/** Waits before each new try of a command whose answer was lost; the key makes a repeat harmless. */
const RETRY_AFTER_MS = [400, 1_500]

let tenantCode: string | null = null
const whenSignedOut = new Set<() => void>()

/** All later calls speak for this tenant; null = the account's only one. */
export const speakForTenant = (code: string | null): void => {
  tenantCode = code
}

/** Called whenever the server answers that nobody is signed in. */
export function onSignedOut(listener: () => void): () => void {
  whenSignedOut.add(listener)
  return () => whenSignedOut.delete(listener)
}

/** 128 random bits; `crypto.randomUUID` does not exist on plain http to another machine. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

export function urlOf<R extends Route>(route: R, params?: ParamsOf<R>, query?: QueryOf<R>): string {
  const values = (params ?? {}) as Record<string, string | number>
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  return search.size > 0 ? `${path}?${search}` : path
}

/** Asks one route of the server. Never throws for what can be expected: a refusal is a value. */
export async function call<R extends Route>(route: R, ask: AskOf<R>): Promise<Told<R>> {
  const headers = new Headers({ accept: 'application/json' })
  if (tenantCode) headers.set(TENANT_HEADER, tenantCode)
  if (route.command) headers.set(IDEMPOTENCY_HEADER, ask.key ?? newKey())
  const init: RequestInit = { method: route.method, headers, signal: ask.signal ?? null }
  if (ask.body !== undefined) {
    headers.set('content-type', 'application/json')
    init.body = JSON.stringify(ask.body)
  }
  const url = urlOf(route, ask.params as ParamsOf<R>, ask.query as QueryOf<R>)
  const tries = route.command ? RETRY_AFTER_MS : []
  return readAnswer<R>(await fetchPatiently(url, init, tries))
}

/** Sends one file (multipart) to a route that takes one; `progress` from 0 to 1. */
export function upload<R extends Route>(
  route: R,
  params: ParamsOf<R>,
  form: FormData,
  progress: (share: number) => void = () => {},
): Promise<Told<R>> {
  const request = new XMLHttpRequest()
  request.open(route.method, urlOf(route, params))
  if (tenantCode) request.setRequestHeader(TENANT_HEADER, tenantCode)
  if (route.command) request.setRequestHeader(IDEMPOTENCY_HEADER, newKey())
  request.upload.addEventListener('progress', (event) => event.total > 0 && progress(event.loaded / event.total))
  return new Promise((resolve) => {
    request.addEventListener('loadend', () => {
      const answered = request.status > 0
      const wait = request.getResponseHeader('retry-after')
      const headers = new Headers(wait === null ? undefined : { 'retry-after': wait })
      resolve(readAnswer<R>(answered ? new Response(request.responseText, { status: request.status, headers }) : null))
    })
    request.send(form)
  })
}

/** A picture or a file; null when it cannot be had. */
export async function readBlob<R extends Route>(
  route: R,
  params: ParamsOf<R>,
  query?: QueryOf<R>,
): Promise<Blob | null> {
  const headers = new Headers(tenantCode ? { [TENANT_HEADER]: tenantCode } : {})
  const response = await fetchPatiently(urlOf(route, params, query), { headers }, [])
  return response?.ok ? response.blob() : null
}

async function fetchPatiently(url: string, init: RequestInit, waits: readonly number[]): Promise<Response | null> {
  try {
    return await fetch(url, init)
  } catch {
    const [wait, ...rest] = waits
    if (wait === undefined || init.signal?.aborted) return null
    await new Promise((resolve) => setTimeout(resolve, wait))
    return fetchPatiently(url, init, rest)
  }
}

async function readAnswer<R extends Route>(response: Response | null): Promise<Told<R>> {
  if (!response) return { ok: false, why: 'unreachable', fields: [] }
  const body: unknown = await response.json().catch(() => null)
  if (response.ok) return { ok: true, answer: body as AnswerOf<R> }
  const error = (body as ErrorAnswer | null)?.error
  if (error?.code === 'notSignedIn') for (const listener of whenSignedOut) listener()
  const waitS = Number(response.headers.get('retry-after') ?? Number.NaN)
  // A proxy in front of a stopped server answers without our body: for the person that is the same as no answer.
  return {
    ok: false,
    why: error?.code ?? (response.status >= 502 ? 'unreachable' : 'internal'),
    fields: error?.fields ?? [],
    ...(waitS > 0 && { retryAfterMs: waitS * 1_000 }),
  }
}
