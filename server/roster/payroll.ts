import { and, eq, gte, lte } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { dutyShifts } from '#db/schema/duties.ts'
import type { DutyCluster } from '#domain/duty-roster.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { dayNumber } from '#domain/roster/days.ts'
import { hoursByKind } from '#domain/roster/hours-by-kind.ts'
import type { Reader, Shop } from '#server/serving.ts'
import { quoted } from '#server/tickets/export.ts'
import type { PayrollLine } from '#wire/roster-shapes.ts'
import * as wire from '#wire/routes/duties.ts'
import { clustersOf, leads } from './clusters.ts'
import { entryOf, periodProblem } from './problem.ts'

const LONGEST_DAYS = 92
const BOM = '\uFEFF'

export function payrollRoutes({ db, serve, serveRaw }: Shop): void {
  serve(wire.payroll, ({ reader, query }) => linesFor(db, reader, query))
  serveRaw(wire.payrollFile, async ({ reader, query }, _request, reply) => {
    const lines = reader ? await linesFor(db, reader, query) : refused('notSignedIn')
    if (!Array.isArray(lines)) return lines
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="payroll-${query.from}-${query.to}.csv"`)
      .send(`${BOM}${[COLUMNS.join(','), ...lines.map(csvLine)].join('\r\n')}\r\n`)
  })
}

const COLUMNS = [
  'callsign',
  'cluster',
  'shifts',
  'ordinaryHours',
  'overtimeHours',
  'restDayHours',
  'holidayHours',
  'nightHours',
] as const

const hours = (minutes: number): string => (minutes / 60).toFixed(2)

const csvLine = (line: PayrollLine): string =>
  [
    quoted(line.callsign),
    quoted(line.clusterId),
    String(line.shifts),
    hours(line.ordinaryMinutes),
    hours(line.overtimeMinutes),
    hours(line.restDayMinutes),
    hours(line.holidayMinutes),
    hours(line.nightMinutes),
  ].join(',')

interface Asked {
  from: string
  to: string
  clusterId?: string | undefined
}

/** RP9: hours by kind of who has worked: shifts that were begun and ended, sorted as the law pays them. */
async function linesFor(
  db: DbOrTx,
  reader: Reader,
  { from, to, clusterId }: Asked,
): Promise<PayrollLine[] | Refused<'datesCrossed' | 'unknown'>> {
  const days = dayNumber(to) - dayNumber(from) + 1
  if (!(days >= 1 && days <= LONGEST_DAYS)) return refused('datesCrossed')
  const mine = (await clustersOf(db, reader.tenant)).filter((cluster) => leads(reader, 'payroll.read', cluster))
  const asked = clusterId === undefined ? mine : mine.filter(({ id }) => id === clusterId)
  if (asked.length === 0) return refused('unknown')
  return linesOf(db, reader.tenant, { from, to, days }, asked)
}

async function linesOf(
  db: DbOrTx,
  tenant: string,
  { from, to, days }: { from: string; to: string; days: number },
  clusters: readonly DutyCluster[],
): Promise<PayrollLine[]> {
  const ids = clusters.map(({ id }) => id)
  const worked = await db
    .select()
    .from(dutyShifts)
    .where(
      and(
        eq(dutyShifts.tenant, tenant),
        eq(dutyShifts.status, 'ended'),
        gte(dutyShifts.day, from),
        lte(dutyShifts.day, to),
      ),
    )
  // A shift worked in another cluster is the person's all the same: paid where the person belongs.
  const { problem } = await periodProblem(db, tenant, { firstDay: from, days, clusterIds: ids })
  const nights = new Set(problem.shifts.filter(({ isNight }) => isNight).map(({ id }) => id))
  const all = { ...problem, clusters: [...problem.clusters, ...othersIn(problem.clusters, worked)] }
  const entries = worked.map(entryOf)
  return problem.people
    .filter(({ clusterIds }) => ids.includes(clusterIds[0] ?? ''))
    .flatMap((person): PayrollLine[] => {
      const own = worked.filter(({ unitId }) => unitId === person.id)
      if (own.length === 0) return []
      const minutes = hoursByKind(all, entries, person.id)
      const atNight = own
        .filter(({ kind }) => nights.has(kind))
        .reduce((sum, { countedMinutes }) => sum + countedMinutes, 0)
      return [
        {
          ...{
            unitId: person.id,
            callsign: person.callsign,
            clusterId: person.clusterIds[0] ?? '',
            shifts: own.length,
          },
          ordinaryMinutes: Math.round(minutes.ordinary),
          overtimeMinutes: Math.round(minutes.overtime),
          restDayMinutes: Math.round(minutes.restDay),
          holidayMinutes: Math.round(minutes.holiday),
          nightMinutes: atNight,
        },
      ]
    })
}

function othersIn(known: readonly { id: string }[], worked: readonly { clusterId: string }[]) {
  const ids = new Set(known.map(({ id }) => id))
  const others = [...new Set(worked.map(({ clusterId }) => clusterId))].filter((id) => !ids.has(id))
  return others.map((id) => ({
    id,
    name: id,
    lng: 0,
    lat: 0,
    demand: [],
    mostAtOnce: null,
    reliefs: 0,
    handoverMinutes: 0,
  }))
}
