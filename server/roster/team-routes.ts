import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { subdistricts } from '#db/schema/places.ts'
import { volunteerMembers, volunteerSlots, volunteerTeams } from '#db/schema/volunteers.ts'
import { type Action, may } from '#domain/access.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { VolunteerMember, VolunteerSlot, VolunteerTeam } from '#domain/volunteers.ts'
import { communityById, unitById } from '#server/fleet/queries.ts'
import type { Reader } from '#server/serving.ts'
import type { AnswerOf, Route } from '#wire/route.ts'
import * as wire from '#wire/routes/volunteers.ts'
import { unitsOf } from './duty-routes.ts'
import {
  type Act,
  appendRosterLog,
  audienceOf,
  eventOf,
  notice,
  type RosterShop,
  serveCommand,
  type Told,
} from './record.ts'
import * as kept from './team-queries.ts'

export function teamRoutes(shop: RosterShop): void {
  serveReading(shop)
  serveFounding(shop)
  serveMembers(shop)
  serveAsking(shop)
}

export const permitsTeam = (
  reader: Reader,
  action: Action,
  { tenant, subdistrictCode }: Pick<VolunteerTeam, 'tenant' | 'subdistrictCode'>,
): boolean => may(reader.grants, action, { tenant, subdistrictCode })

const changed = (team: VolunteerTeam, act: Act, unitIds: (string | null)[] = []) =>
  eventOf('team:changed', act, audienceOf([team.subdistrictCode], unitIds), {})

function serveReading({ db, serve }: RosterShop): void {
  serve(wire.rosterProgress, ({ tenant }) => kept.progressOf(db, tenant))
  serve(wire.volunteerTeams, async ({ tenant, reader }) =>
    (await kept.teamsOf(db, tenant)).filter((team) => permitsTeam(reader, 'team.read', team)),
  )
  serve(wire.teamCard, async ({ tenant, reader, params }) => {
    const team = await kept.teamById(db, tenant, params.id)
    return team && permitsTeam(reader, 'team.read', team) ? kept.cardOfTeam(db, team) : refused('unknown')
  })
}

type Kept = { team: VolunteerTeam; reader: Reader; act: Act }

/** A verb on one team, by who keeps it; answered with the team as it then is. */
function serveOnTeam<R extends Route & { params: object; answer: typeof wire.teamCard.answer }>(
  shop: RosterShop,
  route: R,
  decide: (
    tx: Tx,
    kept: Kept,
    body: never,
  ) => Promise<Omit<Told<null>, 'answer'> | Refused<'unknown' | 'invalidFields' | 'alreadyTaken' | 'teamTooSmall'>>,
): void {
  serveCommand(shop, route, async (tx, ask, act) => {
    const team = await kept.teamForUpdate(tx, act.tenant, (ask.params as { id: string }).id)
    if (!team || !permitsTeam(ask.reader, 'team.read', team)) return refused('unknown')
    if (!permitsTeam(ask.reader, 'team.keep', team)) return refused('notAllowed')
    const done = await decide(tx, { team, reader: ask.reader, act }, ask.body as never)
    if ('why' in done) return done
    const after = (await kept.teamById(tx, act.tenant, team.id)) ?? team
    const answer = (await kept.cardOfTeam(tx, after)) as AnswerOf<R>
    return { answer, events: [changed(team, act), ...(done.events ?? [])] }
  })
}

function serveFounding(shop: RosterShop): void {
  serveCommand(shop, wire.foundTeam, async (tx, { body, reader, tenant, now }, act) => {
    const [place] = await tx
      .select()
      .from(subdistricts)
      .where(and(eq(subdistricts.tenant, tenant), eq(subdistricts.code, body.subdistrictCode)))
    const home = body.communityId ? await communityById(tx, tenant, body.communityId) : null
    if (!place || (body.communityId && home?.subdistrictCode !== place.code)) return refused('unknown')
    const team: VolunteerTeam = {
      ...{ id: randomUUID(), tenant, name: body.name, districtCode: place.districtCode, subdistrictCode: place.code },
      ...{ communityId: home?.id ?? null, createdAt: now, endedAt: null },
    }
    if (!permitsTeam(reader, 'team.keep', team)) return refused('notAllowed')
    await tx.insert(volunteerTeams).values(team)
    await appendRosterLog(tx, { subject: 'team', subjectId: team.id, kind: 'found' }, act)
    return { answer: await kept.cardOfTeam(tx, team), events: [changed(team, act)] }
  })
  serveOnTeam(shop, wire.changeTeam, async (tx, { team, act }, body: { name?: string; ended?: true }) => {
    const change = { name: body.name ?? team.name, endedAt: body.ended ? act.now : team.endedAt }
    await tx.update(volunteerTeams).set(change).where(eq(volunteerTeams.id, team.id))
    await appendRosterLog(tx, { subject: 'team', subjectId: team.id, kind: 'change', detail: body }, act)
    return {}
  })
}

type NewMembers = { members: { label: string; unitId?: string | null; isPartyMember: boolean }[] }

function serveMembers(shop: RosterShop): void {
  serveOnTeam(shop, wire.addMembers, async (tx, { team, act }, { members }: NewMembers) => {
    if (team.endedAt !== null) return refused('unknown')
    for (const { unitId } of members) {
      const unit = unitId ? await unitById(tx, act.tenant, unitId) : null
      if (unitId && unit?.kind !== 'volunteer') return refused('unknown')
    }
    const rows = members.map(
      ({ label, unitId, isPartyMember }): VolunteerMember => ({
        ...{ id: randomUUID(), tenant: act.tenant, teamId: team.id, label, unitId: unitId ?? null, isPartyMember },
        ...{ joinedAt: act.now, leftAt: null },
      }),
    )
    const made = await tx
      .insert(volunteerMembers)
      .values(rows)
      .onConflictDoNothing()
      .returning({ id: volunteerMembers.id })
    // One of them is in a team already: nobody is added.
    return made.length < rows.length ? refused('alreadyTaken') : {}
  })
  serveCommand(shop, wire.leaveTeam, async (tx, { params, reader }, act) => {
    const [member] = await tx
      .select()
      .from(volunteerMembers)
      .where(and(eq(volunteerMembers.tenant, act.tenant), eq(volunteerMembers.id, params.id)))
      .for('update')
    const team = member && (await kept.teamForUpdate(tx, act.tenant, member.teamId))
    if (!member || !team) return refused('unknown')
    const isMine = member.unitId !== null && unitsOf(reader, act.tenant).includes(member.unitId)
    if (!isMine && !permitsTeam(reader, 'team.keep', team)) return refused('unknown')
    if (member.leftAt !== null) return refused('notInThisState')
    await tx.update(volunteerMembers).set({ leftAt: act.now }).where(eq(volunteerMembers.id, member.id))
    await appendRosterLog(
      tx,
      { subject: 'team', subjectId: team.id, kind: 'leave', detail: { member: member.id } },
      act,
    )
    return { answer: await kept.cardOfTeam(tx, team), events: [changed(team, act, [member.unitId])] }
  })
}

type NewSlot = Pick<VolunteerSlot, 'title' | 'startsAt' | 'endsAt' | 'wanted'>

/** VO2: every active member with a page is asked; nobody is put in. */
function serveAsking(shop: RosterShop): void {
  serveOnTeam(shop, wire.offerSlot, async (tx, { team, act }, body: NewSlot) => {
    if (body.endsAt <= body.startsAt || body.endsAt <= act.now) return refused('invalidFields')
    const members = (await kept.membersOf(tx, team.id)).filter(({ leftAt }) => leftAt === null)
    if (!(await kept.cardOfTeam(tx, team)).team.isValid) return refused('teamTooSmall')
    const slot: VolunteerSlot = {
      ...{ id: randomUUID(), tenant: act.tenant, teamId: team.id, subdistrictCode: team.subdistrictCode },
      ...body,
      ...{ createdAt: act.now, createdBy: act.actor, cancelledAt: null },
    }
    await tx.insert(volunteerSlots).values(slot)
    for (const { id: memberId } of members)
      await kept.saveService(tx, {
        ...{ slotId: slot.id, memberId, tenant: act.tenant, status: 'offered', offeredAt: act.now, answeredAt: null },
        ...{ recordedMinutes: null, recordedBy: null, confirmedMinutes: null, confirmedAt: null },
      })
    const asked = members.flatMap(({ unitId }) => (unitId === null ? [] : [{ unitId, shift: null }]))
    return { events: await notice(tx, 'slotOffered', asked, act) }
  })
}
