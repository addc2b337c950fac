import { type NotDone, notDone } from '#cli/outcome.ts'
import { readMap } from '#cli/replay/files.ts'
import { columnsOf, type TicketsMap } from '#domain/import-map.ts'
import { rowReader } from '#domain/import-row.ts'
import type { RecordedRun } from '#planning/policy/model.ts'
import { csvRows } from '#server/intake/csv-rows.ts'

export interface RecordedFile {
  file: string
  map: string
  timeZone: string
  /** Column that says what sort of unit was sent; without it all are of one sort. */
  unitType?: string | undefined
}

/** Units sent to calls, row by row of somebody's file; rows without a unit, or that cannot be read, are counted and passed over. */
export async function runsOfFile(
  asked: RecordedFile,
): Promise<{ ok: true; runs: RecordedRun[]; unreadable: number } | NotDone> {
  const read = await readMap(asked.map)
  if (!read.ok) return read
  const { tickets, ...speech } = read.map
  if (!tickets) return notDone('badFile', `${asked.map} has no part "tickets" that says how to read ${asked.file}`)
  const readRow = rowReader(tickets, asked.timeZone)
  const runs: RecordedRun[] = []
  let unreadable = 0
  let header: string[] | null = null
  try {
    for await (const { cells, line } of csvRows(asked.file, speech, () => unreadable++)) {
      if (!header) {
        header = cells
        const missing = missingIn(header, tickets, asked.unitType)
        if (missing.length > 0) return notDone('badFile', `${asked.file} has no column ${missing.join(', ')}`)
        continue
      }
      const named = Object.fromEntries(header.map((name, i) => [name, cells[i] ?? '']))
      const row = readRow(named, line)
      if (!row.ok || row.row.unit === null) unreadable++
      else runs.push(runOf(row.row, asked.unitType === undefined ? 'unit' : (named[asked.unitType] ?? '')))
    }
  } catch (error) {
    return notDone('badFile', `${asked.file} cannot be read: ${(error as Error).message}`)
  }
  return { ok: true, runs, unreadable }
}

type Row = Extract<ReturnType<ReturnType<typeof rowReader>>, { ok: true }>['row']

function runOf({ ticketKey, unit, lng, lat, moments }: Row, type: string): RecordedRun {
  const { reported, triaged, offered, accepted, enRoute, onSite, ended, closed } = moments
  return {
    callId: ticketKey,
    unitId: unit as string,
    type,
    lng,
    lat,
    reportedAt: reported,
    sentAt: offered ?? accepted ?? triaged ?? reported,
    leftAt: enRoute ?? null,
    onSiteAt: onSite ?? null,
    endedAt: ended ?? closed ?? null,
  }
}

function missingIn(header: readonly string[], map: TicketsMap, unitType: string | undefined): string[] {
  const needed = [...columnsOf(map).keys(), ...(unitType === undefined ? [] : [unitType])]
  return needed.filter((column) => !header.includes(column))
}
