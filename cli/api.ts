import { randomUUID } from 'node:crypto'
import type { Refused } from '#domain/refusal.ts'
import type { ErrorAnswer, ErrorCode } from '#wire/codes.ts'
import {
  type AnswerOf,
  type BodyOf,
  IDEMPOTENCY_HEADER,
  type ParamsOf,
  type QueryOf,
  type Route,
  TENANT_HEADER,
} from '#wire/route.ts'

/** A server as an account with an API key sees it. Without a key only its public routes answer. */
export interface Door {
  url: string
  tenant: string
  apiKey: string | null
}

interface Given<R extends Route> {
  params?: ParamsOf<R>
  query?: QueryOf<R>
  body?: BodyOf<R>
  /** For a retry of the same command; a new one is drawn otherwise. */
  key?: string
}

export type Called<R extends Route> =
  | { ok: true; answer: AnswerOf<R> }
  | (Refused<ErrorCode | 'noServer'> & { says: string })

/** Calls one route the way the console does; a refusal, or a server that does not answer, is a value. */
export async function call<R extends Route>(door: Door, route: R, given: Given<R> = {}): Promise<Called<R>> {
  const headers: Record<string, string> = { [TENANT_HEADER]: door.tenant }
  if (door.apiKey) headers.authorization = `Bearer ${door.apiKey}`
  if (route.command) headers[IDEMPOTENCY_HEADER] = given.key ?? randomUUID()
  if (given.body !== undefined) headers['content-type'] = 'application/json'
  try {
    const response = await fetch(addressOf(door.url, route, given), {
      method: route.method,
      headers,
      ...(given.body !== undefined && { body: JSON.stringify(given.body) }),
    })
    if (response.ok) return { ok: true, answer: (await response.json()) as AnswerOf<R> }
    const { error } = (await response.json()) as ErrorAnswer
    return { ok: false, why: error.code, says: error.message }
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } }
    return { ok: false, why: 'noServer', says: `${door.url} does not answer (${cause?.code ?? message})` }
  }
}

function addressOf<R extends Route>(base: string, route: R, { params, query }: Given<R>): URL {
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown> | undefined)?.[name] ?? '')),
  )
  const url = new URL(path, base)
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}
