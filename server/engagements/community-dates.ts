import type { Db } from '#db/connect.ts'
import type { Instant } from '#domain/instant.ts'
import { ENGINE, LATE_AFTER_MS } from '#domain/ticket-timers.ts'
import type { Duty } from '#server/engine/duty.ts'
import type { Wake } from '#server/serving.ts'
import { caseOf, dueCommunities, nextCaseDueAt, rulingOf } from './community-queries.ts'
import { reckon } from './community-steps.ts'
import { announce, type Pending, pending } from './record.ts'

/** Communities in one transaction: few enough that nobody waits long for a row or for the head of the feed. */
const BATCH = 50

/** P4, EC5: at risk by the dates of contracts and notices, refuse that nobody has collected, lifts without maintenance. */
export const communityDates = (wake: Wake): Duty => ({
  name: 'communityDates',
  nextAt: (db) => nextCaseDueAt(db),
  run: async (db, now) => {
    const tenants = await reckonDue(db, now)
    for (const tenant of new Set(tenants)) wake(tenant)
    return tenants.length
  },
})

async function reckonDue(db: Db, now: Instant): Promise<string[]> {
  return db.transaction(async (tx) => {
    const due = await dueCommunities(tx, now, BATCH)
    // One order of tenants for every engine: their feed heads are locked one after the other until commit.
    due.sort((a, b) => (a.community.tenant < b.community.tenant ? -1 : Number(a.community.tenant > b.community.tenant)))
    const told: Pending[] = []
    const tenants: string[] = []
    for (const { community, due: dueAt } of due) {
      // Read under the lock: since it was found due an officer may have moved it, or another engine have done this.
      const row = await caseOf(tx, community.id)
      if (!row || row.dueAt === null || row.dueAt > now) continue
      tenants.push(community.tenant)
      const held = { community, case: row, ruling: await rulingOf(tx, community.tenant) }
      const act = { tenant: community.tenant, actor: ENGINE, now }
      const reckoned = await reckon(tx, held, act, now - dueAt > LATE_AFTER_MS)
      told.push(reckoned.pending)
    }
    await announce(tx, pending(...told))
    return tenants
  })
}
