import { sql } from 'drizzle-orm'
import { boolean, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type {
  PlanPair,
  PlanPlace,
  PlanProblem,
  PlanProgress,
  PlanReserve,
  PlanResult,
  PlanRunKind,
  PlanRunStatus,
  PlanStatus,
  PlanWaiver,
} from '#domain/plan.ts'
import type { ProviderRemoved } from '#domain/plan-explanation.ts'
import type { PlanWeights } from '#domain/plan-weights.ts'
import type { Actor } from '#domain/ticket.ts'
import { instant } from './columns.ts'
import { communities, firms, tenants } from './places.ts'

const tenant = () =>
  text()
    .notNull()
    .references(() => tenants.code)

export const planWeights = pgTable(
  'plan_weights',
  {
    tenant: tenant(),
    version: integer().notNull(),
    weights: jsonb().$type<PlanWeights>().notNull(),
    note: text().notNull(),
    at: instant().notNull(),
    by: jsonb().$type<Actor>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.version] })],
)

export const plans = pgTable(
  'plans',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    name: text().notNull(),
    status: text().$type<PlanStatus>().notNull(),
    revision: integer().notNull(),
    copyOf: text(),
    communityIds: jsonb().$type<string[]>(),
    districtCode: text(),
    subdistrictCode: text(),
    weightsVersion: integer().notNull(),
    locks: jsonb().$type<PlanPair[]>().notNull(),
    forbids: jsonb().$type<PlanPair[]>().notNull(),
    reserves: jsonb().$type<PlanReserve[]>().notNull(),
    waivers: jsonb().$type<PlanWaiver[]>().notNull(),
    result: jsonb().$type<PlanResult>(),
    /** What the result was made from; never sent whole. */
    problem: jsonb().$type<PlanProblem>(),
    /** The newest answer to "which provider could we lose", of this very result. */
    nMinusOne: jsonb().$type<ProviderRemoved[]>(),
    basis: integer().notNull(),
    createdAt: instant().notNull(),
    createdBy: jsonb().$type<Actor>().notNull(),
    updatedAt: instant().notNull(),
    solvedAt: instant(),
    publishedAt: instant(),
    publishedBy: jsonb().$type<Actor>(),
  },
  (t) => [
    index('plans_tenant').on(t.tenant, t.updatedAt),
    foreignKey({ columns: [t.tenant, t.weightsVersion], foreignColumns: [planWeights.tenant, planWeights.version] }),
  ],
)

export const planRuns = pgTable(
  'plan_runs',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    planId: text()
      .notNull()
      .references(() => plans.id),
    kind: text().$type<PlanRunKind>().notNull(),
    status: text().$type<PlanRunStatus>().notNull(),
    revision: integer().notNull(),
    seed: integer().notNull(),
    seconds: integer().notNull(),
    progress: jsonb().$type<PlanProgress>().notNull(),
    /** The best plan so far, kept while the run lasts. */
    best: jsonb().$type<PlanPlace[]>(),
    askedAt: instant().notNull(),
    askedBy: jsonb().$type<Actor>().notNull(),
    endedAt: instant(),
    beatAt: instant().notNull(),
    stopAskedAt: instant(),
  },
  (t) => [
    uniqueIndex('plan_runs_one_live').on(t.planId).where(sql`status in ('queued', 'running')`),
    index('plan_runs_plan').on(t.planId, t.askedAt),
    index('plan_runs_live').on(t.beatAt).where(sql`status in ('queued', 'running')`),
  ],
)

/** The line of publications of a tenant. P3: the key gives each number to one publication alone. */
export const planPublications = pgTable(
  'plan_publications',
  {
    tenant: tenant(),
    number: integer().notNull(),
    kind: text().$type<'publish' | 'rollBack'>().notNull(),
    planId: text()
      .notNull()
      .references(() => plans.id),
    undoes: integer(),
    communityIds: jsonb().$type<string[]>().notNull(),
    providerIds: jsonb().$type<string[]>().notNull(),
    reason: text().notNull(),
    at: instant().notNull(),
    by: jsonb().$type<Actor>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.number] }),
    uniqueIndex('plan_publications_undone_once').on(t.tenant, t.undoes),
  ],
)

/** What a published plan says of each of its communities; `stands` while no later publication says otherwise. */
export const planPlaces = pgTable(
  'plan_places',
  {
    tenant: tenant(),
    /** Of the publication that put it here. */
    number: integer().notNull(),
    planId: text()
      .notNull()
      .references(() => plans.id),
    communityId: text()
      .notNull()
      .references(() => communities.id),
    providerId: text().references(() => firms.id),
    /** Providers fit for it, best first: whom an offer may go to next once an officer has approved the list. */
    ranked: jsonb().$type<string[]>().notNull(),
    stands: boolean().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.number, t.communityId] }),
    uniqueIndex('plan_places_one_stands').on(t.communityId).where(sql`stands`),
  ],
)
