import { and, inArray } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { dutySwaps } from '#db/schema/duties.ts'
import type { DutySwap } from '#domain/duty-shift.ts'
import { type SwapEvent, stepSwap } from '#domain/duty-verbs.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { NewEvent } from '#server/feed/append.ts'
import { saveSwap } from './duty-queries.ts'
import { type Act, audienceOf, eventOf, notice, type Told } from './record.ts'

export const changed = (swap: DutySwap, act: Act): NewEvent =>
  eventOf('duty:swapChanged', act, audienceOf(swap.subdistrictCodes, [swap.unitId, swap.otherUnitId]), {
    swaps: [swap],
  })

/** The other ways an exchange ends: said no to, taken back, refused, run out. */
export async function close(
  tx: Tx,
  swap: DutySwap,
  event: Exclude<SwapEvent, 'agree' | 'approve'>,
  { why, act }: { why: string | null; act: Act },
): Promise<Told<DutySwap> | Refused<'notInThisState'>> {
  const status = stepSwap(swap, event)
  if (status === null) return refused('notInThisState')
  const closed: DutySwap = { ...swap, status, decidedAt: act.now, why }
  await saveSwap(tx, closed)
  const whom = event === 'withdraw' ? swap.otherUnitId : swap.unitId
  const told = whom === null ? [] : await notice(tx, 'swapClosed', [{ unitId: whom, shift: null }], act)
  return { answer: closed, events: [...told, changed(closed, act)] }
}

/** What was proposed about shifts that are no longer held by who proposed it is void. */
export async function voidSwaps(tx: Tx, shiftIds: readonly string[], act: Act): Promise<NewEvent[]> {
  if (shiftIds.length === 0) return []
  const open = await tx
    .select()
    .from(dutySwaps)
    .where(and(inArray(dutySwaps.shiftId, [...shiftIds]), inArray(dutySwaps.status, ['proposed', 'agreed'])))
    .for('update')
  const events: NewEvent[] = []
  for (const swap of open) {
    const done = await close(tx, swap, 'withdraw', { why: null, act })
    if ('answer' in done) events.push(...(done.events ?? []))
  }
  return events
}
