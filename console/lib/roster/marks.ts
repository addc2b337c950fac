import { dayNumber, daysFrom } from '#domain/roster/days.ts'
import type { LocalDay } from '#domain/roster/model.ts'
import type { RosterCard } from '#wire/roster-shapes.ts'

/** What is known of somebody's days beside the roster. */
export interface Marks {
  leave: ReadonlySet<LocalDay>
  wishes: ReadonlyMap<LocalDay, 'on' | 'off'>
  fixed: ReadonlySet<LocalDay>
}

export const NO_MARKS: Marks = { leave: new Set(), wishes: new Map(), fixed: new Set() }

export function marksIn({ people, leaves, wishes, fixed }: RosterCard): Map<string, Marks> {
  const leaveOf = Map.groupBy(leaves, ({ unitId }) => unitId)
  const wishesOf = Map.groupBy(wishes, ({ unitId }) => unitId)
  const fixedOf = Map.groupBy(fixed, ({ unitId }) => unitId)
  return new Map(
    people.map(({ unitId }) => [
      unitId,
      {
        leave: new Set(
          (leaveOf.get(unitId) ?? []).flatMap(({ from, until }) =>
            daysFrom(from, dayNumber(until) - dayNumber(from) + 1),
          ),
        ),
        wishes: new Map((wishesOf.get(unitId) ?? []).map(({ day, wants }) => [day, wants])),
        fixed: new Set((fixedOf.get(unitId) ?? []).map(({ day }) => day)),
      },
    ]),
  )
}
