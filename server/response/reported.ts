import { DAY_MS, type Instant } from '#domain/instant.ts'
import type { Category } from '#domain/ticket.ts'
import type { CopyReading } from './response.ts'

export interface ReportedFound {
  byCommunity: Map<string, number>
  reports: number
  /** From the first ticket there is, within what was asked. */
  days: number
}

/** How many first reports of some categories each community has had since a moment, from the fast copy. */
export async function reportedSince(
  { facts, words, columns }: CopyReading,
  categories: readonly Category[],
  since: Instant,
  now: Instant,
): Promise<ReportedFound> {
  const ids = categories.map((category) => words.find(category)).join(', ')
  const [keys = [], counts = []] = await columns(
    `select community, count(*) from ${facts} where round = 1 and started >= ${since} and category in (${ids}) and community is not null group by community`,
  )
  const [firsts = []] = await columns(`select min(started) from ${facts}`)
  const first = firsts[0] === null || firsts[0] === undefined ? now : Number(firsts[0])
  const byCommunity = new Map(keys.map((key, i) => [words.wordOf(Number(key)), Number(counts[i])]))
  const reports = [...byCommunity.values()].reduce((sum, n) => sum + n, 0)
  return { byCommunity, reports, days: Math.max(0, now - Math.max(first, since)) / DAY_MS }
}
