import type { Random } from '#domain/random.ts'
import type { RosterEntry } from '#domain/roster/model.ts'
import type { Board, Member } from './board.ts'
import type { Choices } from './choices.ts'
import type { Pace } from './pace.ts'

export interface RosterNews {
  seconds: number
  steps: number
  phase: 'bound' | 'construct' | 'search'
  breaks: number
  points: number
  bound: number
  /** Only with a roster that is better than the last one told. */
  entries: RosterEntry[] | null
}

/** A search under way. */
export interface Search {
  board: Board
  random: Random
  pace: Pace
  seed: number
  /** Who has anything to choose. */
  members: Member[]
  choicesOf(member: Member): Choices
  tell(phase: RosterNews['phase']): void
  /** The points that nothing can be below. */
  least: number
}
