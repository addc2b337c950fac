import { randomUUID } from 'node:crypto'
import { DAY_MS } from '#domain/instant.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { NOT_BEGUN, type Study, type StudyQuestion } from '#domain/study.ts'
import { carryOut } from '#server/commands.ts'
import { tenantByCode } from '#server/places/queries.ts'
import type { Response } from '#server/response/response.ts'
import type { Shop } from '#server/serving.ts'
import * as wire from '#wire/routes/studies.ts'
import { csvOfStudy } from './csv.ts'
import { ownRuns } from './own-runs.ts'
import { stationsProblem } from './problems.ts'
import * as kept from './queries.ts'
import type { StudyRunner } from './runner.ts'

export interface StudyShop extends Shop {
  response: Response
  runner: StudyRunner
}

/** An officer waits for it at the page. */
const STATION_SECONDS = 20

export function studyRoutes(shop: StudyShop): void {
  serveReading(shop)
  serveAsking(shop)
  serveVerbs(shop)
}

function serveReading({ db, serve, serveRaw }: StudyShop): void {
  serve(wire.studies, ({ tenant, query, now }) => kept.studiesOf(db, tenant, query.kind, now))
  serve(wire.study, async ({ tenant, params }) => (await kept.studyById(db, tenant, params.id)) ?? refused('unknown'))
  serveRaw(wire.studyCsv, async ({ tenant, params }, _request, reply) => {
    const study = await kept.studyById(db, tenant, params.id)
    if (!study) return refused('unknown')
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${study.kind}.csv"`)
      .send(csvOfStudy(study))
  })
}

type Asking = Pick<Study, 'tenant' | 'seed' | 'seconds' | 'askedAt' | 'askedBy'> & StudyQuestion

const begun = (asking: Asking): Study =>
  ({
    ...asking,
    id: randomUUID(),
    name: null,
    status: 'queued',
    progress: NOT_BEGUN,
    answer: null,
    endedAt: null,
  }) as Study

function serveAsking({ db, serve, response, runner }: StudyShop): void {
  serve(wire.askStations, async ({ tenant, body, command, now, actor }) => {
    const { asked, seconds = STATION_SECONDS, seed = 1 } = body
    let after: (() => void) | undefined
    const study = await carryOut(db, command, now, async (tx) => {
      const problem = await stationsProblem({ db, response }, tenant, asked, now)
      if (isRefused(problem)) return problem
      const made = begun({ tenant, kind: 'stations', asked, seed, seconds, askedAt: now, askedBy: actor })
      await kept.addStudy(tx, made)
      after = () => runner.stations(made, problem)
      return made
    })
    after?.()
    return study
  })
  serve(wire.askPolicy, async ({ tenant, body, command, now, actor }) => {
    const { asked, seed = 1 } = body
    let after: (() => void) | undefined
    const study = await carryOut(db, command, now, async (tx): Promise<Study | Refused<never>> => {
      const { runs, traits } = await ownRuns(db, tenant, now - asked.days * DAY_MS)
      const timeZone = (await tenantByCode(db, tenant))?.timeZone ?? 'UTC'
      const made = begun({ tenant, kind: 'policy', asked, seed, seconds: 0, askedAt: now, askedBy: actor })
      await kept.addStudy(tx, made)
      after = () => runner.policy(made, { asked, runs, traits, timeZone })
      return made
    })
    after?.()
    return study
  })
}

function serveVerbs({ db, serve }: StudyShop): void {
  serve(wire.stopStudy, ({ tenant, params, command, now }) =>
    carryOut(db, command, now, async (tx) => {
      const study = await kept.studyById(tx, tenant, params.id)
      if (!study) return refused('unknown')
      return (await kept.askToStop(tx, tenant, params.id, now)) ? study : refused('wrongStage')
    }),
  )
  serve(wire.keepStudy, ({ tenant, params, body, command, now }) =>
    carryOut(db, command, now, async (tx) => {
      await kept.nameStudy(tx, tenant, params.id, body.name)
      return (await kept.studyById(tx, tenant, params.id)) ?? refused('unknown')
    }),
  )
}
