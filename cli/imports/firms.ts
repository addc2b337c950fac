import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { firms } from '#db/schema/places.ts'

/** Firms by their names; a name that is new becomes a firm. */
export async function firmsByName(tx: Tx, tenant: string, names: Iterable<string>): Promise<Map<string, string>> {
  const known = await tx.select({ id: firms.id, name: firms.name }).from(firms).where(eq(firms.tenant, tenant))
  const byName = new Map(known.map(({ id, name }) => [name, id]))
  for (const name of new Set(names)) {
    if (byName.has(name)) continue
    const id = randomUUID()
    await tx.insert(firms).values({ id, tenant, name, synthetic: false })
    byName.set(name, id)
  }
  return byName
}
