import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { Value } from 'typebox/value'
import type { FieldError } from '#wire/codes.ts'
import type { Route } from '#wire/route.ts'

/** More wrong fields than this help nobody, and a hostile body could hold thousands. */
const MOST_FIELD_ERRORS = 100
Settings.Set({ maxErrors: 4 * MOST_FIELD_ERRORS })

export interface Parts {
  params: unknown
  query: unknown
  body: unknown
}

export type ParsedParts = { ok: true; parts: Parts } | { ok: false; fields: FieldError[] }

interface SchemaError {
  keyword: string
  instancePath: string
  message: string
  params: Record<string, unknown>
}

/** One schema error names one field, except that missing and surplus properties are named at their parent. */
function fieldsOf({ keyword, instancePath, message, params }: SchemaError): FieldError[] {
  const listed =
    keyword === 'required'
      ? params.requiredProperties
      : keyword === 'additionalProperties'
        ? params.additionalProperties
        : null
  if (!Array.isArray(listed)) return [{ path: instancePath, code: keyword, message }]
  return listed.map((name) => ({
    path: `${instancePath}/${name}`,
    code: keyword,
    message: keyword === 'required' ? 'is missing' : 'is not known here',
  }))
}

function checker(schema: TSchema | undefined, fromText: boolean) {
  if (!schema) return (value: unknown) => ({ value, fields: [] as FieldError[] })
  const compiled = Compile(schema)
  return (given: unknown) => {
    // Addresses and query strings are text: '5' may mean the number. A JSON body says what it means.
    const value = fromText ? Value.Convert(schema, given) : given
    if (compiled.Check(value)) return { value: value as unknown, fields: [] as FieldError[] }
    const errors = compiled.Errors(value) as unknown as SchemaError[]
    return {
      value: value as unknown,
      fields: errors
        .filter(
          ({ schemaPath }: SchemaError & { schemaPath?: string }) => !schemaPath?.endsWith('/additionalProperties'),
        )
        .flatMap(fieldsOf),
    }
  }
}

/** The first complaint about a field is the telling one; a union adds one for each of its branches. */
const oncePerPath = (fields: readonly FieldError[]) =>
  [...new Map(fields.toReversed().map((field) => [field.path, field])).values()].reverse()

/** P7: checks every field of every part and answers all that is wrong at once. */
export function partsParser(route: Route): (parts: Parts) => ParsedParts {
  const params = checker(route.params, true)
  const query = checker(route.query, true)
  const body = checker(route.body, false)
  return (given) => {
    const checked = {
      params: params(given.params),
      query: query(given.query),
      body: body(route.body ? (given.body ?? {}) : undefined),
    }
    const parts = Object.values(checked)
    const fields = [...parts.flatMap((part) => part.fields), ...parts.flatMap((part) => unwritableTexts(part.value))]
    if (fields.length > 0) return { ok: false, fields: oncePerPath(fields).slice(0, MOST_FIELD_ERRORS) }
    return { ok: true, parts: { params: checked.params.value, query: checked.query.value, body: checked.body.value } }
  }
}

/** NUL and half a surrogate pair are no text for PostgreSQL: it would refuse the row long after the door had let it in. */
function unwritableTexts(value: unknown): FieldError[] {
  const found: FieldError[] = []
  const left: [path: string, value: unknown][] = [['', value]]
  for (let next = left.pop(); next; next = left.pop()) {
    const [path, one] = next
    if (typeof one === 'string' && (one.includes('\0') || !one.isWellFormed()))
      found.push({ path, code: 'text', message: 'holds a character that no text may hold' })
    else if (typeof one === 'object' && one !== null)
      for (const [key, inner] of Object.entries(one)) left.push([`${path}/${key}`, inner])
  }
  return found
}
