import { and, eq, isNotNull } from 'drizzle-orm'
import type { Db } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { dispatches, tickets } from '#db/schema/tickets.ts'
import type { Traits } from '#planning/policy/calibrate.ts'
import type { RecordedRun } from '#planning/policy/model.ts'

/** Units of a kind and mode stand in for one another. */
const typeOf = ({ kind, mode }: Traits) => `${kind} ${mode}`

/** Everybody who said yes to a ticket of the city, from its report to the end of the task. */
export async function ownRuns(db: Db, tenant: string): Promise<{ runs: RecordedRun[]; traits: Map<string, Traits> }> {
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
    .where(and(eq(tickets.tenant, tenant), isNotNull(dispatches.enRouteAt)))
  const traits = new Map(rows.map(({ kind, mode }) => [typeOf({ kind, mode }), { kind, mode }]))
  const runs = rows.map(({ kind, mode, answeredAt, sentAt, ...row }) => {
    return { ...row, type: typeOf({ kind, mode }), sentAt: answeredAt ?? sentAt }
  })
  return { runs, traits }
}
