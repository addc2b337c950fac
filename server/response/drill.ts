import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '#db/connect.ts'
import { tickets } from '#db/schema/tickets.ts'
import type { Grant } from '#domain/access.ts'
import type { Exclusion } from '#domain/response.ts'
import type { Question } from '#domain/response-question.ts'
import type { ResponseTicket } from '#wire/routes/response.ts'
import { codeColumnOf, codeOf, exclusionOf, msOf } from './columns.ts'
import type { CopyReading } from './response.ts'
import { filterCondition, isIncluded, scopeCondition } from './statements.ts'

interface AskedTickets {
  question: Question
  grants: readonly Grant[]
  /** Null: those that are in the figure. */
  excluded: Exclusion | null
  offset: number
  limit: number
}

export interface Found {
  n: number
  rows: Omit<ResponseTicket, 'id'>[]
}

/** RT12: the tickets a figure is made of, slowest first, or those left out for one reason, newest first. */
export async function ticketsBehind(reading: CopyReading, asked: AskedTickets): Promise<Found | null> {
  const { question, grants, excluded, offset, limit } = asked
  const { facts, words, columns } = reading
  const { metric } = question
  const filter = filterCondition(question, words)
  if (filter === null) return null
  const those = excluded === null ? isIncluded(metric) : `${codeColumnOf(metric)} = ${codeOf(excluded)}`
  const where = `${scopeCondition(grants, 'response.drill', words)} and ${filter} and ${those}`
  const [[n = 0] = []] = await columns(`select count(*)::integer from ${facts} where ${where}`)
  const order = excluded === null ? `${msOf(metric)} desc, number` : 'started desc, number'
  const [numbers = [], rounds = [], started = [], ms = [], reasons = []] = await columns(
    `select number, round, started, ${msOf(metric)}, ${codeColumnOf(metric)} from ${facts}
     where ${where} order by ${order}, round limit ${limit} offset ${offset}`,
  )
  const rows = numbers.map((number, i) => ({
    number: Number(number),
    round: Number(rounds[i]),
    startedAt: Number(started[i]),
    seconds: excluded === null ? Number(ms[i]) / 1_000 : null,
    excluded: exclusionOf(Number(reasons[i])),
  }))
  return { n: Number(n), rows }
}

/** The copy knows tickets by their numbers; links are by id. */
export async function idsOf(db: Db, tenant: string, rows: readonly { number: number }[]): Promise<Map<number, string>> {
  const numbers = rows.map(({ number }) => number)
  const found = await db
    .select({ id: tickets.id, number: tickets.number })
    .from(tickets)
    .where(and(eq(tickets.tenant, tenant), inArray(tickets.number, numbers)))
  return new Map(found.map(({ id, number }) => [number, id]))
}

export async function withIds(db: Db, tenant: string, rows: Found['rows']): Promise<ResponseTicket[]> {
  const ids = await idsOf(db, tenant, rows)
  return rows.map((row) => ({ ...row, id: ids.get(row.number) ?? '' }))
}
