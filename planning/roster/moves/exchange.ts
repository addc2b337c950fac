import { type Random, wholeBetween } from '#domain/random.ts'
import type { Duty } from '#domain/roster/frame.ts'
import type { Days, Member } from '#planning/roster/board.ts'
import type { Choices } from '#planning/roster/choices.ts'
import { type Move, moveOf } from './move.ts'

const LONGEST = 7

/** Two people exchange a stretch of days, as far as each may do what the other did. */
export function exchange(random: Random, one: [Member, Choices], other: [Member, Choices]): Move | null {
  const [mine, theirs] = [one[0].on, other[0].on]
  const from = wholeBetween(random, 0, mine.length - 1)
  const until = from + wholeBetween(random, 1, LONGEST)
  const swapped = (own: Days, given: Days, choices: Choices): Days =>
    own.map((duty, day) => (day >= from && day < until ? likeIn(choices, day, given[day] ?? null) : duty))
  const next: [Days, Days] = [swapped(mine, theirs, one[1]), swapped(theirs, mine, other[1])]
  return moveOf([
    [one[0], next[0]],
    [other[0], next[1]],
  ])
}

/** The same shift in the same cluster, as this person would do it; off duty where it is no choice. */
export const likeIn = (choices: Choices, day: number, duty: Duty | null): Duty | null =>
  choices[day]?.find((choice) => choice.duty.shift === duty?.shift && choice.duty.cluster === duty.cluster)?.duty ??
  null
