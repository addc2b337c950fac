import { between, type Random } from '#domain/random.ts'
import type { Duty } from '#domain/roster/frame.ts'
import { bestDays } from './best-days.ts'
import { type Board, change, type Days, eachHurt, isLess, type Member, onDuty, ownToll, type Toll } from './board.ts'
import type { Choices } from './choices.ts'
import { pricesOf } from './prices.ts'

export interface Asked {
  choices: Choices
  /** Prices are moved by up to this share, so that another way may win. */
  noise?: { random: Random; share: number }
}

/** The days of somebody who does nothing that the search could change. */
export const dayless = ({ on }: Member): Days => on.map(() => null)

/** Somebody's best days while all others stay; what that does to the whole. Kept if it is no worse, or else taken back (null). */
export function planOne(board: Board, member: Member, asked: Asked): Toll | null {
  const before = member.on
  const away = change(board, member, dayless(member))
  const next = daysFor(board, member, asked)
  const back = change(board, member, next)
  const toll = { breaks: away.breaks + back.breaks, points: away.points + back.points }
  if (!isLess({ breaks: 0, points: 0 }, toll)) return toll
  change(board, member, before)
  return null
}

/** The best days for somebody who stands off duty on the board, as the prices tell it. */
export function daysFor(board: Board, member: Member, { choices, noise }: Asked): Days {
  const prices = pricesOf(board, member, choices)
  if (noise) for (const ofDay of prices) for (const n of ofDay.keys()) ofDay[n] = moved(ofDay[n] as number, noise)
  const [days = dayless(member)] = bestDays(board, member, { choices, prices })
  return lawful(board, member, days, (duty) => {
    const n = choices[duty.day]?.findIndex((choice) => choice.duty === duty) ?? -1
    return prices[duty.day]?.[n] ?? 0
  })
}

/** A month or a cycle may hold less than its weeks: the least useful shifts of it are given up until every rule is kept. */
function lawful(board: Board, member: Member, days: Days, priceOf: (duty: Duty) => number): Days {
  const least = ownToll(board, member, dayless(member)).breaks
  const kept = [...days]
  while (ownToll(board, member, kept).breaks > least) {
    const month = brokenMonth(board, member, kept)
    const there = onDuty(kept)
    const inMonth = there.filter(({ day }) => board.frame.at(day).month === month)
    const given = (inMonth.length > 0 ? inMonth : there).toSorted((a, b) => priceOf(b) - priceOf(a))[0]
    if (!given) break
    kept[given.day] = null
  }
  return kept
}

/** Of the first hard rule that is broken. */
function brokenMonth(board: Board, member: Member, days: Days): number | null {
  let month: number | null = null
  eachHurt(board, member, days, ({ isHard }, day) => {
    if (isHard) month ??= board.frame.at(Math.max(0, day)).month
  })
  return month
}

const moved = (price: number, { random, share }: NonNullable<Asked['noise']>): number =>
  price + Math.abs(price) * between(random, -share, share)
