import { pick, type Random, shuffled, wholeBetween } from '#domain/random.ts'
import { dayless, daysFor, planOne } from './best-for-one.ts'
import { type Board, change, type Days, isLess, type Member } from './board.ts'
import type { Search } from './search.ts'

const MOST_PEOPLE = 5
const MOST_NOISE = 0.3

/** A few people who can stand in for each other taken off together and planned anew, in a drawn order at prices moved a little; kept if no worse. */
export function replan(search: Search): void {
  const { board, random } = search
  const people = someTogether(search, wholeBetween(random, 2, MOST_PEOPLE))
  const before = people.map((member): Days => member.on)
  const total = { ...board.total }
  for (const member of people) change(board, member, dayless(member))
  const share = random() * MOST_NOISE
  for (const member of people)
    change(board, member, daysFor(board, member, { choices: search.choicesOf(member), noise: { random, share } }))
  for (const member of people) planOne(board, member, { choices: search.choicesOf(member) })
  if (!isLess(total, board.total)) return
  for (const [n, member] of people.entries()) change(board, member, before[n] ?? dayless(member))
}

/** People of one cluster, where it hurts most of the time. */
export function someTogether({ board, random, members }: Search, count: number): Member[] {
  const id = board.frame.problem.clusters[sorestOf(board, random)]?.id
  const serving = members.filter(({ person }) => person.clusterIds.includes(id ?? ''))
  const pool = serving.length > 0 ? serving : members
  return shuffled(random, pool).slice(0, count)
}

const DRAWN_OF = 3

/** Of a few clusters drawn the one that costs most. */
function sorestOf({ dayToll, frame }: Board, random: Random): number {
  const { days, clusters } = frame.problem
  const drawn = Array.from({ length: DRAWN_OF }, () => pick(random, clusters)).map((one) => clusters.indexOf(one))
  const sore = (cluster: number) =>
    dayToll.slice(cluster * days, (cluster + 1) * days).reduce((sum, { points }) => sum + points, 0)
  return drawn.reduce((worst, one) => (sore(one) > sore(worst) ? one : worst))
}
