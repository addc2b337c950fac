import type { Db, Tx } from '#db/connect.ts'
import type { Instant } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import { ENGINE, fireTimers } from '#domain/ticket-timers.ts'
import type { Duty } from '#server/engine/duty.ts'
import type { Wake } from '#server/serving.ts'
import { dueForUpdate, logOf, nextTimerAt, saveTicket } from './queries.ts'
import { type Change, recordAll, withClocks } from './record.ts'

/** Tickets in one transaction: few enough that nobody waits long for a row or for the head of the feed. */
const BATCH = 50

/** P4: warnings and breaches of the 5341 clocks. */
export const slaTimers = (wake: Wake): Duty => ({
  name: 'slaTimers',
  nextAt: (db) => nextTimerAt(db),
  run: async (db, now) => {
    const { seen, tenants } = await fireBatch(db, now)
    for (const tenant of tenants) wake(tenant)
    return seen
  },
})

async function fireBatch(db: Db, now: Instant): Promise<{ seen: number; tenants: Set<string> }> {
  return db.transaction(async (tx) => {
    const due = await dueForUpdate(tx, now, BATCH)
    // One order of tenants for every engine: their feed heads are locked one after the other until commit.
    due.sort((a, b) => (a.tenant < b.tenant ? -1 : a.tenant > b.tenant ? 1 : 0))
    const changes: Change[] = []
    for (const ticket of due) changes.push(...(await changesOf(tx, ticket, now)))
    await recordAll(tx, changes)
    return { seen: due.length, tenants: new Set(changes.map(({ ticket }) => ticket.tenant)) }
  })
}

/** Each timer is an event of its own: a console that was away is told of the warning and of the breach. */
async function changesOf(tx: Tx, ticket: Ticket, now: Instant): Promise<Change[]> {
  const log = await logOf(tx, ticket.id)
  const fired = fireTimers(ticket, log, now)
  // A column that names a moment the log does not know would be found due for ever: the log is right.
  if (fired.length === 0) await saveTicket(tx, withClocks(ticket, log))
  return fired.map(({ entry, alarms, late }) => ({
    before: ticket,
    ticket: { ...ticket, updatedAt: now },
    entries: [entry],
    actor: ENGINE,
    now,
    alarms,
    late,
  }))
}
