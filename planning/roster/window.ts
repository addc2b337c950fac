import { between, type Random, shuffled, wholeBetween } from '#domain/random.ts'
import { bestDays } from './best-days.ts'
import { dayless } from './best-for-one.ts'
import { change, type Days, isLess, type Member, ownToll } from './board.ts'
import type { Choices } from './choices.ts'
import { pricesOf } from './prices.ts'
import { someTogether } from './replan.ts'
import type { Search } from './search.ts'
import { chooseWays } from './ways.ts'

const PEOPLE = 4
const WINDOW_DAYS = 7
/** Each time somebody is planned at prices moved by another draw, and so many ways are kept of it. */
const DRAWS = 6
const WAYS_A_DRAW = 12
/** Enough for such a programme; it is repeatable, seconds are not. */
const NODES = 200
/** Only what has got out of hand meets it. */
const MOST_SECONDS = 10
const NOISE = 0.5

/** A few people, a week: the ways each could spend it, and of them the best together, by a small programme. Kept if no worse. */
export async function replanWindow(search: Search): Promise<void> {
  const { board, random, seed, pace } = search
  const people = someTogether(search, PEOPLE)
  const from = wholeBetween(random, 0, Math.max(0, board.frame.problem.days - WINDOW_DAYS))
  const before = people.map((member): Days => member.on)
  const total = { ...board.total }
  const choices = people.map((member) => within(search.choicesOf(member), member, from))
  const ways = waysOf(search, people, choices, from)
  for (const member of people) change(board, member, dayless(member))
  const given = people.map((member, n) => ({ member, ways: ways[n] ?? [] }))
  const seconds = Math.min(MOST_SECONDS, pace.secondsLeft())
  const chosen = await chooseWays(board, given, { nodes: NODES, seed, seconds })
  for (const [n, member] of people.entries()) change(board, member, (chosen?.days ?? before)[n] ?? dayless(member))
  if (!isLess(total, board.total)) return
  for (const [n, member] of people.entries()) change(board, member, before[n] ?? dayless(member))
}

/** Outside the window what is there is the only choice. */
const within = (choices: Choices, { on }: Member, from: number): Choices =>
  choices.map((ofDay, day) =>
    day >= from && day < from + WINDOW_DAYS ? ofDay : ofDay.filter(({ duty }) => duty === on[day]),
  )

/** Of each, the days as they are and those that prices moved this way and that make best, others standing in turn. */
function waysOf(search: Search, people: readonly Member[], choices: readonly Choices[], from: number): Days[][] {
  const { board, random } = search
  const found = people.map((member) => new Map([[keyOf(member.on), member.on]]))
  const before = people.map(({ on }) => on)
  const least = people.map((member) => ownToll(board, member, member.on).breaks)
  for (let draw = 0; draw < DRAWS; draw++) {
    for (const member of people) change(board, member, dayless(member))
    for (const n of shuffled(random, [...people.keys()])) {
      const [member, ofOne] = [people[n] as Member, choices[n] as Choices]
      const prices = pricesOf(board, member, ofOne)
      for (const [day, ofDay] of prices.entries()) move(random, ofDay, day >= from && day < from + WINDOW_DAYS)
      const ways = bestDays(board, member, { choices: ofOne, prices, wanted: WAYS_A_DRAW })
      for (const days of ways)
        if (ownToll(board, member, days).breaks <= (least[n] as number)) found[n]?.set(keyOf(days), days)
      change(board, member, ways[0] ?? (before[n] as Days))
    }
  }
  for (const [n, member] of people.entries()) change(board, member, before[n] as Days)
  return found.map((ofOne) => [...ofOne.values()])
}

/** What stands outside the window is taken before anything else. */
const STAYS = -1e7

function move(random: Random, prices: Float64Array, isWithin: boolean): void {
  for (const n of prices.keys())
    prices[n] = isWithin ? (prices[n] as number) * (1 + between(random, -NOISE, NOISE)) : STAYS
}

const keyOf = (days: Days): string => days.map((duty) => (duty ? `${duty.shift.id}/${duty.cluster}` : '')).join()
