import { and, eq } from 'drizzle-orm'
import { staffIds } from '#cli/simulator/accounts.ts'
import { type Corner, tellPast } from '#cli/simulator/past.ts'
import type { Db } from '#db/connect.ts'
import { DEMO_SEED } from '#db/demo/city.ts'
import { grants } from '#db/schema/people.ts'
import { tenants } from '#db/schema/places.ts'
import { systemClock } from '#server/clock.ts'

/** A past that cannot be told is no reason to stop a server that runs: it is said, and the city begins empty. */
export async function tellDemoPast(db: Db, code: string, signal: AbortSignal): Promise<void> {
  try {
    const [tenant] = await db.select().from(tenants).where(eq(tenants.code, code))
    if (!tenant) return
    const now = systemClock.now()
    const [staff, corner] = [await staffIds(db, tenant, now), await cornerOf(db, code)]
    await tellPast({ db, tenant: code, staff, seed: DEMO_SEED, until: now, signal, corner })
  } catch (error) {
    process.stderr.write(`the demo begins without a past: ${(error as Error).message}\n`)
  }
}

async function cornerOf(db: Db, tenant: string): Promise<Corner | null> {
  const [worker] = await db
    .select({ userId: grants.userId, neighbourhoodCode: grants.neighbourhoodCode })
    .from(grants)
    .where(and(eq(grants.tenant, tenant), eq(grants.role, 'neighbourhoodWorker')))
  return worker?.neighbourhoodCode ? { userId: worker.userId, neighbourhoodCode: worker.neighbourhoodCode } : null
}
