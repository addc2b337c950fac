import type { Instant } from './instant.ts'
import { type Refused, refused } from './refusal.ts'
import type { DutyState, Unit } from './units.ts'

/**
 * FL16: somebody goes on or off duty by word; busy comes from a task alone. Who has a task stays until it is done or given
 * back, save volunteers, who are never ordered and may go at any time.
 */
export function changeDuty(
  unit: Unit,
  to: DutyState,
  now: Instant,
): { ok: true; unit: Unit } | Refused<'notInThisState' | 'unitBusy'> {
  if (to === 'busy') return refused('notInThisState')
  if (unit.duty === to) return { ok: true, unit }
  const mayLeaveTask = unit.kind === 'volunteer' && to === 'offDuty'
  if (unit.duty === 'busy' && !mayLeaveTask) return refused('unitBusy')
  return { ok: true, unit: { ...unit, duty: to, dutySince: now } }
}
