import { pick, type Random } from '#domain/random.ts'
import type { Member } from '#planning/roster/board.ts'
import type { Choices } from '#planning/roster/choices.ts'
import { type Move, moveOf } from './move.ts'

/** Somebody does something else on one day, or nothing. */
export function oneDay(random: Random, member: Member, choices: Choices): Move | null {
  const day = Math.floor(random() * member.on.length)
  const others = [null, ...(choices[day] ?? []).map(({ duty }) => duty)].filter((duty) => duty !== member.on[day])
  return others.length === 0 ? null : moveOf([[member, member.on.with(day, pick(random, others))]])
}
