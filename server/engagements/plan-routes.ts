import type { Tx } from '#db/connect.ts'
import type { Action } from '#domain/access.ts'
import type { PlanRun } from '#domain/plan.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { comparePlans } from '#planning/assignment/compare.ts'
import { faultsOf } from '#planning/assignment/faults.ts'
import { gridOf } from '#planning/assignment/grid.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask, Reader, Shop } from '#server/serving.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { PlanTrial } from '#wire/plan-shapes.ts'
import type { Route } from '#wire/route.ts'
import * as wire from '#wire/routes/plans.ts'
import * as drafts from './plan-drafts.ts'
import * as line from './plan-line-queries.ts'
import { problemOf } from './plan-problem.ts'
import { publish, rollBack } from './plan-publish.ts'
import * as kept from './plan-queries.ts'
import { latestRun } from './plan-run-queries.ts'
import type { PlanRunner } from './plan-runner.ts'
import { askToStop, beginRemovals, beginSolve } from './plan-runs.ts'
import { type Act, announce, logOf, namesIn, type Pending } from './record.ts'
import { weightsRoutes } from './weights.ts'

export interface PlanShop extends Shop {
  runner: PlanRunner
}

export function planRoutes(shop: PlanShop): void {
  weightsRoutes(shop)
  serveReading(shop)
  serveDrafts(shop)
  serveRuns(shop)
  serveAnswers(shop)
  servePublishing(shop)
}

/** Solved from the last result; an officer waits for it at the page. */
const SOLVE_SECONDS = 10
const TRY_SECONDS = 1
const REMOVALS_SECONDS = 60

async function planFor(db: Shop['db'], reader: Reader, tenant: string, id: string): Promise<kept.KeptPlan | null> {
  const plan = await kept.planById(db, tenant, id)
  return plan && drafts.permitsPlan(reader, 'plan.read', plan) ? plan : null
}

function serveReading({ db, serve }: PlanShop): void {
  serve(wire.plans, ({ reader, query: { limit = 100, ...page } }) => kept.headsOf(db, reader, { ...page, limit }))
  serve(wire.planCard, async ({ tenant, reader, params, now }) => {
    const plan = await planFor(db, reader, tenant, params.id)
    if (!plan) return refused('unknown')
    const run = await latestRun(db, plan.id, 'solve')
    const isLive = run?.status === 'queued' || run?.status === 'running'
    const problem = plan.status === 'draft' ? await problemOf(db, plan, now) : null
    return {
      plan: kept.planOf(plan),
      run: run && withoutBest(run),
      best: isLive ? run.best : null,
      faults: problem ? faultsOf(gridOf(problem)) : [],
      isOvertaken: await line.isOvertaken(db, plan),
    }
  })
  serve(wire.planLog, async ({ tenant, reader, params }) => {
    const plan = await planFor(db, reader, tenant, params.id)
    if (!plan) return refused('unknown')
    const log = await logOf(db, 'plan', plan.id)
    const actors = [plan.createdBy, plan.publishedBy, ...log.map(({ actor }) => actor)]
    return { log, names: await namesIn(db, actors) }
  })
  serve(wire.publications, ({ reader, query: { limit = 100, before } }) =>
    line.publicationLines(db, reader, { before, limit }),
  )
}

const withoutBest = ({ best: _, ...run }: NonNullable<Awaited<ReturnType<typeof latestRun>>>): PlanRun => run

type Done<A> = { pending: Pending; answer: A; after?: () => void }

/** One verb on one plan: held (after what `first` holds), permitted, decided, announced; what follows a commit follows it. */
function serveVerb<R extends Route & { params: object; body: object }, A>(
  shop: PlanShop,
  route: R,
  action: Action,
  decide: (tx: Tx, plan: kept.KeptPlan, ask: Ask<R>, act: Act) => Promise<Done<A> | Refused<ErrorCode>>,
  first: (tx: Tx, tenant: string) => Promise<void> = async () => {},
): void {
  shop.serve(route, async (ask) => {
    const { tenant, now, actor } = ask
    const reader = ask.reader as Reader
    let after: (() => void) | undefined
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      await first(tx, tenant)
      const plan = await kept.planForUpdate(tx, tenant, (ask.params as { id: string }).id)
      if (!plan || !drafts.permitsPlan(reader, 'plan.read', plan)) return refused('unknown')
      if (!drafts.permitsPlan(reader, action, plan)) return refused('notAllowed')
      const done = await decide(tx, plan, ask, { tenant, actor, now })
      if (isRefused(done)) return done
      await announce(tx, done.pending)
      after = done.after
      return done.answer
    })
    if (!isRefused(answer)) {
      after?.()
      shop.wake(tenant)
    }
    return answer as never
  })
}

function serveDrafts(shop: PlanShop): void {
  const { db, serve, wake } = shop
  serve(wire.draftPlan, async (ask) => {
    const answer = await carryOut(db, ask.command, ask.now, async (tx) => {
      const made = await drafts.draft(tx, ask)
      if (isRefused(made)) return made
      await announce(tx, made.pending)
      return kept.planOf(made.plan)
    })
    if (!isRefused(answer)) wake(ask.tenant)
    return answer
  })
  const told = (made: { plan: kept.KeptPlan; pending: Pending } | Refused<ErrorCode>) =>
    isRefused(made) ? made : { pending: made.pending, answer: kept.planOf(made.plan) }
  serveVerb(shop, wire.changePlan, 'plan.make', async (tx, plan, ask) => told(await drafts.change(tx, plan, ask)))
  serveVerb(shop, wire.copyPlan, 'plan.make', async (tx, plan, { body }, act) =>
    told(await drafts.copy(tx, plan, body.name, act)),
  )
  serveVerb(shop, wire.discardPlan, 'plan.make', async (tx, plan, { body }, act) =>
    told(await drafts.discard(tx, plan, body.revision, act)),
  )
}

function serveRuns(shop: PlanShop): void {
  const { db, serve, runner } = shop
  serveVerb(shop, wire.solvePlan, 'plan.make', async (tx, plan, { body }, act) => {
    const { revision, seconds = SOLVE_SECONDS, seed = 1 } = body
    const begun = await beginSolve(tx, plan, { revision, seconds, seed }, act)
    if (isRefused(begun)) return begun
    return { pending: begun.pending, answer: begun.run, after: () => runner.begin(begun.plan, begun.run) }
  })
  serve(wire.planRun, async ({ tenant, reader, params }) => {
    const plan = await planFor(db, reader, tenant, params.id)
    const run = plan && (await latestRun(db, plan.id, 'solve'))
    return run ? { run: withoutBest(run), best: run.best } : refused('unknown')
  })
  serveVerb(shop, wire.stopRun, 'plan.make', async (tx, plan, _ask, { now }) => {
    const run = await askToStop(tx, plan, now)
    return isRefused(run) ? run : { pending: { events: [], tickets: [] }, answer: run }
  })
  serveVerb(shop, wire.startNMinusOne, 'plan.make', async (tx, plan, _ask, act) => {
    const begun = await beginRemovals(tx, plan, { seconds: REMOVALS_SECONDS, seed: 1 }, act)
    if (isRefused(begun)) return begun
    return { pending: begun.pending, answer: begun.run, after: () => runner.begin(begun.plan, begun.run) }
  })
  serve(wire.nMinusOne, async ({ tenant, reader, params }) => {
    const plan = await planFor(db, reader, tenant, params.id)
    if (!plan) return refused('unknown')
    const run = await latestRun(db, plan.id, 'nMinusOne')
    return { run: run && withoutBest(run), removed: plan.nMinusOne }
  })
}

function serveAnswers({ db, serve, runner }: PlanShop): void {
  serve(wire.explainPlan, async ({ tenant, reader, params }) => {
    const plan = await planFor(db, reader, tenant, params.id)
    return (plan && (await runner.explain(plan))) ?? refused('unknown')
  })
  serve(wire.comparePlans, async ({ tenant, reader, params, query }) => {
    const [a, b] = [await planFor(db, reader, tenant, params.id), await planFor(db, reader, tenant, query.with)]
    if (!a?.result || !a.problem || !b?.result || !b.problem) return refused('unknown')
    return comparePlans(
      { problem: a.problem, places: a.result.places },
      { problem: b.problem, places: b.result.places },
    )
  })
  serve(wire.tryLock, async ({ tenant, reader, params, query }) => {
    const plan = await planFor(db, reader, tenant, params.id)
    if (!plan || !drafts.permitsPlan(reader, 'plan.make', plan)) return refused(plan ? 'notAllowed' : 'unknown')
    // Against a void result the cost would be that of another question.
    if (plan.solvedAt === null) return refused('wrongStage')
    return (await trialOf(runner, reader.userId, plan, query)) ?? refused('unknown')
  })
}

/** PN4: the plan as it would be with one more lock, beside the plan as it is. */
async function trialOf(
  runner: PlanRunner,
  readerId: string,
  plan: kept.KeptPlan,
  lock: { communityId: string; providerId: string },
): Promise<PlanTrial | null> {
  const { problem, result } = plan
  if (!problem || !result) return null
  const locks = [...problem.locks.filter(({ communityId }) => communityId !== lock.communityId), lock]
  const changed = { ...problem, locks }
  const nothing = { cost: result.cost, costBound: result.costBound, costChange: 0, uncovered: result.uncovered }
  const faults = faultsOf(gridOf(changed))
  if (faults.length > 0) return { isPossible: false, faults, ...nothing, uncoveredChange: 0, churn: [] }
  const solved = await runner.try(readerId, plan, changed, TRY_SECONDS)
  if (!solved.ok) return { isPossible: false, faults: [], ...nothing, uncoveredChange: 0, churn: [] }
  const { cost, costBound, uncovered, places } = solved.result
  const { churn } = comparePlans({ problem, places: result.places }, { problem: changed, places })
  return {
    isPossible: true,
    faults: [],
    cost,
    costBound,
    costChange: cost - result.cost,
    uncovered,
    uncoveredChange: uncovered - result.uncovered,
    churn,
  }
}

function servePublishing(shop: PlanShop): void {
  serveVerb(
    shop,
    wire.publishPlan,
    'plan.publish',
    async (tx, plan, { body }, act) => publishedOr(await publish(tx, plan, body, act)),
    line.holdLine,
  )
  serveVerb(
    shop,
    wire.rollBackPlan,
    'plan.publish',
    async (tx, plan, { body }, act) => publishedOr(await rollBack(tx, plan, body.reason, act)),
    line.holdLine,
  )
}

const publishedOr = (done: Awaited<ReturnType<typeof publish>>) =>
  isRefused(done) ? done : { pending: done.pending, answer: done.publication }
