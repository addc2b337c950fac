import { inArray } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { dutyPeople } from '#db/schema/rosters.ts'

/** Two givers of shifts to one person come one after the other, always in the same order. */
export async function lockPeople(tx: Tx, unitIds: readonly string[]): Promise<void> {
  if (unitIds.length === 0) return
  await tx
    .select({ unitId: dutyPeople.unitId })
    .from(dutyPeople)
    .where(inArray(dutyPeople.unitId, [...unitIds]))
    .orderBy(dutyPeople.unitId)
    .for('update')
}
