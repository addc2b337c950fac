import { and, asc, eq, inArray, isNotNull, or } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { handOvers } from '#db/schema/duties.ts'
import { tickets } from '#db/schema/tickets.ts'
import type { DutyShift, HandOver } from '#domain/duty-shift.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { TicketStatus } from '#domain/ticket.ts'
import type { NewEvent } from '#server/feed/append.ts'
import { handOverOf, saveShift } from './duty-queries.ts'
import { type Act, appendRosterLog, audienceOf, eventOf, raiseDutyAlarm, type Told } from './record.ts'
import { settleDutyAlarms } from './settle.ts'

/** Tickets somebody has in hand; what waits for something else is the cluster's, whoever had it. */
const IN_HAND: readonly TicketStatus[] = ['accepted', 'en_route', 'on_site', 'plan_submitted', 'suspended']
const WAITING: readonly TicketStatus[] = ['plan_submitted', 'suspended']
const MOST_TICKETS = 100

async function openTickets(db: DbOrTx, { tenant, unitId, subdistrictCodes }: DutyShift): Promise<HandOver['tickets']> {
  const own = and(eq(tickets.unitId, unitId ?? ''), inArray(tickets.status, [...IN_HAND]))
  const left = and(inArray(tickets.subdistrictCode, subdistrictCodes), inArray(tickets.status, [...WAITING]))
  return db
    .select({ id: tickets.id, number: tickets.number, status: tickets.status })
    .from(tickets)
    .where(and(eq(tickets.tenant, tenant), or(own, left), isNotNull(tickets.number)))
    .orderBy(asc(tickets.number))
    .limit(MOST_TICKETS)
}

async function save(tx: Tx, handOver: HandOver): Promise<void> {
  const { shiftId, ...rest } = handOver
  await tx.insert(handOvers).values(handOver).onConflictDoUpdate({ target: handOvers.shiftId, set: rest })
}

const bare = ({ id, tenant, clusterId, subdistrictCodes, unitId, endsAt }: DutyShift): HandOver => ({
  ...{ shiftId: id, tenant, clusterId, subdistrictCodes, unitId: unitId ?? '', note: '', tickets: [] },
  ...{ writtenAt: null, dueAt: endsAt, takenAt: null, takenBy: null, takenShiftId: null },
})

/** RD7: a shift leaves its words and the tickets still open to the next; until it is taken over it can be written anew. */
export async function write(
  tx: Tx,
  shift: DutyShift,
  note: string,
  act: Act,
): Promise<Told<HandOver> | Refused<'notInThisState' | 'alreadyTaken'>> {
  if (shift.status !== 'started' && shift.status !== 'ended') return refused('notInThisState')
  const before = await handOverOf(tx, shift.id)
  if (before && before.takenAt !== null) return refused('alreadyTaken')
  const handOver: HandOver = { ...bare(shift), note, tickets: await openTickets(tx, shift), writtenAt: act.now }
  await save(tx, handOver)
  await appendRosterLog(tx, { subject: 'shift', subjectId: shift.id, kind: 'handOver' }, act)
  const quiet = await settleDutyAlarms(tx, ['handOverUnstarted'], shift, act)
  const audience = audienceOf(shift.subdistrictCodes, [shift.unitId])
  return {
    answer: handOver,
    events: [eventOf('duty:handOverWritten', act, audience, { handOvers: [handOver] }), ...quiet],
  }
}

/** RD7: read and taken over by somebody of the cluster whose shift goes on. */
export async function take(
  tx: Tx,
  shift: DutyShift,
  by: DutyShift,
  act: Act,
): Promise<Told<HandOver> | Refused<'notInThisState' | 'alreadyTaken' | 'notYours'>> {
  const before = await handOverOf(tx, shift.id)
  if (!before || before.writtenAt === null) return refused('notInThisState')
  if (before.takenAt !== null) return refused('alreadyTaken')
  const isNext = by.clusterId === shift.clusterId && by.id !== shift.id && by.endsAt > shift.endsAt
  if (!isNext || by.unitId === null || by.unitId === shift.unitId) return refused('notYours')
  if (by.status !== 'confirmed' && by.status !== 'started') return refused('notInThisState')
  const handOver: HandOver = { ...before, takenAt: act.now, takenBy: by.unitId, takenShiftId: by.id }
  await save(tx, handOver)
  const audience = audienceOf(shift.subdistrictCodes, [shift.unitId, by.unitId])
  return { answer: handOver, events: [eventOf('duty:handOverTaken', act, audience, { handOvers: [handOver] })] }
}

/** RD7: the shift is over and nobody has begun to hand it over. The caller holds the shift. */
export async function alarmUnwritten(tx: Tx, shift: DutyShift, act: Act, late: boolean): Promise<NewEvent[]> {
  await saveShift(tx, { ...shift, nextTimerAt: null })
  const before = await handOverOf(tx, shift.id)
  if (before) return []
  const handOver = { ...bare(shift), tickets: await openTickets(tx, shift) }
  await save(tx, handOver)
  const audience = audienceOf(shift.subdistrictCodes, [shift.unitId])
  const told = eventOf('duty:handOverWritten', act, audience, { handOvers: [handOver] })
  return [told, await raiseDutyAlarm(tx, 'handOverUnstarted', shift, act, late)]
}
