import { and, eq, gt } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { volunteerMembers, volunteerServices, volunteerSlots } from '#db/schema/volunteers.ts'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import {
  nextService,
  standingOf,
  type VolunteerMember,
  type VolunteerService,
  type VolunteerSlot,
} from '#domain/volunteers.ts'
import type { Reader } from '#server/serving.ts'
import type { MyVolunteering } from '#wire/routes/volunteers.ts'
import * as wire from '#wire/routes/volunteers.ts'
import { unitsOf } from './duty-routes.ts'
import { type Act, appendRosterLog, audienceOf, eventOf, notice, type RosterShop, serveCommand } from './record.ts'
import * as kept from './team-queries.ts'
import { permitsTeam } from './team-routes.ts'

const SHOWN_BACK_MS = 60 * DAY_MS

export function slotRoutes(shop: RosterShop): void {
  serveMine(shop)
  serveAnswers(shop)
  serveRecord(shop)
  shop.serve(wire.myVolunteering, ({ tenant, reader, now }) => mine(shop.db, reader, tenant, now))
}

async function mine(db: RosterShop['db'], reader: Reader, tenant: string, now: Instant): Promise<MyVolunteering> {
  const member = await kept.memberOfUnit(db, tenant, unitsOf(reader, tenant))
  const team = member && (await kept.teamById(db, tenant, member.teamId))
  if (!member || !team) return { team: null, member: null, slots: [], confirmedMinutes: 0 }
  const rows = await db
    .select({ slot: volunteerSlots, service: volunteerServices })
    .from(volunteerServices)
    .innerJoin(volunteerSlots, eq(volunteerSlots.id, volunteerServices.slotId))
    .where(and(eq(volunteerServices.memberId, member.id), gt(volunteerSlots.endsAt, now - SHOWN_BACK_MS)))
    .orderBy(volunteerSlots.startsAt)
  const all = await db.select().from(volunteerServices).where(eq(volunteerServices.memberId, member.id))
  return {
    team: { ...team, ...standingOf(await kept.membersOf(db, team.id)) },
    member,
    slots: rows.map(({ slot, service }) => ({ ...slot, service })),
    confirmedMinutes: all.reduce((sum, { confirmedMinutes }) => sum + (confirmedMinutes ?? 0), 0),
  }
}

interface HeldService {
  slot: VolunteerSlot
  member: VolunteerMember
  service: VolunteerService
}

/** The own part in a slot. */
async function holdMine(tx: Tx, reader: Reader, slotId: string): Promise<HeldService | Refused<'unknown'>> {
  const slot = await kept.slotForUpdate(tx, reader.tenant, slotId)
  const member = await kept.memberOfUnit(tx, reader.tenant, unitsOf(reader, reader.tenant))
  if (!slot || !member) return refused('unknown')
  const service = (await kept.servicesOf(tx, [slot.id])).find(({ memberId }) => memberId === member.id)
  return service ? { slot, member, service } : refused('unknown')
}

const told = (slot: VolunteerSlot, unitId: string | null, act: Act) =>
  eventOf('team:changed', act, audienceOf([slot.subdistrictCode], [unitId]), {})

const cardOf = async (tx: Tx, slot: VolunteerSlot) => ({ ...slot, services: await kept.servicesOf(tx, [slot.id]) })

/** VO2: a yes while there is room and the time is ahead; a no, and a yes taken back, at any time before. */
function serveMine(shop: RosterShop): void {
  serveCommand(shop, wire.answerSlot, async (tx, { params, body, reader }, act) => {
    const held = await holdMine(tx, reader, params.id)
    if ('why' in held) return held
    const { slot, member, service } = held
    if (slot.cancelledAt !== null || act.now >= slot.endsAt) return refused('tooLate')
    const step = body.yes ? 'accept' : service.status === 'accepted' ? 'withdraw' : 'decline'
    const status = nextService(service.status, step)
    if (status === null) return refused('notInThisState')
    const taken = (await kept.servicesOf(tx, [slot.id])).filter((one) => one.status === 'accepted').length
    if (body.yes && taken >= slot.wanted) return refused('slotFull')
    await kept.saveService(tx, { ...service, status, answeredAt: act.now })
    return { answer: await cardOf(tx, slot), events: [told(slot, member.unitId, act)] }
  })
}

/** VO3: hours are the volunteer's own to confirm; what somebody else has recorded counts for nothing before. */
function serveAnswers(shop: RosterShop): void {
  serveCommand(shop, wire.confirmHours, async (tx, { params, body, reader }, act) => {
    const held = await holdMine(tx, reader, params.id)
    if ('why' in held) return held
    const { slot, member, service } = held
    const status = nextService(service.status, body.isRight ? 'confirm' : 'dispute')
    if (status === null) return refused('notInThisState')
    const confirmed = body.isRight ? { confirmedMinutes: service.recordedMinutes, confirmedAt: act.now } : {}
    await kept.saveService(tx, { ...service, ...confirmed, status })
    return { answer: await cardOf(tx, slot), events: [told(slot, member.unitId, act)] }
  })
}

function serveRecord(shop: RosterShop): void {
  serveCommand(shop, wire.recordHours, async (tx, { params, body, reader, actor }, act) => {
    const held = await holdKept(tx, reader, params.id)
    if ('why' in held) return held
    const slot = held
    if (act.now < slot.startsAt) return refused('tooEarly')
    const service = (await kept.servicesOf(tx, [slot.id])).find(({ memberId }) => memberId === body.memberId)
    const [member] = await tx.select().from(volunteerMembers).where(eq(volunteerMembers.id, body.memberId))
    if (!service || !member) return refused('unknown')
    const status = nextService(service.status, 'record')
    if (status === null) return refused('notInThisState')
    await kept.saveService(tx, { ...service, status, recordedMinutes: body.minutes, recordedBy: actor })
    const asked = member.unitId === null ? [] : [{ unitId: member.unitId, shift: null }]
    const noticed = await notice(tx, 'hoursRecorded', asked, act)
    return { answer: await cardOf(tx, slot), events: [told(slot, member.unitId, act), ...noticed] }
  })
  serveCommand(shop, wire.cancelSlot, async (tx, { params, body, reader }, act) => {
    const slot = await holdKept(tx, reader, params.id)
    if ('why' in slot) return slot
    if (slot.cancelledAt !== null || act.now >= slot.startsAt) return refused('notInThisState')
    await tx.update(volunteerSlots).set({ cancelledAt: act.now }).where(eq(volunteerSlots.id, slot.id))
    await appendRosterLog(tx, { subject: 'team', subjectId: slot.teamId, kind: 'cancelSlot', reason: body.reason }, act)
    return { answer: await cardOf(tx, { ...slot, cancelledAt: act.now }), events: [told(slot, null, act)] }
  })
}

async function holdKept(
  tx: Tx,
  reader: Reader,
  slotId: string,
): Promise<VolunteerSlot | Refused<'unknown' | 'notAllowed'>> {
  const slot = await kept.slotForUpdate(tx, reader.tenant, slotId)
  if (!slot || !permitsTeam(reader, 'team.read', slot)) return refused('unknown')
  return permitsTeam(reader, 'team.keep', slot) ? slot : refused('notAllowed')
}
