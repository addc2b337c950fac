import { and, eq, gte, isNotNull } from 'drizzle-orm'
import type { Db } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { dispatches, tickets } from '#db/schema/tickets.ts'
import type { Instant } from '#domain/instant.ts'
import type { Traits } from '#planning/policy/calibrate.ts'
import type { RecordedRun } from '#planning/policy/model.ts'

/** Units of a kind and mode stand in for one another. */
const typeOf = ({ kind, mode }: Traits) => `${kind} ${mode}`

export interface OwnRuns {
  runs: RecordedRun[]
  traits: Map<string, Traits>
}

/** Everybody who said yes to a ticket of the city that was reported since, from its report to the end of the task. */
export async function ownRuns(db: Db, tenant: string, since: Instant): Promise<OwnRuns> {
  const rows = await db
    .select({
      callId: tickets.id,
      unitId: units.id,
      kind: units.kind,
      mode: units.mode,
      lng: tickets.lng,
      lat: tickets.lat,
      reportedAt: tickets.reportedAt,
      sentAt: dispatches.offeredAt,
      answeredAt: dispatches.answeredAt,
      leftAt: dispatches.enRouteAt,
      onSiteAt: dispatches.onSiteAt,
      endedAt: dispatches.endedAt,
    })
    .from(dispatches)
    .innerJoin(tickets, eq(dispatches.ticketId, tickets.id))
    .innerJoin(units, eq(dispatches.unitId, units.id))
    .where(and(eq(tickets.tenant, tenant), isNotNull(dispatches.enRouteAt), gte(tickets.reportedAt, since)))
  const traits = new Map(rows.map(({ kind, mode }) => [typeOf({ kind, mode }), { kind, mode }]))
  const runs = rows.map(({ kind, mode, answeredAt, sentAt, ...row }) => {
    return { ...row, type: typeOf({ kind, mode }), sentAt: answeredAt ?? sentAt }
  })
  return { runs, traits }
}
