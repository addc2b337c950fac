import { type LinearModel, ModelBuilder } from '#planning/mip/model.ts'
import { OFF, type Person, type Roster } from './model.ts'
import type { Problem } from './problem.ts'

/**
 * The whole problem as one mixed-integer programme, after Curtois and Qu (2014): a column for each person, day and shift that
 * may be, rows for the rules. The plain way, and a proof where problems are small.
 */
export interface Compact {
  model: LinearModel
  rosterOf(x: Float64Array): Roster
}

interface Entry {
  column: number
  value: number
}

/** Rows of one person, found while the columns are not there yet. */
class Rows {
  readonly low: number[] = []
  readonly high: number[] = []
  readonly of: { row: number; value: number }[][] = []

  add(low: number, high: number, entries: readonly Entry[]): void {
    const row = this.low.push(low) - 1
    this.high.push(high)
    for (const { column, value } of entries) {
      this.of[column] ??= []
      this.of[column].push({ row, value })
    }
  }
}

const INFINITY = Number.POSITIVE_INFINITY

export function makeCompact(problem: Problem): Compact {
  const { model, people, cells, days, shifts, cost } = problem
  const columnOf = new Int32Array(people * cells).fill(-1)
  let columns = 0
  for (let at = 0; at < columnOf.length; at++) if (cost[at] !== INFINITY) columnOf[at] = columns++
  const weekends = new Set(model.weekendOf.filter((weekend) => weekend >= 0)).size
  const firstWeekend = columns
  const firstMiss = firstWeekend + people * weekends
  const rows = new Rows()
  const shared = { problem, columnOf, rows, weekends, firstWeekend }
  for (const [person, one] of model.people.entries()) {
    const worked = Array.from({ length: days }, (_, day) => workOf(shared, person, day))
    ruleDays(rows, one, worked)
    ruleShifts(shared, one, person)
    ruleWeekends(shared, one, person, worked)
  }
  for (const [at, { day, shift, need }] of model.cover.entries()) {
    const given = model.people.map((_, person) => columnOf[person * cells + day * shifts + shift] as number)
    const misses = [1, -1].map((value, side) => ({ column: firstMiss + at * 2 + side, value }))
    rows.add(need, need, [...given.filter((column) => column >= 0).map((column) => ({ column, value: 1 })), ...misses])
  }
  const builder = builderOf(shared, rows)
  return { model: builder.done(), rosterOf: (x) => readRoster(problem, columnOf, x) }
}

interface Shared {
  problem: Problem
  columnOf: Int32Array
  rows: Rows
  weekends: number
  firstWeekend: number
}

function builderOf({ problem, columnOf, weekends }: Shared, { low, high, of }: Rows): ModelBuilder {
  const builder = new ModelBuilder()
  for (const [row, each] of low.entries()) builder.row(each, high[row] as number)
  const column = (cost: number, upper: number, isInteger: boolean) => {
    const index = builder.column({ cost, upper, isInteger })
    for (const { row, value } of of[index] ?? []) builder.entry(row, value)
  }
  for (const [at, index] of columnOf.entries()) if (index >= 0) column(problem.cost[at] as number, 1, true)
  for (let weekend = 0; weekend < problem.people * weekends; weekend++) column(0, 1, true)
  for (const { under, over } of problem.model.cover) {
    column(under, INFINITY, false)
    column(over, INFINITY, false)
  }
  return builder
}

function workOf({ problem: { cells, shifts }, columnOf }: Shared, person: number, day: number): number[] {
  const columns: number[] = []
  for (let shift = 0; shift < shifts; shift++) {
    const column = columnOf[person * cells + day * shifts + shift] as number
    if (column >= 0) columns.push(column)
  }
  return columns
}

const times = (columns: readonly number[], value: number): Entry[] => columns.map((column) => ({ column, value }))

/** One shift a day, and how long runs of work and rest may and must be. */
function ruleDays(rows: Rows, { minRun, maxRun, minOff }: Person, worked: readonly number[][]): void {
  const days = worked.length
  for (const columns of worked) if (columns.length > 1) rows.add(-INFINITY, 1, times(columns, 1))
  for (let from = 0; from + maxRun < days; from++)
    rows.add(-INFINITY, maxRun, times(worked.slice(from, from + maxRun + 1).flat(), 1))
  const ends = (from: number, length: number) => times([worked[from], worked[from + length + 1]].flat() as number[], 1)
  const between = (from: number, length: number) => times(worked.slice(from + 1, from + length + 1).flat(), -1)
  for (let length = 1; length < minRun; length++)
    for (let from = 0; from + length + 1 < days; from++)
      rows.add(1 - length, INFINITY, [...ends(from, length), ...between(from, length)])
  for (let length = 1; length < minOff; length++)
    for (let from = 0; from + length + 1 < days; from++)
      rows.add(-INFINITY, 1, [...ends(from, length), ...between(from, length)])
}

/** Hours, the most of each shift, and what may follow what. */
function ruleShifts({ problem, columnOf, rows }: Shared, one: Person, person: number): void {
  const { model, cells, shifts, days } = problem
  const at = (day: number, shift: number) => columnOf[person * cells + day * shifts + shift] as number
  const minutes: Entry[] = []
  for (let cell = 0; cell < cells; cell++) {
    const column = columnOf[person * cells + cell] as number
    if (column >= 0) minutes.push({ column, value: model.shifts[cell % shifts]?.minutes ?? 0 })
  }
  rows.add(one.minMinutes, one.maxMinutes, minutes)
  for (const [shift, { notNext }] of model.shifts.entries()) {
    const all = Array.from({ length: days }, (_, day) => at(day, shift))
    const most = one.maxOf[shift] as number
    if (most < days)
      rows.add(
        -INFINITY,
        most,
        times(
          all.filter((column) => column >= 0),
          1,
        ),
      )
    for (let day = 0; day + 1 < days && notNext.length > 0; day++) {
      const next = notNext.map((other) => at(day + 1, other)).filter((column) => column >= 0)
      if ((all[day] as number) >= 0 && next.length > 0) rows.add(-INFINITY, 1, times([all[day] as number, ...next], 1))
    }
  }
}

function ruleWeekends(
  { problem, rows, weekends, firstWeekend }: Shared,
  one: Person,
  person: number,
  worked: number[][],
): void {
  const { weekendOf } = problem.model
  const numbers = [...new Set(weekendOf.filter((weekend) => weekend >= 0))]
  const first = firstWeekend + person * weekends
  for (const [day, weekend] of weekendOf.entries())
    if (weekend >= 0 && (worked[day] as number[]).length > 0) {
      const column = first + numbers.indexOf(weekend)
      rows.add(-INFINITY, 0, [...times(worked[day] as number[], 1), { column, value: -1 }])
    }
  const all = Array.from({ length: weekends }, (_, at) => first + at)
  if (one.maxWeekends < weekends) rows.add(-INFINITY, one.maxWeekends, times(all, 1))
}

function readRoster({ people, cells, days, shifts }: Problem, columnOf: Int32Array, x: Float64Array): Roster {
  const roster = new Int16Array(people * days).fill(OFF)
  for (const [at, column] of columnOf.entries())
    if (column >= 0 && (x[column] as number) > 0.5)
      roster[Math.floor(at / cells) * days + Math.floor((at % cells) / shifts)] = at % shifts
  return roster
}
