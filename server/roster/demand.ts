import { and, eq, gte, inArray, lt } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { tickets } from '#db/schema/tickets.ts'
import type { DutyCluster } from '#domain/duty-roster.ts'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '#domain/instant.ts'
import { proposeDemand } from '#domain/roster/demand.ts'
import type { Skill } from '#domain/units.ts'
import { zoneOffsets } from '#domain/zone.ts'
import type { DemandProposal } from '#wire/roster-shapes.ts'
import { tenantOf } from './clusters.ts'

const SHARE = 0.9
const WEEKS = 12
/** Where nobody has finished a ticket of the skill yet. */
const SERVICE_MINUTES = 45
/** A ticket that somebody forgot to close is no day's work. */
const LONGEST_SERVICE_MS = 8 * HOUR_MS

/** RD3: demand from the cluster's own tickets of the last whole weeks: when they came, how long somebody was at work on them. */
export async function proposalFor(
  db: DbOrTx,
  cluster: DutyCluster,
  asked: { skill: Skill; share?: number | undefined; weeks?: number | undefined },
  now: Instant,
): Promise<DemandProposal> {
  const { skill, share = SHARE, weeks = WEEKS } = asked
  const offsetAt = zoneOffsets((await tenantOf(db, cluster.tenant)).timeZone)
  const rows = await db
    .select({
      neededSkills: tickets.neededSkills,
      reportedAt: tickets.reportedAt,
      begunAt: tickets.enRouteAt,
      acceptedAt: tickets.acceptedAt,
      resolvedAt: tickets.resolvedAt,
    })
    .from(tickets)
    .where(
      and(
        eq(tickets.tenant, cluster.tenant),
        inArray(tickets.subdistrictCode, cluster.subdistrictCodes),
        gte(tickets.reportedAt, now - weeks * 7 * DAY_MS),
        lt(tickets.reportedAt, now),
      ),
    )
  const mine = rows.filter(({ neededSkills }) => neededSkills.includes(skill))
  const arrivals = new Array<number>(168).fill(0)
  for (const { reportedAt } of mine) {
    const hour = hourOfWeek(reportedAt + offsetAt(reportedAt))
    arrivals[hour] = (arrivals[hour] ?? 0) + 1
  }
  const served = mine.flatMap(({ begunAt, acceptedAt, resolvedAt }) => {
    const from = begunAt ?? acceptedAt
    return from === null || resolvedAt === null || resolvedAt <= from ? [] : [resolvedAt - from]
  })
  const whole = served.reduce((sum, ms) => sum + Math.min(ms, LONGEST_SERVICE_MS), 0)
  const serviceMinutes = served.length > 0 ? whole / served.length / MINUTE_MS : SERVICE_MINUTES
  const hours = proposeDemand({ weeks, arrivals, serviceMinutes }, share)
  return {
    clusterId: cluster.id,
    skill,
    share,
    weeks,
    tickets: mine.length,
    served: served.length,
    serviceMinutes,
    hours,
  }
}

/** 1970 began on a Thursday; weeks of a roster begin on Monday. */
const hourOfWeek = (local: number): number => (((Math.floor(local / HOUR_MS) + 3 * 24) % 168) + 168) % 168
