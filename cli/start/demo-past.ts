import { and, eq } from 'drizzle-orm'
import { staffIds } from '#cli/simulator/accounts.ts'
import { tellPast } from '#cli/simulator/past.ts'
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
    const [worker] = await db
      .select({ code: grants.neighbourhoodCode })
      .from(grants)
      .where(and(eq(grants.tenant, code), eq(grants.role, 'neighbourhoodWorker')))
    const cornerCode = worker?.code ?? null
    const now = systemClock.now()
    const staff = await staffIds(db, tenant, now)
    await tellPast({ db, tenant: code, staff, seed: DEMO_SEED, until: now, signal, cornerCode })
  } catch (error) {
    process.stderr.write(`the demo begins without a past: ${(error as Error).message}\n`)
  }
}
