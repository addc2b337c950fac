import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { rosterTemplates } from '#db/schema/rosters.ts'
import type { Action } from '#domain/access.ts'
import type { KeptRoster, RosterStatus, RosterTemplate } from '#domain/duty-roster.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { RosterScore } from '#domain/roster/model.ts'
import { LIFTABLE_RULES } from '#domain/roster/rules.ts'
import { openScoring } from '#domain/roster/scoring.ts'
import type { Ask, Reader } from '#server/serving.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { RosterCard } from '#wire/roster-shapes.ts'
import type { AnswerOf, Route } from '#wire/route.ts'
import * as wire from '#wire/routes/rosters.ts'
import { clustersOf, holdRosterLine, kindsOf } from './clusters.ts'
import * as drafts from './drafts.ts'
import { cardOf, fixedOf, leavesOf, peopleOf, servesOneOf, wishesOf } from './people.ts'
import { lastDayOf, problemOf } from './problem.ts'
import { churnOf, publish } from './publish.ts'
import { type Act, type RosterShop, serveCommand, type Told } from './record.ts'
import * as kept from './roster-queries.ts'

export function rosterRoutes(shop: RosterShop): void {
  serveReading(shop)
  serveDrafts(shop)
  serveStages(shop)
  serveTemplates(shop)
}

/** One roster the reader may read; null = unknown to them. */
export async function rosterFor(db: RosterShop['db'], reader: Reader, id: string): Promise<KeptRoster | null> {
  const roster = await kept.rosterById(db, reader.tenant, id)
  return roster && kept.permitsRoster(reader, 'roster.read', roster) ? roster : null
}

type OnRoster = Route & { params: object }

/** One verb on one roster: held, permitted, decided. */
export function serveOnRoster<R extends OnRoster>(
  shop: RosterShop,
  route: R,
  decide: (
    tx: Tx,
    roster: KeptRoster,
    ask: Ask<R> & { reader: Reader },
    act: Act,
  ) => Promise<Told<AnswerOf<R>> | Refused<ErrorCode>>,
  first: (tx: Tx, tenant: string) => Promise<void> = async () => {},
): void {
  serveCommand(shop, route, async (tx, ask, act) => {
    await first(tx, act.tenant)
    const roster = await kept.rosterForUpdate(tx, act.tenant, (ask.params as { id: string }).id)
    if (!roster || !kept.permitsRoster(ask.reader, 'roster.read', roster)) return refused('unknown')
    if (!kept.permitsRoster(ask.reader, route.action as Action, roster)) return refused('notAllowed')
    return decide(tx, roster, ask, act)
  })
}

function serveReading({ db, serve }: RosterShop): void {
  serve(wire.rosters, async ({ tenant, reader, query: { limit = 100 } }) =>
    (await kept.rostersIn(db, tenant))
      .filter((roster) => kept.permitsRoster(reader, 'roster.read', roster))
      .slice(0, limit)
      .map(kept.headOfRoster),
  )
  serve(wire.rosterCard, async ({ reader, params, now }) => {
    const roster = await rosterFor(db, reader, params.id)
    return roster ? cardFor(db, reader, roster, now) : refused('unknown')
  })
  serve(wire.rosterChurn, async ({ reader, params, now }) => {
    const roster = await rosterFor(db, reader, params.id)
    return roster ? churnOf(db, roster, now) : refused('unknown')
  })
}

/** RD6: what a roster is judged by holds protections: it goes to who may make rosters, and to nobody else. */
async function cardFor(db: RosterShop['db'], reader: Reader, roster: KeptRoster, now: number): Promise<RosterCard> {
  const { tenant, clusterIds, firstDay } = roster
  const mayMake = kept.permitsRoster(reader, 'roster.make', roster)
  const clusters = (await clustersOf(db, tenant)).filter(({ id }) => clusterIds.includes(id))
  const rows = (await peopleOf(db, tenant)).filter(({ person }) => servesOneOf(person, clusters))
  const ids = rows.map(({ unit }) => unit.id)
  const { problem, elsewhere } = await problemOf(db, roster, now)
  const scoring = openScoring(problem, [...roster.entries, ...elsewhere])
  const run = await kept.latestRun(db, roster.id)
  const last = lastDayOf(roster)
  const away = await leavesOf(db, ids, firstDay, last)
  return {
    roster,
    clusters,
    people: rows.map((row) => cardOf(row, mayMake)),
    kinds: await kindsOf(db, tenant),
    leaves: away.map(({ unitId, from, until }) => ({ unitId, from, until })),
    wishes: await wishesOf(db, ids, firstDay, last),
    fixed: await fixedOf(db, ids, firstDay, last),
    holidays: problem.holidays,
    score: mayMake ? scoring.score() : withoutProtection(scoring.score()),
    cover: scoring.cover(),
    run: run && kept.withoutBest(run),
    problem: mayMake ? problem : null,
    elsewhere,
  }
}

const withoutProtection = (score: RosterScore): RosterScore => ({
  ...score,
  hurts: score.hurts.filter(({ rule }) => rule !== 'protectedStaff'),
})

function serveDrafts(shop: RosterShop): void {
  serveCommand(shop, wire.draftRoster, async (tx, ask, act) => made(await drafts.draft(tx, ask, act)))
  serveOnRoster(shop, wire.amendRoster, async (tx, roster, { body }, act) =>
    made(await drafts.amend(tx, roster, body.name, act)),
  )
  serveOnRoster(shop, wire.editRoster, (tx, roster, { body }, act) => drafts.edit(tx, roster, body, act))
  serveOnRoster(shop, wire.overrideRules, async (tx, before, { body }, act) => {
    const { revision, overrides } = body
    // Protection, leave and a volunteer's word are lifted by nothing (RP4).
    if (overrides.some(({ rules }) => rules.some((rule) => !LIFTABLE_RULES.has(rule)))) return refused('ruleBroken')
    return moved(tx, before, { from: ['draft'], to: 'draft', revision, change: { overrides }, kind: 'override' }, act)
  })
}

const made = <W extends ErrorCode>(done: Awaited<ReturnType<typeof drafts.draft>> | Refused<W>) =>
  'roster' in done ? { answer: kept.headOfRoster(done.roster), events: done.events } : done

interface Move {
  from: readonly RosterStatus[]
  to: RosterStatus
  revision: number
  kind: string
  change?: Partial<KeptRoster>
}

/** RP3: a draft goes to review and back, or away; nobody's change is lost to somebody else's. */
export async function moved(tx: Tx, before: KeptRoster, { from, to, revision, kind, change }: Move, act: Act) {
  if (!from.includes(before.status)) return refused('wrongStage')
  if (revision !== before.revision) return refused('conflict')
  const roster: KeptRoster = { ...before, ...change, status: to, revision: revision + 1, updatedAt: act.now }
  const reason = change?.overrides?.map((one) => one.reason).join('; ') || null
  return { answer: kept.headOfRoster(roster), events: await kept.keepRoster(tx, { roster, kind, reason }, act) }
}

function serveStages(shop: RosterShop): void {
  const stage = (
    route: typeof wire.reviewRoster | typeof wire.redraftRoster | typeof wire.discardRoster,
    move: Pick<Move, 'from' | 'to' | 'kind'>,
  ) =>
    serveOnRoster(shop, route, async (tx, roster, { body: { revision } }, act) =>
      moved(tx, roster, { ...move, revision }, act),
    )
  stage(wire.reviewRoster, { from: ['draft'], to: 'review', kind: 'review' })
  stage(wire.redraftRoster, { from: ['review'], to: 'draft', kind: 'redraft' })
  stage(wire.discardRoster, { from: ['draft', 'review'], to: 'discarded', kind: 'discard' })
  serveOnRoster(shop, wire.publishRoster, (tx, roster, { body }, act) => publish(tx, roster, body, act), holdRosterLine)
}

function serveTemplates(shop: RosterShop): void {
  const { db, serve } = shop
  serve(wire.rosterTemplates, async ({ tenant, reader }) =>
    (await kept.templatesIn(db, tenant)).filter((template) => kept.permitsRoster(reader, 'roster.read', template)),
  )
  serveCommand(shop, wire.keepTemplate, async (tx, { body, reader, tenant, now, actor }) => {
    const roster = await kept.rosterById(tx, tenant, body.rosterId)
    if (!roster || !kept.permitsRoster(reader, 'roster.read', roster)) return refused('unknown')
    if (!kept.permitsRoster(reader, 'roster.make', roster)) return refused('notAllowed')
    const { clusterIds, subdistrictCodes } = roster
    const head = { id: randomUUID(), tenant, name: body.name, clusterIds, subdistrictCodes }
    const template: RosterTemplate = { ...head, ...drafts.patternIn(roster), createdAt: now, createdBy: actor }
    await tx.insert(rosterTemplates).values(template)
    return { answer: template }
  })
  serveCommand(shop, wire.dropTemplate, async (tx, { params, reader, tenant }) => {
    const found = (await kept.templatesIn(tx, tenant)).find(({ id }) => id === params.id)
    if (!found || !kept.permitsRoster(reader, 'roster.read', found)) return refused('unknown')
    if (!kept.permitsRoster(reader, 'roster.make', found)) return refused('notAllowed')
    await tx.delete(rosterTemplates).where(eq(rosterTemplates.id, found.id))
    return { answer: { ok: true as const } }
  })
}
