import type { Instant } from '#domain/instant.ts'
import { BREACH_CAUSES, type BreachCause, LEG_SHARES } from '#domain/response-causes.ts'
import type { Question } from '#domain/response-question.ts'
import type { Breach, BreachAnswer } from '#wire/routes/ranking.ts'
import { FIRST_EXCLUSION } from './columns.ts'
import { responseVerdictAt } from './rates.ts'
import type { CopyReading } from './response.ts'
import { filterCondition, type Reach, scopeCondition } from './statements.ts'

interface AskedBreaches {
  question: Question
  grants: Reach
  /** Null: all of them. */
  cause: BreachCause | null
  offset: number
  limit: number
  now: Instant
}

export type FoundBreaches = Omit<BreachAnswer, 'breaches'> & { breaches: Omit<Breach, 'id'>[] }

/** RT17: how many promises were broken and by which leg, and the broken ones, latest by most first. */
export async function breachesOf(reading: CopyReading, asked: AskedBreaches): Promise<FoundBreaches | null> {
  const { facts, words, columns } = reading
  const { question, grants, cause, offset, limit, now } = asked
  const filter = filterCondition(question, words)
  if (filter === null) return null
  const where = `${scopeCondition(grants, 'response.drill', words)} and ${filter}`
  const verdict = responseVerdictAt(now)
  const [[judged = 0] = []] = await columns(
    `select count(*)::integer from ${facts} where ${where} and ${verdict} < ${FIRST_EXCLUSION}`,
  )
  const broken = `(select *, ${CAUSE} as cause from ${facts} where ${where} and ${verdict} = 0)`
  const [found = [], counted = []] = await columns(`select cause, count(*)::integer from ${broken} group by 1`)
  const causes = found.map((at, i) => ({ cause: causeAt(at), n: Number(counted[i]) }))
  const those = cause === null ? 'true' : `cause = ${BREACH_CAUSES.indexOf(cause)}`
  const late = `coalesce(arrive_ms, ${now} - started) - (arrive_due - started)`
  const rows = await columns(
    `select number, round, started, arrive_due - started, accept_ms, depart_ms, arrive_ms, cause, subdistrict, community, provider
     from ${broken} where ${those} order by ${late} desc, number, round limit ${limit} offset ${offset}`,
  )
  const wordAt = (value: unknown) => (value === null ? null : words.wordOf(Number(value)))
  const breaches = (rows[0] ?? []).map((_, i) => {
    const row = rows.map((column) => column[i])
    const [number, round, startedAt, promise] = row.slice(0, 4).map(Number)
    return {
      number: number ?? 0,
      round: round ?? 0,
      startedAt: startedAt ?? 0,
      promise: (promise ?? 0) / 1_000,
      accepted: seconds(row[4]),
      left: seconds(row[5]),
      arrived: seconds(row[6]),
      cause: causeAt(row[7]),
      subdistrict: wordAt(row[8]),
      community: wordAt(row[9]),
      provider: wordAt(row[10]),
    }
  })
  return { judged: Number(judged), n: causes.reduce((sum, each) => sum + each.n, 0), causes, breaches }
}

const seconds = (ms: unknown): number | null => (ms === null ? null : Number(ms) / 1_000)
const causeAt = (at: unknown): BreachCause => BREACH_CAUSES[Number(at)] ?? 'notRecorded'
const numberOf = (cause: BreachCause) => BREACH_CAUSES.indexOf(cause)

/** `causeOf` of domain/response-causes.ts for every row at once; a test holds the two beside each other. */
const CAUSE = (() => {
  const promise = '(arrive_due - started)'
  const until = `coalesce(arrive_ms, ${promise})`
  const isLeft = `(depart_ms is not null and depart_ms >= accept_ms and depart_ms <= ${until})`
  const left = `case when ${isLeft} then depart_ms else ${until} end`
  const late = `(accept_ms - ${LEG_SHARES.accept} * ${promise})`
  const both = `(${until} - accept_ms - ${LEG_SHARES.depart + LEG_SHARES.travel} * ${promise})`
  const waited = `(${left} - accept_ms - ${LEG_SHARES.depart} * ${promise})`
  const travelled = `(${until} - ${left} - ${LEG_SHARES.travel} * ${promise})`
  return `case
    when accept_ms is null and arrive_ms is not null then ${numberOf('notRecorded')}
    when accept_ms is null or accept_ms > ${promise} then ${numberOf('unassigned')}
    when not ${isLeft} and arrive_ms is not null
      then case when ${late} >= ${both} then ${numberOf('lateAccept')} else ${numberOf('far')} end
    when ${late} >= ${waited} and ${late} >= ${travelled} then ${numberOf('lateAccept')}
    when ${waited} >= ${travelled} then ${numberOf('waiting')}
    else ${numberOf('far')} end`
})()
