import { call, type Told } from '#console/lib/api.ts'
import { monthSpan, monthsUntil } from '#console/lib/response/months.ts'
import { session } from '#console/lib/session.svelte.ts'
import type { Calendar } from '#domain/calendar.ts'
import type { Instant } from '#domain/instant.ts'
import type { Route } from '#wire/route.ts'
import { responseBreaches, responseRanking } from '#wire/routes/ranking.ts'
import { ratings } from '#wire/routes/ratings.ts'
import { responseRates, responseTimes } from '#wire/routes/response.ts'

/** Hexagons of five square kilometres: a city on one sheet. */
const GRID = 'h3:7'

type AnswerOf<R extends Route> = Extract<Told<R>, { ok: true }>['answer']

/** Everything that one month's report says, of one moment. */
export interface MonthFigures {
  month: string
  at: Instant
  isOver: boolean
  times: AnswerOf<typeof responseTimes>
  rates: AnswerOf<typeof responseRates>
  ratesBefore: AnswerOf<typeof responseRates>
  cells: AnswerOf<typeof responseTimes>
  daily: AnswerOf<typeof responseTimes>
  dailyRates: AnswerOf<typeof responseRates>
  areas: AnswerOf<typeof responseRanking>
  firms: AnswerOf<typeof responseRanking>
  /** Null: the reader may not see them. */
  breaches: AnswerOf<typeof responseBreaches> | null
  ratings: AnswerOf<typeof ratings> | null
}

/** Asked side by side; `done` is told how many of the answers are here. The first refusal ends it. */
export async function monthFigures(
  month: string,
  now: Instant,
  calendar: Calendar,
  done: (share: number) => void,
): Promise<{ ok: true; answer: MonthFigures } | Extract<Told<Route>, { ok: false }>> {
  const span = monthSpan(month, now, calendar)
  const last = monthsUntil(span.from - 1, calendar)[0] ?? month
  const before = monthSpan(last, now, calendar)
  const beside = { beforeFrom: before.from, beforeTo: before.to }
  const asked = {
    times: call(responseTimes, { query: { ...span, ...beside } }),
    rates: call(responseRates, { query: span }),
    ratesBefore: call(responseRates, { query: before }),
    cells: call(responseTimes, { query: { ...span, by: 'cell', grid: GRID } }),
    daily: call(responseTimes, { query: { ...span, by: 'day' } }),
    dailyRates: call(responseRates, { query: { ...span, by: 'day' } }),
    areas: call(responseRanking, { query: { ...span, by: 'area', level: 'subdistrict', measure: 'p90' } }),
    firms: call(responseRanking, { query: { ...span, by: 'provider', measure: 'response' } }),
    breaches: session.can('response.drill') ? call(responseBreaches, { query: { ...span, limit: 10 } }) : null,
    ratings: session.can('pool.read') ? call(ratings, { query: { period: month } }) : null,
  }
  let here = 0
  const all = Object.entries(asked)
  const told = await Promise.all(
    all.map(async ([name, answer]) => {
      const each = await answer
      done(++here / all.length)
      return [name, each] as const
    }),
  )
  const refusal = told.find(([, each]) => each && !each.ok)?.[1]
  if (refusal && !refusal.ok) return refusal
  const answers = Object.fromEntries(told.map(([name, each]) => [name, each?.ok ? each.answer : null]))
  const facts = { month, at: now, isOver: span.to < now }
  return { ok: true, answer: { ...facts, ...answers } as unknown as MonthFigures }
}
