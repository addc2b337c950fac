import type { KeptRoster } from '#domain/duty-roster.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import type { SolverPool } from '#server/solver/pool.ts'
import * as wire from '#wire/routes/rosters.ts'
import { problemOf } from './problem.ts'
import { audienceOf, eventOf, type RosterShop } from './record.ts'
import { headOfRoster, keepRoster, latestRun, permitsRoster, withoutBest } from './roster-queries.ts'
import { rosterFor, serveOnRoster } from './roster-routes.ts'
import type { RosterRunner } from './runner.ts'
import { askToStop, beginRun, runById } from './runs.ts'

export interface RunShop extends RosterShop {
  runner: RosterRunner
  /** What takes long is reckoned in the solver's threads. */
  pool: Pick<SolverPool, 'emptySlots' | 'removePeople'>
}

/** A supervisor waits for it at the page. */
const SOLVE_SECONDS = 20

export function runRoutes(shop: RunShop): void {
  serveRuns(shop)
  serveAnswers(shop)
}

function serveRuns(shop: RunShop): void {
  const { db, serve, runner } = shop
  serveOnRoster(shop, wire.solveRoster, async (tx, roster, { body }, act) => {
    const { revision, seconds = SOLVE_SECONDS, seed = 1 } = body
    const run = await beginRun(tx, roster, { revision, seconds, seed }, act)
    if ('why' in run) return run
    const { problem, elsewhere } = await problemOf(tx, roster, act.now)
    const start = [...roster.entries, ...elsewhere]
    const told = eventOf('roster:progressed', act, audienceOf(roster.subdistrictCodes), {
      rosters: [headOfRoster(roster)],
    })
    return { answer: run, events: [told], after: () => runner.begin(run, { problem, start, seed, seconds }) }
  })
  serve(wire.rosterRun, async ({ reader, params }) => {
    const roster = await rosterFor(db, reader, params.id)
    const run = roster && (await latestRun(db, roster.id))
    return run ? { run: withoutBest(run), best: run.best } : refused('unknown')
  })
  serveOnRoster(shop, wire.stopRosterRun, async (tx, roster, _ask, { now }) => {
    const run = await askToStop(tx, roster.id, now)
    return isRefused(run) ? run : { answer: run as Exclude<typeof run, Refused<'wrongStage'>> }
  })
  serveOnRoster(shop, wire.takeRun, async (tx, before, { body }, act) => {
    if (before.status !== 'draft') return refused('wrongStage')
    if (body.revision !== before.revision) return refused('conflict')
    const run = await runById(tx, before.id, body.runId)
    if (!run?.best) return refused('unknown')
    if (run.endedAt === null) return refused('runLive')
    const entries = run.best.filter(({ clusterId }) => before.clusterIds.includes(clusterId))
    const roster: KeptRoster = { ...before, entries, revision: before.revision + 1, updatedAt: act.now }
    const events = await keepRoster(tx, { roster, kind: 'take', told: 'roster:solved', detail: { run: run.id } }, act)
    return { answer: headOfRoster(roster), events }
  })
}

function serveAnswers({ db, serve, pool }: RunShop): void {
  serve(wire.explainRoster, async ({ reader, params, now }) => {
    const roster = await rosterFor(db, reader, params.id)
    if (!roster) return refused('unknown')
    // Why somebody is barred may be a leave or a protection: it is told to who makes rosters (RD6).
    if (!permitsRoster(reader, 'roster.make', roster)) return refused('notAllowed')
    const { problem, elsewhere } = await problemOf(db, roster, now)
    const entries = [...roster.entries, ...elsewhere]
    return { score: scoreRoster(problem, entries), empty: await pool.emptySlots(problem, entries) }
  })
  serve(wire.rosterNMinusOne, async ({ reader, params, now }) => {
    const roster = await rosterFor(db, reader, params.id)
    if (!roster) return refused('unknown')
    const { problem, elsewhere } = await problemOf(db, roster, now)
    return pool.removePeople(problem, [...roster.entries, ...elsewhere])
  })
}
