import { createHash } from 'node:crypto'
import { type CsvError, parse } from 'csv-parse/sync'
import type { Db, Tx } from '#db/connect.ts'
import type { KeptRoster } from '#domain/duty-roster.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { daysFrom } from '#domain/roster/days.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import { type KnownToRow, problemsIn, ROSTER_COLUMNS, rosterHeader, rowOf } from '#domain/roster-csv.ts'
import type { Skill } from '#domain/units.ts'
import { quoted } from '#server/tickets/export.ts'
import type { RosterEdit, RosterImportPreview, RosterImportRow } from '#wire/roster-shapes.ts'
import * as wire from '#wire/routes/rosters.ts'
import { edit } from './drafts.ts'
import { type Posed, problemOf } from './problem.ts'
import type { RosterShop } from './record.ts'
import { permitsRoster } from './roster-queries.ts'
import { rosterFor, serveOnRoster } from './roster-routes.ts'

const BOM = '\uFEFF'
const MOST_ROWS = 5_000

/** RP10: a roster comes and goes as a file. */
export function rosterFileRoutes(shop: RosterShop): void {
  const { db, serve, serveRaw } = shop
  serveRaw(wire.exportRoster, async ({ reader, params, now }, _request, reply) => {
    const roster = reader && (await rosterFor(db, reader, params.id))
    if (!roster) return refused('unknown')
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="roster-${roster.firstDay}.csv"`)
      .send(await csvOf(db, roster, now))
  })
  serve(wire.previewRosterImport, async ({ reader, params, body, now }) => {
    const roster = await rosterFor(db, reader, params.id)
    if (!roster) return refused('unknown')
    if (!permitsRoster(reader, 'roster.make', roster)) return refused('notAllowed')
    const read = await readFile(db, roster, body.csv, now)
    return 'preview' in read ? read.preview : read
  })
  serveOnRoster(shop, wire.importRoster, async (tx, roster, { body }, act) => {
    const read = await readFile(tx, roster, body.csv, act.now)
    if (isRefused(read) || !('preview' in read)) return read as Refused<'badFile'>
    if (read.preview.stamp !== body.stamp || read.edits.length === 0) return refused('previewStale')
    return edit(tx, roster, { revision: roster.revision, edits: read.edits }, act)
  })
}

async function csvOf(db: Db, roster: KeptRoster, now: number): Promise<string> {
  const { problem } = await problemOf(db, roster, now)
  const callsigns = new Map(problem.people.map(({ id, callsign }) => [id, callsign]))
  const lines = roster.entries
    .map(({ personId, day, shiftId, clusterId, skill }) => [
      callsigns.get(personId) ?? personId,
      day,
      shiftId,
      clusterId,
      skill ?? '',
    ])
    .sort(([a = '', dayA = ''], [b = '', dayB = '']) => (a === b ? (dayA < dayB ? -1 : 1) : a < b ? -1 : 1))
    .map((cells) => cells.map(quoted).join(','))
  return `${BOM}${[ROSTER_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`
}

type FileRead = { preview: RosterImportPreview; edits: RosterEdit[] }

async function readFile(
  db: Db | Tx,
  roster: KeptRoster,
  csv: string,
  now: number,
): Promise<FileRead | Refused<'badFile'>> {
  const lines = linesOf(csv)
  const header = lines?.[0] && rosterHeader(lines[0])
  if (!lines || !header || lines.length - 1 > MOST_ROWS) return refused('badFile')
  const posed = await problemOf(db, roster, now)
  const known = knownIn(roster, posed)
  const seen = new Set<string>()
  const edits: RosterEdit[] = []
  const rows = lines.slice(1).map((cells, index): RosterImportRow => {
    const row = rowOf(header, cells)
    const problems = problemsIn(row, known)
    const key = `${row.callsign} ${row.day}`
    if (seen.has(key)) problems.push({ column: 'day', value: row.day, why: 'twice' })
    seen.add(key)
    const { callsign, day, shift } = row
    const person = known.people.get(callsign)
    const line = { line: index + 2, personId: person?.id ?? null, callsign, day, shift, problems }
    if (problems.length > 0 || !person) return { ...line, effect: 'refused' }
    const clusterId = row.cluster || person.clusterIds.find((id) => roster.clusterIds.includes(id)) || ''
    const change: RosterEdit = { personId: person.id, day, shiftId: shift || null }
    if (shift) Object.assign(change, { clusterId }, row.skill && { skill: row.skill as Skill })
    const effect = effectOf(roster, change)
    if (effect !== 'same') edits.push(change)
    return { ...line, effect }
  })
  return { preview: previewOf(csv, roster, { rows, edits, posed }), edits }
}

function effectOf(
  roster: KeptRoster,
  { personId, day, shiftId, clusterId, skill }: RosterEdit,
): RosterImportRow['effect'] {
  const had = roster.entries.find((entry) => entry.personId === personId && entry.day === day)
  if (!had) return shiftId === null ? 'same' : 'added'
  return had.shiftId === shiftId && had.clusterId === clusterId && had.skill === skill ? 'same' : 'changed'
}

const knownIn = (roster: KeptRoster, { problem }: Posed): KnownToRow => ({
  people: new Map(problem.people.map(({ id, callsign, clusterIds, skills }) => [callsign, { id, clusterIds, skills }])),
  days: new Set(daysFrom(roster.firstDay, roster.days)),
  shifts: new Set(problem.shifts.map(({ id }) => id)),
  clusters: new Set(roster.clusterIds),
})

function previewOf(
  csv: string,
  roster: KeptRoster,
  { rows, edits, posed }: { rows: RosterImportRow[]; edits: RosterEdit[]; posed: Posed },
): RosterImportPreview {
  const count = (effect: RosterImportRow['effect']) => rows.filter((row) => row.effect === effect).length
  const gone = new Set(edits.map(({ personId, day }) => `${personId} ${day}`))
  const kept = roster.entries.filter(({ personId, day }) => !gone.has(`${personId} ${day}`))
  const added = edits.flatMap(({ shiftId, clusterId = '', ...rest }) =>
    shiftId === null ? [] : [{ ...rest, shiftId, clusterId }],
  )
  return {
    stamp: createHash('sha256')
      .update(JSON.stringify([csv, roster.id, roster.revision]))
      .digest('hex'),
    rows,
    added: count('added'),
    changed: count('changed'),
    same: count('same'),
    refused: count('refused'),
    breaks: scoreRoster(posed.problem, [...kept, ...added, ...posed.elsewhere]).breaks,
  }
}

function linesOf(csv: string): string[][] | null {
  try {
    return parse(csv, { bom: true, relax_column_count: true, skip_empty_lines: true }) as string[][]
  } catch (error) {
    if ((error as CsvError).code === undefined) throw error
    return null
  }
}
