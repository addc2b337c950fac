import { eq } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { insertRows } from '#db/insert-rows.ts'
import { feedHeads } from '#db/schema/feed.ts'
import { ticketLog, tickets } from '#db/schema/tickets.ts'
import type { DemoHistory } from './history.ts'

/** Into a city without a ticket; what is reported from now on is numbered after them. */
export async function loadDemoHistory(tx: DbOrTx, tenant: string, { tickets: ended, log }: DemoHistory): Promise<void> {
  await insertRows(tx, tickets, ended)
  await insertRows(tx, ticketLog, log)
  await tx
    .update(feedHeads)
    .set({ ticketNumber: ended.at(-1)?.number ?? 0 })
    .where(eq(feedHeads.tenant, tenant))
}
