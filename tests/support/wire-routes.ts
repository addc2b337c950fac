import { Value } from 'typebox/value'
import * as open311 from '#wire/open311.ts'
import type { Route } from '#wire/route.ts'
import * as communities from '#wire/routes/communities.ts'
import * as cover from '#wire/routes/cover.ts'
import * as dispatches from '#wire/routes/dispatches.ts'
import * as duties from '#wire/routes/duties.ts'
import * as engagements from '#wire/routes/engagements.ts'
import * as feed from '#wire/routes/feed.ts'
import * as fleet from '#wire/routes/fleet.ts'
import * as people from '#wire/routes/people.ts'
import * as places from '#wire/routes/places.ts'
import * as plans from '#wire/routes/plans.ts'
import * as pool from '#wire/routes/pool.ts'
import * as ranking from '#wire/routes/ranking.ts'
import * as ratings from '#wire/routes/ratings.ts'
import * as resident from '#wire/routes/resident.ts'
import * as response from '#wire/routes/response.ts'
import * as rosterSetup from '#wire/routes/roster-setup.ts'
import * as rosters from '#wire/routes/rosters.ts'
import * as selections from '#wire/routes/selections.ts'
import * as studies from '#wire/routes/studies.ts'
import * as system from '#wire/routes/system.ts'
import * as tickets from '#wire/routes/tickets.ts'
import * as volunteers from '#wire/routes/volunteers.ts'

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'answer' in value

/** Every route said in wire/, by `METHOD path`. */
export const WIRE_ROUTES: ReadonlyMap<string, Route> = new Map(
  [
    communities,
    cover,
    dispatches,
    duties,
    engagements,
    feed,
    fleet,
    open311,
    people,
    places,
    pool,
    resident,
    plans,
    ranking,
    ratings,
    response,
    rosterSetup,
    rosters,
    selections,
    studies,
    system,
    tickets,
    volunteers,
  ]
    .flatMap((module) => Object.values(module) as unknown[])
    .filter(isRoute)
    .map((route) => [`${route.method} ${route.path}`, route]),
)

/** The smallest body a route takes. Bodies with ids in them cannot be guessed and are given by hand. */
export function smallestBody(route: Route, byHand: Readonly<Record<string, object>>): object | undefined {
  if (!route.body) return undefined
  return byHand[`${route.method} ${route.path}`] ?? (Value.Create(route.body) as object)
}
