import { notNow, refused } from '#domain/refusal.ts'
import { type AskedQuestion, type Question, questionOf } from '#domain/response-question.ts'
import type { Ask, Shop } from '#server/serving.ts'
import type { QueryOf } from '#wire/route.ts'
import * as wire from '#wire/routes/response.ts'
import { csvOfTimes } from './csv.ts'
import { ticketsBehind, withIds } from './drill.ts'
import { ownAreas } from './queries.ts'
import { ratesOf } from './rates.ts'
import type { CopyReading, Response } from './response.ts'
import { type Other, timesOf } from './times.ts'
import { verifiedAfter } from './verify.ts'

/** When to ask again while the copy is built for the first time. */
const BUILDING_RETRY_MS = 2_000

export function responseRoutes({ db, serve, serveRaw, response }: Shop & { response: Response }): void {
  serve(wire.responseTimes, (ask) => times(response, ask))
  serveRaw(wire.responseCsv, async (ask, _request, reply) => {
    const answer = await times(response, ask)
    if ('ok' in answer) return answer
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="response.csv"')
      .send(csvOfTimes(answer))
  })
  serve(wire.responseRates, (ask) => {
    const { grants } = ask.reader
    return answered(response, ask, (reading, question) => ratesOf(reading, { question, grants, now: ask.now }))
  })
  serve(wire.responseTickets, async (ask) => {
    const { excluded = null, offset = 0, limit = 100, ...asked } = ask.query
    const { grants } = ask.reader
    const found = await answered(response, { ...ask, query: asked }, (reading, question) =>
      ticketsBehind(reading, { question, grants, excluded, offset, limit }),
    )
    return 'ok' in found ? found : { n: found.n, tickets: await withIds(db, ask.tenant, found.rows) }
  })
  serve(wire.verifyResponse, async ({ tenant, query }) => {
    const page = await verifiedAfter(db, response, tenant, query.after)
    return page ?? notNow('starting', BUILDING_RETRY_MS)
  })
  serve(wire.responseAreas, ({ tenant }) => ownAreas(db, tenant))
  serve(wire.responseCopy, ({ tenant }) => response.state(tenant))
}

function times(response: Response, ask: Ask<typeof wire.responseTimes> | Ask<typeof wire.responseCsv>) {
  const { beforeFrom, beforeTo, beforeDistrict, beforeSubdistrict, ...asked } = ask.query
  const before = otherOf({ beforeFrom, beforeTo, beforeDistrict, beforeSubdistrict }, asked)
  const { grants } = ask.reader
  return answered(response, { tenant: ask.tenant, query: asked }, (reading, question) =>
    timesOf(reading, { question, before, grants }),
  )
}

type AskedOther = Pick<
  QueryOf<typeof wire.responseTimes>,
  'beforeFrom' | 'beforeTo' | 'beforeDistrict' | 'beforeSubdistrict'
>

/** An area is compared over the same period, a period in the same area, unless both are another. */
function otherOf(other: AskedOther, { from, to }: AskedQuestion): Other | null {
  const { beforeFrom, beforeTo, beforeDistrict, beforeSubdistrict } = other
  if (Object.values(other).every((each) => each === undefined)) return null
  const isPeriod = beforeFrom !== undefined || beforeTo !== undefined
  const isArea = beforeDistrict !== undefined || beforeSubdistrict !== undefined
  return {
    ...(isPeriod ? { from: beforeFrom ?? null, to: beforeTo ?? null } : { from: from ?? null, to: to ?? null }),
    ...(isArea && { district: listOf(beforeDistrict), subdistrict: listOf(beforeSubdistrict) }),
  }
}

const listOf = (words: string | undefined): string[] => words?.split(',') ?? []

/** A question put to the copy; refused when it names what there is not, or when there is no copy yet. */
export async function answered<T>(
  response: Response,
  { tenant, query }: { tenant: string; query: AskedQuestion },
  doing: (reading: CopyReading, question: Question) => Promise<T | null>,
) {
  const question = questionOf(query)
  if (!question) return refused('badRequest')
  const answer = await response.ask(tenant, async (reading) => ({ said: await doing(reading, question) }))
  if (!answer) return notNow('starting', BUILDING_RETRY_MS)
  return answer.said ?? refused('badRequest')
}
