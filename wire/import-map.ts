import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { type ImportMap, type MapProblem, problemsOf } from '#domain/import-map.ts'
import { CategoryWord, PriorityWord, TicketClassWord, word } from './shapes.ts'

/** Schema of MAP.json, which tells `hongguan import tickets` and `hongguan replay` how to read files (docs/import-map.md). */

const closed = { additionalProperties: false }

const Column = Type.String({ minLength: 1, maxLength: 200, description: "a column's name as the header has it" })
const TimeFormat = Type.String({
  minLength: 1,
  maxLength: 60,
  description: '`iso`, `s`, `ms`, or a pattern like `MM/dd/yyyy hh:mm:ss a`',
})
const Template = Type.String({ maxLength: 1_000, description: 'text in which `{Column}` stands for the cell' })

const TimeColumn = Type.Union([Column, Type.Object({ column: Column, format: TimeFormat }, closed)])

const Sorted = Type.Object(
  { category: CategoryWord, class: Type.Optional(TicketClassWord), priority: Type.Optional(PriorityWord) },
  closed,
)

const Location = Type.Union([
  Type.Object({ lat: Column, lng: Column }, closed),
  Type.Object({ column: Column, pattern: Type.String({ minLength: 1, maxLength: 300 }) }, closed),
])

const Times = Type.Object(
  {
    reported: TimeColumn,
    triaged: Type.Optional(TimeColumn),
    placed: Type.Optional(TimeColumn),
    offered: Type.Optional(TimeColumn),
    accepted: Type.Optional(TimeColumn),
    enRoute: Type.Optional(TimeColumn),
    onSite: Type.Optional(TimeColumn),
    resolved: Type.Optional(TimeColumn),
    ended: Type.Optional(TimeColumn),
    closed: Type.Optional(TimeColumn),
  },
  closed,
)

const Tickets = Type.Object(
  {
    ticketKey: Column,
    rowKey: Column,
    unit: Type.Optional(Column),
    community: Type.Optional(Column),
    area: Type.Optional(Column),
    location: Location,
    category: Type.Object(
      { column: Column, values: Type.Record(Type.String(), Sorted), default: Type.Optional(Sorted) },
      closed,
    ),
    timeFormat: TimeFormat,
    times: Times,
    description: Template,
    address: Type.Optional(Template),
    resolution: Type.Optional(Template),
    cancelled: Type.Optional(
      Type.Object({ column: Column, values: Type.Array(Type.String(), { minItems: 1 }) }, closed),
    ),
    allOver: Type.Optional(Type.Boolean()),
  },
  closed,
)

const Fixes = Type.Object(
  {
    columns: Type.Object({ time: Column, unit: Column, lat: Column, lng: Column }, closed),
    timeFormat: TimeFormat,
  },
  closed,
)

export const ImportMapFile = Type.Object(
  {
    about: Type.Optional(Type.String({ maxLength: 2_000 })),
    source: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,60}$' }),
    encoding: Type.Optional(word(['utf-8', 'gb18030'])),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
    tickets: Type.Optional(Tickets),
    fixes: Type.Optional(Fixes),
  },
  closed,
)

/** Every error shows at once; unless told so, the library stops at the eighth. */
Settings.Set({ maxErrors: 400 })

const compiled = Compile(ImportMapFile)

export type ParsedMap = { ok: true; map: ImportMap } | { ok: false; problems: MapProblem[] }

/** Takes a map whole or answers everything that is wrong with it at once. */
export function parseImportMap(value: unknown): ParsedMap {
  const problems = compiled.Check(value) ? problemsOf(value as Static<typeof ImportMapFile>) : schemaProblems(value)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, map: value as ImportMap }
}

interface SchemaError {
  keyword: string
  schemaPath: string
  instancePath: string
  message: string
  params: Record<string, unknown>
}

/**
 * A place with two ways to say it complains about both: only the way that was begun counts, and the complaint that
 * neither fits counts where nothing below it tells more.
 */
function schemaProblems(value: unknown): MapProblem[] {
  const problems = new Map<string, MapProblem>()
  for (const error of compiled.Errors(value) as unknown as SchemaError[])
    for (const problem of told(error)) if (!problems.has(problem.path)) problems.set(problem.path, problem)
  const all = [...problems.values()].filter(({ path }) => !isOtherWay(path, value))
  return all.filter(({ path, why }) => why !== NEITHER || !all.some((other) => other.path.startsWith(`${path}/`)))
}

const NEITHER = 'fits none of the ways to say it'

function isOtherWay(path: string, value: unknown): boolean {
  const location = (value as { tickets?: { location?: object } } | null)?.tickets?.location
  const isPair = typeof location === 'object' && location !== null && ('lat' in location || 'lng' in location)
  const other = isPair ? ['column', 'pattern'] : ['lat', 'lng']
  return other.some((name) => path === `/tickets/location/${name}`)
}

/** Missing and surplus properties are reported at their parent; here each is named itself. */
function told({ keyword, instancePath, schemaPath, message, params }: SchemaError): MapProblem[] {
  const isBranch = schemaPath.includes('/anyOf/')
  if (schemaPath.endsWith('/additionalProperties') || (isBranch && keyword !== 'required')) return []
  if (keyword === 'anyOf') return [{ path: instancePath, why: NEITHER }]
  const listed = keyword === 'required' ? params.requiredProperties : params.additionalProperties
  if (!Array.isArray(listed)) return [{ path: instancePath, why: message }]
  const why = keyword === 'required' ? 'is missing' : 'is not known here'
  return listed.map((name) => ({ path: `${instancePath}/${name}`, why }))
}
