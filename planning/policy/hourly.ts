import { HOUR_MS, type Instant } from '#domain/instant.ts'
import { isOnDuty, moverOf } from './fleet.ts'
import type { Pace, SimUnit } from './model.ts'

type Span = readonly [from: Instant, to: Instant]

/** The local hour of the day (0–23) of a moment. */
export type HourOf = (at: Instant) => number

/** Hours of a recording, by the whole hour. */
function* hoursOf([from, to]: Span): Generator<Instant> {
  for (let at = Math.floor(from / HOUR_MS) * HOUR_MS; at < to; at += HOUR_MS) yield at
}

/** Mean number of units on duty in each local hour of the day, looked at in the middle of each. */
export function onDutyByHour(units: readonly SimUnit[], span: Span, hourOf: HourOf): number[] {
  const movers = units.map((unit) => moverOf(unit, NOBODY))
  const [sums, times] = [new Array<number>(24).fill(0), new Array<number>(24).fill(0)]
  for (const at of hoursOf(span)) {
    const hour = hourOf(at)
    times[hour] = (times[hour] as number) + 1
    const onDuty = movers.filter((mover) => isOnDuty(mover, at + HOUR_MS / 2)).length
    sums[hour] = (sums[hour] as number) + onDuty
  }
  return sums.map((sum, hour) => (times[hour] ? sum / (times[hour] as number) : 0))
}

/** A unit is only asked whether it is on duty: how it travels does not matter. */
const NOBODY: Pace = {
  turnoutMs: 0,
  turnoutSpread: 0,
  speedKmh: 1,
  speedSpread: 0,
  shared: 0,
  kind: 'crew',
  mode: 'foot',
}

/**
 * PY9: a roster that has so many of the units on duty in each local hour. Who was on duty longest comes first, so that a unit keeps as much of
 * its own shift as the counts allow; where more are asked for than there are, all are on.
 */
export function rosterOf(
  units: readonly SimUnit[],
  counts: readonly number[],
  span: Span,
  hourOf: HourOf,
): Map<string, Span[]> {
  const roster = new Map<string, [Instant, Instant][]>(units.map(({ id }) => [id, []]))
  const movers = units.map((unit) => moverOf(unit, NOBODY))
  for (const at of hoursOf(span)) {
    const wanted = Math.round(counts[hourOf(at)] ?? 0)
    const middle = at + HOUR_MS / 2
    const ranked = movers.toSorted(
      (a, b) => Number(isOnDuty(b, middle)) - Number(isOnDuty(a, middle)) || (a.unit.id < b.unit.id ? -1 : 1),
    )
    for (const { unit } of ranked.slice(0, wanted)) extend(roster.get(unit.id) as [Instant, Instant][], at)
  }
  return roster
}

function extend(spans: [Instant, Instant][], at: Instant): void {
  const last = spans.at(-1)
  if (last && last[1] === at) last[1] = at + HOUR_MS
  else spans.push([at, at + HOUR_MS])
}
