import * as accounts from './schema/accounts.ts'
import * as communities from './schema/communities.ts'
import * as duties from './schema/duties.ts'
import * as engagements from './schema/engagements.ts'
import * as feed from './schema/feed.ts'
import * as fleet from './schema/fleet.ts'
import * as people from './schema/people.ts'
import * as places from './schema/places.ts'
import * as plans from './schema/plans.ts'
import * as pool from './schema/pool.ts'
import * as response from './schema/response.ts'
import * as rosters from './schema/rosters.ts'
import * as studies from './schema/studies.ts'
import * as tickets from './schema/tickets.ts'
import * as volunteers from './schema/volunteers.ts'

/** Every table, by the name the code uses: what drizzle knows of the database. */
export const schema = {
  ...accounts,
  ...communities,
  ...duties,
  ...engagements,
  ...feed,
  ...fleet,
  ...people,
  ...places,
  ...plans,
  ...pool,
  ...response,
  ...studies,
  ...rosters,
  ...tickets,
  ...volunteers,
}
