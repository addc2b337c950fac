import { fromLocalInput, localInput } from '#console/lib/pages/local-input.ts'
import { m } from '#console/lib/paraglide/messages.js'
import type { Action } from '#domain/access.ts'
import type { Instant } from '#domain/instant.ts'
import type { Route } from '#wire/route.ts'

/** One field of a short form that carries out a command. */
export interface AskField {
  name: string
  label: string
  kind: 'text' | 'long' | 'moment' | 'whole' | 'number' | 'choice' | 'pick'
  hint?: string
  isOptional?: boolean
  /** What it begins with; a moment in epoch milliseconds. */
  value?: string | number | null
  options?: readonly { value: string; label: string; detail?: string }[]
}

/** Why: most of what is decided here must say it. */
export const reasonField = (isOptional = false): AskField => ({
  name: 'reason',
  label: m.emergency_reason(),
  kind: 'long',
  isOptional,
})

/** Something a person may do about a thing: its word, the form it asks for, and the route that does it. */
export interface AskAction {
  name: string
  label: string
  lead?: string
  needs: Action
  route: Route
  fields: AskField[]
  /** Sent besides what is typed. */
  fixed?: Record<string, unknown>
  /** Makes the body where it is not what was typed, field by field. */
  bodyOf?: (typed: Record<string, string | number>) => object
  isDanger?: boolean
  isMain?: boolean
}

export type Values = Record<string, string>

/** What each control begins with. */
export function startValues(fields: readonly AskField[], timeZone: string): Values {
  return Object.fromEntries(
    fields.map(({ name, kind, value, options, isOptional }) => {
      if (kind === 'moment') return [name, typeof value === 'number' ? localInput(value, timeZone) : '']
      if (kind === 'choice' && value == null) return [name, isOptional ? '' : (options?.[0]?.value ?? '')]
      return [name, value == null ? '' : String(value)]
    }),
  )
}

/** What is missing or no number; empty = it can be sent. */
export function faultyFields(fields: readonly AskField[], values: Values, timeZone: string): string[] {
  return fields
    .filter((field) => {
      const text = (values[field.name] ?? '').trim()
      if (text === '') return !field.isOptional
      if (field.kind === 'moment') return fromLocalInput(text, timeZone) === null
      if (field.kind === 'whole') return !/^\d+$/.test(text)
      return field.kind === 'number' && !Number.isFinite(Number(text))
    })
    .map(({ name }) => name)
}

/** The body of the command: fields left empty are left out. */
export function bodyOf(
  fields: readonly AskField[],
  values: Values,
  timeZone: string,
): Record<string, string | number | Instant> {
  const body: Record<string, string | number> = {}
  for (const { name, kind } of fields) {
    const text = (values[name] ?? '').trim()
    if (text === '') continue
    if (kind === 'moment') body[name] = fromLocalInput(text, timeZone) ?? 0
    else body[name] = kind === 'whole' || kind === 'number' ? Number(text) : text
  }
  return body
}
