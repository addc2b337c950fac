import { type Random, wholeBetween } from '#domain/random.ts'
import type { Member } from '#planning/roster/board.ts'
import type { Choices } from '#planning/roster/choices.ts'
import { likeIn } from './exchange.ts'
import { type Move, moveOf } from './move.ts'

const LONGEST = 5

/** Somebody's shifts of a few days go to another who is off duty then. */
export function giveAway(random: Random, giver: Member, taker: [Member, Choices]): Move | null {
  const from = wholeBetween(random, 0, giver.on.length - 1)
  const days = Array.from({ length: wholeBetween(random, 1, LONGEST) }, (_, n) => from + n)
  const given = days.flatMap((day) => {
    const duty = giver.on[day] && taker[0].on[day] === null ? likeIn(taker[1], day, giver.on[day]) : null
    return duty ? [[day, duty] as const] : []
  })
  if (given.length === 0) return null
  const [less, more] = [[...giver.on], [...taker[0].on]]
  for (const [day, duty] of given) {
    less[day] = null
    more[day] = duty
  }
  return moveOf([
    [giver, less],
    [taker[0], more],
  ])
}
