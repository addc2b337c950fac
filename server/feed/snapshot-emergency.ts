import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { communityCases } from '#db/schema/communities.ts'
import { dutyShifts } from '#db/schema/duties.ts'
import { engagements } from '#db/schema/engagements.ts'
import { alarms } from '#db/schema/feed.ts'
import { communities } from '#db/schema/places.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { type Grant, may } from '#domain/access.ts'
import { type Alarm, acknowledgedBy } from '#domain/alarm.ts'
import { TROUBLED } from '#domain/community-status.ts'
import { IN_THE_MAKING, SERVING } from '#domain/engagement.ts'
import type { FeedSnapshot } from '#wire/routes/feed.ts'
import { mayHear, subjectOfCase, subjectOfEngagement, subjectOfPool } from './entitled-emergency.ts'

type Emergency = Pick<FeedSnapshot, 'cases' | 'poolEntries' | 'engagements'>

/** FD5: communities in trouble, the pool, and the engagements under way or serving, as the reader may see them. */
export async function emergencyFor(tx: Tx, tenant: string, grants: readonly Grant[]): Promise<Emergency> {
  const cases = await tx
    .select()
    .from(communityCases)
    .where(and(eq(communityCases.tenant, tenant), inArray(communityCases.status, [...TROUBLED])))
  const pool = await tx
    .select()
    .from(poolEntries)
    .where(and(eq(poolEntries.tenant, tenant), ne(poolEntries.status, 'removed')))
  const engaged = await tx
    .select()
    .from(engagements)
    .where(and(eq(engagements.tenant, tenant), inArray(engagements.status, [...IN_THE_MAKING, ...SERVING])))
  return {
    cases: cases.filter((row) => may(grants, 'community.read', subjectOfCase(row))),
    poolEntries: pool.filter((row) => may(grants, 'pool.read', subjectOfPool(row))),
    engagements: engaged.filter((row) => may(grants, 'engagement.read', subjectOfEngagement(row))),
  }
}

/** Open alarms whose kind the reader acknowledges: of tickets in the whole city, of communities and clusters within the reader's own. */
export async function alarmsFor(tx: Tx, tenant: string, grants: readonly Grant[]): Promise<Alarm[]> {
  const { districtCode, subdistrictCode, neighbourhoodCode } = communities
  const rows = await tx
    .select({
      alarm: alarms,
      place: { districtCode, subdistrictCode, neighbourhoodCode },
      subdistrictCodes: dutyShifts.subdistrictCodes,
    })
    .from(alarms)
    .leftJoin(communities, eq(communities.id, alarms.communityId))
    .leftJoin(dutyShifts, eq(dutyShifts.id, alarms.shiftId))
    .where(and(eq(alarms.tenant, tenant), isNull(alarms.acknowledgedAt)))
  return rows
    .filter(({ alarm: { kind, communityId }, place, subdistrictCodes }) => {
      if (subdistrictCodes !== null) return may(grants, acknowledgedBy(kind), { tenant, subdistrictCodes })
      return communityId === null
        ? mayHear(grants, tenant, kind)
        : may(grants, acknowledgedBy(kind), { tenant, ...place })
    })
    .map(({ alarm }) => alarm)
}
