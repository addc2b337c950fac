import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { alarms } from '#db/schema/feed.ts'
import type { DutyAlarm } from '#domain/alarm.ts'
import type { DutyShift } from '#domain/duty-shift.ts'
import type { NewEvent } from '#server/feed/append.ts'
import { type Act, audienceOf, eventOf } from './record.ts'

/** RD5: an alarm whose cause is gone falls silent by itself. */
export async function settleDutyAlarms(
  tx: Tx,
  kinds: readonly DutyAlarm[],
  shift: Pick<DutyShift, 'id' | 'subdistrictCodes'>,
  act: Act,
): Promise<NewEvent[]> {
  const settled = await tx
    .update(alarms)
    .set({ acknowledgedAt: act.now, acknowledgedBy: act.actor.id ?? act.actor.kind })
    .where(and(eq(alarms.shiftId, shift.id), inArray(alarms.kind, [...kinds]), isNull(alarms.acknowledgedAt)))
    .returning()
  if (settled.length === 0) return []
  return [eventOf('alarm:acknowledged', act, audienceOf(shift.subdistrictCodes), { alarms: settled })]
}
