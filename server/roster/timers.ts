import type { Db, Tx } from '#db/connect.ts'
import type { Instant } from '#domain/instant.ts'
import { ENGINE, LATE_AFTER_MS } from '#domain/ticket-timers.ts'
import type { Duty } from '#server/engine/duty.ts'
import type { NewEvent } from '#server/feed/append.ts'
import type { Wake } from '#server/serving.ts'
import { expire, miss } from './cover.ts'
import * as kept from './duty-queries.ts'
import { alarmUnwritten } from './hand-over.ts'
import { type Act, tellAll } from './record.ts'
import { close } from './void-swaps.ts'

/** Dealt with in one turn, each in a transaction of its own. */
const MOST_AT_ONCE = 200

interface Due {
  id: string
  tenant: string
}

/** P4: no-shows, hand-overs nobody has begun, questions and proposals that have run out: on time, once, whoever else runs. */
export const dutyTimers = (wake: Wake): Duty => ({
  name: 'dutyTimers',
  nextAt: (db) => kept.nextDutyAt(db),
  run: async (db, now) => {
    const done = [
      ...(await runDue(db, await kept.dueShifts(db, now, MOST_AT_ONCE), now, fireShift)),
      ...(await runDue(db, await kept.dueOffers(db, now, MOST_AT_ONCE), now, fireOffer)),
      ...(await runDue(db, await kept.dueSwaps(db, now, MOST_AT_ONCE), now, fireSwap)),
    ]
    for (const tenant of new Set(done)) wake(tenant)
    return done.length
  },
})

/** One that cannot be done holds up nobody behind it, and is still heard of. */
async function runDue(
  db: Db,
  due: readonly Due[],
  now: Instant,
  fire: (tx: Tx, due: Due, act: Act) => Promise<NewEvent[] | null>,
): Promise<string[]> {
  const done: string[] = []
  const faults: unknown[] = []
  for (const each of due) {
    const act: Act = { tenant: each.tenant, actor: ENGINE, now }
    const fired = await db
      .transaction(async (tx) => {
        const events = await fire(tx, each, act)
        await tellAll(tx, events ?? [])
        return events !== null
      })
      .catch((fault: unknown) => {
        faults.push(fault)
        return false
      })
    if (fired) done.push(each.tenant)
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} of ${due.length} due could not be done`)
  return done
}

const isLate = (dueAt: Instant, now: Instant): boolean => now - dueAt > LATE_AFTER_MS

/** Asked again under the lock: whoever came first has moved the moment on. */
async function fireShift(tx: Tx, { id, tenant }: Due, act: Act): Promise<NewEvent[] | null> {
  const shift = await kept.shiftForUpdate(tx, tenant, id)
  if (!shift || shift.nextTimerAt === null || shift.nextTimerAt > act.now) return null
  const late = isLate(shift.nextTimerAt, act.now)
  if (shift.status === 'confirmed') return miss(tx, shift, act, late)
  if (shift.status === 'started') return alarmUnwritten(tx, shift, act, late)
  await kept.saveShift(tx, { ...shift, nextTimerAt: null })
  return []
}

async function fireOffer(tx: Tx, { id, tenant }: Due, act: Act): Promise<NewEvent[] | null> {
  const shiftId = await kept.shiftOfOffer(tx, id)
  const gap = shiftId === null ? null : await kept.shiftForUpdate(tx, tenant, shiftId)
  const offer = await kept.offerForUpdate(tx, tenant, id)
  if (!gap || offer?.status !== 'offered' || offer.expiresAt > act.now) return null
  return expire(tx, gap, offer, act)
}

async function fireSwap(tx: Tx, { id, tenant }: Due, act: Act): Promise<NewEvent[] | null> {
  const swap = await kept.swapForUpdate(tx, tenant, id)
  if (!swap || swap.expiresAt > act.now) return null
  const closed = await close(tx, swap, 'expire', { why: null, act })
  return 'answer' in closed ? (closed.events ?? []) : null
}
