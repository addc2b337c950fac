import type { Tx } from '#db/connect.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import { dutyAfter, holdsUnit } from '#domain/tasks.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Unit } from '#domain/units.ts'
import { openTasks, saveDuty, unitsForUpdate } from './queries.ts'

/**
 * DP11: brings the duty of these units in line with their tasks, and answers those that it changed. `ticket` and its
 * `dispatches` are as they become; the tasks of other tickets are read.
 */
export async function settleDuty(
  tx: Tx,
  ticket: Ticket,
  dispatches: readonly Dispatch[],
  unitIds: readonly string[],
  now: Instant,
): Promise<Unit[]> {
  if (unitIds.length === 0) return []
  const held = await unitsForUpdate(tx, ticket.tenant, [...new Set(unitIds)])
  const elsewhere = await openTasks(tx, ticket.tenant, ticket.id, unitIds)
  const changed: Unit[] = []
  for (const unit of held) {
    const here = dispatches.filter((one) => one.unitId === unit.id && holdsUnit(one, ticket.status)).length
    const duty = dutyAfter(unit.duty, here + (elsewhere.get(unit.id) ?? 0))
    if (duty === unit.duty) continue
    // From duty to a task and back is one stretch of duty.
    const dutySince = unit.duty === 'offDuty' ? now : unit.dutySince
    await saveDuty(tx, unit.id, duty, dutySince)
    changed.push({ ...unit, duty, dutySince })
  }
  return changed
}
