import { type Board, change, type Days, isLess, type Member, ownToll, type Toll } from '#planning/roster/board.ts'

/** Some people's days at once, those of each in place of what is there. */
export interface Move {
  /** It touches only what is free and breaks no rule of the people it moves. */
  isValid(board: Board): boolean
  /** What it does to the whole; the board is as before. */
  gain(board: Board): Toll
  apply(board: Board): void
}

export type Change = readonly [member: Member, days: Days]

export function moveOf(changes: readonly Change[]): Move {
  const put = (board: Board, all: readonly Change[]): Toll => {
    const sum = { breaks: 0, points: 0 }
    for (const [member, days] of all) {
      const { breaks, points } = change(board, member, days)
      sum.breaks += breaks
      sum.points += points
    }
    return sum
  }
  return {
    isValid: (board) =>
      changes.every(
        ([member, days]) =>
          days.every((duty, day) => duty === member.on[day] || member.isFree[day] === 1) &&
          ownToll(board, member, days).breaks <= member.toll.breaks,
      ),
    gain(board) {
      const before = changes.map(([member]): Change => [member, member.on])
      const toll = put(board, changes)
      put(board, before.toReversed())
      return toll
    },
    apply: (board) => void put(board, changes),
  }
}

/** Makes a move that makes nothing worse; whether it was made. */
export function tryMove(board: Board, move: Move | null): boolean {
  if (!move?.isValid(board) || isLess({ breaks: 0, points: 0 }, move.gain(board))) return false
  move.apply(board)
  return true
}
