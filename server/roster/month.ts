import { refused } from '#domain/refusal.ts'
import { dayNumber, daysFrom } from '#domain/roster/days.ts'
import { holidaysFrom } from '#domain/roster/holidays.ts'
import type { Shop } from '#server/serving.ts'
import type { RosterMonth } from '#wire/roster-shapes.ts'
import { rosterMonth } from '#wire/routes/rosters.ts'
import { clustersOf, kindsOf, leads } from './clusters.ts'
import { peopleOf, servesOneOf } from './people.ts'
import { heldShifts } from './problem.ts'

/** RP11: a month of what is published as one sheet, for the wall. */
export function monthRoutes({ db, serve }: Shop): void {
  serve(
    rosterMonth,
    async ({ tenant, reader, query, now }): Promise<RosterMonth | ReturnType<typeof refused<'unknown'>>> => {
      const { month, clusterId } = query
      const clusters = (await clustersOf(db, tenant)).filter(
        (cluster) => leads(reader, 'roster.read', cluster) && (clusterId === undefined || cluster.id === clusterId),
      )
      if (clusters.length === 0) return refused('unknown')
      const firstDay = `${month}-01`
      const days = daysFrom(firstDay, 31).filter((day) => day.startsWith(month))
      const holidays = new Set(holidaysFrom(firstDay, days.length))
      const ids = new Set(clusters.map(({ id }) => id))
      const shifts = (await heldShifts(db, tenant, { firstDay, days: days.length })).filter((shift) =>
        ids.has(shift.clusterId),
      )
      const byUnit = Map.groupBy(shifts, ({ unitId }) => unitId ?? '')
      const people = (await peopleOf(db, tenant)).filter(({ person }) => servesOneOf(person, clusters))
      return {
        month,
        days: days.map((day) => ({
          day,
          weekday: ((((dayNumber(day) + 3) % 7) + 7) % 7) + 1,
          isHoliday: holidays.has(day),
        })),
        kinds: await kindsOf(db, tenant),
        clusters,
        people: people.map(({ unit, person }) => {
          const own = byUnit.get(unit.id) ?? []
          return {
            unitId: unit.id,
            callsign: unit.callsign,
            clusterId: person.clusterIds[0] ?? '',
            cells: days.map((day) => own.find((shift) => shift.day === day)?.kind ?? null),
            minutes: own.reduce((sum, { countedMinutes }) => sum + countedMinutes, 0),
          }
        }),
        printedAt: now,
      }
    },
  )
}
