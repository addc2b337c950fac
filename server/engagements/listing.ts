import { eq, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { units } from '#db/schema/fleet.ts'
import { type Action, type Grant, type Scope, scopeOf } from '#domain/access.ts'

/** By what the rows of a table are compared with a grant; what they do not bear, no grant reaches them by. */
interface Bears {
  districtCode?: PgColumn
  subdistrictCode?: PgColumn
  neighbourhoodCode?: PgColumn
  firmId?: PgColumn
}

/** AC1 as a condition on rows, so that a list is as long as asked for and holds nothing of anybody else's. */
export function visible(grants: readonly Grant[], action: Action, bears: Bears): SQL {
  const ways = grants.map((grant) => {
    const scope = scopeOf(grant.role, action)
    return scope && WITHIN[scope](grant, bears)
  })
  return or(...ways.filter((way) => way !== undefined)) ?? sql`false`
}

const same = (column: PgColumn | undefined, mine: string | null): SQL | undefined =>
  column === undefined || mine === null ? undefined : eq(column, mine)

const WITHIN: Record<Scope, (grant: Grant, bears: Bears) => SQL | undefined> = {
  tenant: () => sql`true`,
  self: () => undefined,
  ticket: () => undefined,
  cluster: () => undefined,
  district: ({ districtCode }, bears) => same(bears.districtCode, districtCode),
  subdistrict: ({ subdistrictCode }, bears) => same(bears.subdistrictCode, subdistrictCode),
  neighbourhood: ({ neighbourhoodCode }, bears) => same(bears.neighbourhoodCode, neighbourhoodCode),
  firm: ({ firmId }, bears) => same(bears.firmId, firmId),
  // Whoever works in a unit reaches what its firm is engaged for.
  unit: ({ unitId }, { firmId }) =>
    firmId === undefined || unitId === null
      ? undefined
      : sql`${firmId} = (select ${units.firmId} from ${units} where ${units.id} = ${unitId})`,
}

/** The page after the row of that id, in a list ordered by `at` and `id`, both descending. */
export const following = (table: PgTable, at: PgColumn, id: PgColumn, lastSeen: string | undefined): SQL | undefined =>
  lastSeen === undefined
    ? undefined
    : sql`(${at}, ${id}) < (select ${at}, ${id} from ${table} where ${id} = ${lastSeen})`
