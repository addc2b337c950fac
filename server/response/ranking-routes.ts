import type { FastifyReply } from 'fastify'
import type { Ask, Shop } from '#server/serving.ts'
import * as wire from '#wire/routes/ranking.ts'
import { breachesOf } from './breaches.ts'
import { csvOfRows } from './csv.ts'
import { idsOf } from './drill.ts'
import { rankingOf } from './ranking.ts'
import type { Response } from './response.ts'
import { answered } from './routes.ts'

/** Lines of a file: more than anybody reads. */
const MOST_BREACHES = 500

type RankingAsk = Pick<Ask<typeof wire.responseRanking>, 'query' | 'reader' | 'tenant' | 'now'>
type BreachAsk = Pick<Ask<typeof wire.responseBreaches>, 'query' | 'reader' | 'tenant' | 'now'>

export function rankingRoutes({ db, serve, serveRaw, response }: Shop & { response: Response }): void {
  const ranking = (ask: RankingAsk) => {
    const { by = 'area', measure = 'p90', ...query } = ask.query
    const { grants } = ask.reader
    return answered(response, { tenant: ask.tenant, query }, (reading, question) =>
      rankingOf(reading, { question, by, measure, grants, now: ask.now }),
    )
  }
  const breaches = async (ask: BreachAsk, most: number) => {
    const { cause = null, offset = 0, limit = most, ...query } = ask.query
    const { grants } = ask.reader
    const found = await answered(response, { tenant: ask.tenant, query }, (reading, question) =>
      breachesOf(reading, { question, grants, cause, offset, limit, now: ask.now }),
    )
    if ('ok' in found) return found
    const ids = await idsOf(db, ask.tenant, found.breaches)
    return { ...found, breaches: found.breaches.map((row) => ({ ...row, id: ids.get(row.number) ?? '' })) }
  }
  serve(wire.responseRanking, ranking)
  serve(wire.responseBreaches, (ask) => breaches(ask, 100))
  serveRaw(wire.rankingCsv, async (ask, _request, reply) => {
    const answer = await ranking(ask)
    return 'ok' in answer ? answer : csv(reply, 'response-ranking', answer.rows)
  })
  serveRaw(wire.breachesCsv, async (ask, _request, reply) => {
    const answer = await breaches(ask, MOST_BREACHES)
    if ('ok' in answer) return answer
    const rows = answer.breaches.map(({ id: _, ...row }) => ({
      ...row,
      startedAt: new Date(row.startedAt).toISOString(),
    }))
    return csv(reply, 'response-breaches', rows)
  })
}

const csv = (reply: FastifyReply, name: string, rows: readonly object[]) =>
  reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .send(csvOfRows(rows))
