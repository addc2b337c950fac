import { dayless } from './best-for-one.ts'
import { change, type Days, isLess } from './board.ts'
import { allDays } from './choices.ts'
import type { Search } from './search.ts'
import { chooseWays, type WaysOfOne } from './ways.ts'

/** A problem so small that every way of everybody is written down. */
const MOST_WAYS = 3_000

/** RH6: where it fits, all at once, proved: every way of spending the days of everybody, and one chosen for each. */
export async function exactly(search: Search): Promise<boolean> {
  const { board, members, pace, seed } = search
  // Cover that a city has made hard may be out of reach; what comes nearest is the search's to find.
  if (board.forces.cluster.some(({ isHard, key }) => isHard && key !== 'crowd')) return false
  if (board.forces.fair.some(({ isHard }) => isHard)) return false
  // Nothing is left to choose.
  if (members.length === 0) return true
  const people: WaysOfOne[] = []
  let count = 0
  for (const member of members) {
    const ways = allDays(board, member, search.choicesOf(member), MOST_WAYS - count)
    if (!ways) return false
    count += ways.length
    people.push({ member, ways })
  }
  const before = members.map((member): Days => member.on)
  const total = { ...board.total }
  for (const member of members) change(board, member, dayless(member))
  const chosen = await chooseWays(board, people, { seed, seconds: pace.secondsLeft() })
  const isBetter = (days: readonly Days[]) => {
    for (const [n, member] of members.entries()) change(board, member, days[n] ?? dayless(member))
    return !isLess(total, board.total)
  }
  if (chosen && isBetter(chosen.days)) return chosen.isProved
  for (const [n, member] of members.entries()) change(board, member, before[n] ?? dayless(member))
  return false
}
