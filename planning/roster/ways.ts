import type { Duty } from '#domain/roster/frame.ts'
import { type MipAnswer, solveMip } from '#planning/mip/mip.ts'
import { ModelBuilder } from '#planning/mip/model.ts'
import { type Board, type Days, type Member, onDuty, ownToll, sharesOf } from './board.ts'
import { coverRows, fairRows, handoverRows, reliefRows } from './way-rows.ts'

/** Somebody who stands off duty on the board, and the ways the free days could be spent, of which one is to be chosen. */
export interface WaysOfOne {
  member: Member
  ways: readonly Days[]
}

export interface Chosen {
  /** For each of the people given. */
  days: Days[]
  /** Nothing better can be made of these ways. */
  isProved: boolean
}

/** One way in the programme: 1 = it is chosen. */
export interface Way {
  member: Member
  days: Days
  duties: Duty[]
  points: number
  shares: number[]
  entries: [row: number, value: number][]
}

/** What may be missed, or is counted, at a price. */
export interface Slack {
  cost: number
  upper: number
  isInteger: boolean
  entries: [row: number, value: number][]
}

export interface Programme {
  board: Board
  model: ModelBuilder
  ways: Way[]
  slacks: Slack[]
}

/**
 * RH5: one way for each of these people, so that their own points and all that the clusters and fair shares cost are least: a small
 * mixed-integer programme. A way's own points are what the rules themselves say of it.
 */
export async function chooseWays(
  board: Board,
  people: readonly WaysOfOne[],
  options: { nodes?: number; seed: number; seconds: number },
): Promise<Chosen | null> {
  const model = new ModelBuilder()
  const plans = people.map(({ member, ways }) => {
    const row = model.row(1, 1)
    return ways.map((days) => wayOf(board, member, days, row))
  })
  const programme: Programme = { board, model, ways: plans.flat(), slacks: [] }
  coverRows(programme)
  reliefRows(programme)
  handoverRows(programme)
  fairRows(programme)
  for (const { points, entries } of programme.ways)
    addColumn(model, { cost: points, upper: 1, isInteger: true, entries })
  for (const slack of programme.slacks) addColumn(model, slack)
  return read(await solveMip(model.done(), options), plans)
}

function wayOf(board: Board, member: Member, days: Days, row: number): Way {
  const { points } = ownToll(board, member, days)
  return { member, days, duties: onDuty(days), points, shares: sharesOf(board, member, days), entries: [[row, 1]] }
}

function addColumn(model: ModelBuilder, { cost, upper, isInteger, entries }: Slack): void {
  model.column({ cost, upper, isInteger })
  for (const [row, value] of entries) model.entry(row, value)
}

function read({ x, status }: MipAnswer, plans: readonly (readonly Way[])[]): Chosen | null {
  if (!x) return null
  let at = 0
  const days = plans.map((ofOne) => {
    const chosen = ofOne.find((_, n) => (x[at + n] as number) > 0.5) ?? ofOne[0]
    at += ofOne.length
    return chosen?.days ?? []
  })
  return { days, isProved: status === 'optimal' }
}
