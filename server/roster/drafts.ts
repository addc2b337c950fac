import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import type { KeptRoster, RosterTemplate } from '#domain/duty-roster.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { dayNumber, daysFrom } from '#domain/roster/days.ts'
import type { RosterEntry } from '#domain/roster/model.ts'
import { openScoring } from '#domain/roster/scoring.ts'
import type { NewEvent } from '#server/feed/append.ts'
import type { Ask, Reader } from '#server/serving.ts'
import type { RosterEdit, RosterEdited } from '#wire/roster-shapes.ts'
import type { draftRoster } from '#wire/routes/rosters.ts'
import { holdClusters } from './clusters.ts'
import { entryOf, heldShifts, type Posed, problemOf } from './problem.ts'
import type { Act } from './record.ts'
import { headOfRoster, keepRoster, lastPublication, permitsRoster, rosterById, templatesIn } from './roster-queries.ts'

type Made = { roster: KeptRoster; events: NewEvent[] }

/** A new draft: empty, copied forward from a roster, or laid out from a template. */
export async function draft(
  tx: Tx,
  { body, reader, tenant, now, actor }: Ask<typeof draftRoster> & { reader: Reader },
  act: Act,
): Promise<Made | Refused<'unknown' | 'notAllowed'>> {
  const { fromRosterId, fromTemplateId, name, clusterIds, firstDay, days } = body
  const clusters = await holdClusters(tx, tenant, clusterIds, now)
  if (!clusters) return refused('unknown')
  const subdistrictCodes = clusters.flatMap((cluster) => cluster.subdistrictCodes)
  if (!permitsRoster(reader, 'roster.make', { tenant, subdistrictCodes })) return refused('notAllowed')
  const pattern = await patternOf(tx, reader, { fromRosterId, fromTemplateId })
  if (pattern === 'unknown') return refused('unknown')
  const entries = pattern
    ? laidOut(pattern, firstDay, days).filter(({ clusterId }) => clusterIds.includes(clusterId))
    : []
  const roster: KeptRoster = {
    ...{ id: randomUUID(), tenant, name, status: 'draft', revision: 1 },
    ...{ clusterIds, subdistrictCodes, firstDay, days, entries, overrides: [], amends: null },
    basis: await lastPublication(tx, tenant),
    ...{ createdAt: now, createdBy: actor, updatedAt: now, publishedAt: null, publishedBy: null },
  }
  const detail = { from: fromRosterId ?? fromTemplateId ?? null }
  return { roster, events: await keepRoster(tx, { roster, kind: 'draft', detail }, act) }
}

type Pattern = Pick<RosterTemplate, 'days' | 'entries'>

async function patternOf(
  tx: Tx,
  reader: Reader,
  { fromRosterId, fromTemplateId }: { fromRosterId?: string | undefined; fromTemplateId?: string | undefined },
): Promise<Pattern | null | 'unknown'> {
  if (fromRosterId !== undefined) {
    const from = await rosterById(tx, reader.tenant, fromRosterId)
    return from && permitsRoster(reader, 'roster.read', from) ? patternIn(from) : 'unknown'
  }
  if (fromTemplateId === undefined) return null
  const found = (await templatesIn(tx, reader.tenant)).find(({ id }) => id === fromTemplateId)
  return found && permitsRoster(reader, 'roster.read', found) ? found : 'unknown'
}

/** A roster by the number of the day instead of its date. */
export function patternIn({ days, firstDay, entries }: Pick<KeptRoster, 'days' | 'firstDay' | 'entries'>): Pattern {
  const first = dayNumber(firstDay)
  return { days, entries: entries.map((entry) => ({ ...entry, day: dayNumber(entry.day) - first })) }
}

/** RP7: the pattern over the days, again and again where it is shorter. */
export function laidOut(pattern: Pattern, firstDay: string, days: number): RosterEntry[] {
  const byDay = Map.groupBy(pattern.entries, ({ day }) => day)
  return daysFrom(firstDay, days).flatMap((day, n) =>
    (byDay.get(n % pattern.days) ?? []).map((entry) => ({ ...entry, day })),
  )
}

/** A draft that would change what stands: it begins with the shifts as they are held now, covers and swaps included. */
export async function amend(tx: Tx, from: KeptRoster, name: string, act: Act): Promise<Made | Refused<'wrongStage'>> {
  if (from.status !== 'published') return refused('wrongStage')
  const held = await heldShifts(tx, act.tenant, from)
  const roster: KeptRoster = {
    ...from,
    id: randomUUID(),
    name,
    status: 'draft',
    revision: 1,
    entries: held.filter(({ clusterId }) => from.clusterIds.includes(clusterId)).map(entryOf),
    overrides: [],
    amends: from.id,
    basis: await lastPublication(tx, act.tenant),
    ...{ createdAt: act.now, createdBy: act.actor, updatedAt: act.now, publishedAt: null, publishedBy: null },
  }
  return { roster, events: await keepRoster(tx, { roster, kind: 'amend', detail: { amends: from.id } }, act) }
}

type EditRefusal = Refused<'wrongStage' | 'conflict' | 'unknown' | 'notRostered'>

/** RP2: changes lines of a draft; answered with what it makes of the score and of the rules. */
export async function edit(
  tx: Tx,
  before: KeptRoster,
  { revision, edits }: { revision: number; edits: readonly RosterEdit[] },
  act: Act,
): Promise<{ answer: RosterEdited; events: NewEvent[] } | EditRefusal> {
  if (before.status !== 'draft') return refused('wrongStage')
  if (revision !== before.revision) return refused('conflict')
  const posed = await problemOf(tx, before, act.now)
  const bar = barOf(before, posed, edits)
  if (bar) return bar
  const scoring = openScoring(posed.problem, [...before.entries, ...posed.elsewhere])
  const undo = edits.map(({ personId, day }) => undoOf(before.entries, personId, day)).reverse()
  for (const one of edits) scoring.change(one.personId, one.day, slotOf(posed, one))
  const roster: KeptRoster = {
    ...before,
    entries: scoring.roster().filter(({ clusterId }) => before.clusterIds.includes(clusterId)),
    revision: before.revision + 1,
    updatedAt: act.now,
  }
  const events = await keepRoster(tx, { roster, kind: 'edit', detail: { edits: edits.slice(0, 50) } }, act)
  return { answer: { roster: headOfRoster(roster), undo, score: scoring.score(), cover: scoring.cover() }, events }
}

const undoOf = (entries: readonly RosterEntry[], personId: string, day: string): RosterEdit => {
  const had = entries.find((entry) => entry.personId === personId && entry.day === day)
  return had ? { ...had } : { personId, day, shiftId: null }
}

function slotOf({ problem }: Posed, { personId, day, shiftId, clusterId, skill }: RosterEdit) {
  if (shiftId === null) return null
  const own = problem.people.find(({ id }) => id === personId)?.clusterIds[0] ?? ''
  return { day, shiftId, clusterId: clusterId ?? own, ...(skill !== undefined && { skill }) }
}

/** Nothing of an edit is taken if some of it names what is not there. */
function barOf(
  roster: KeptRoster,
  { problem, elsewhere }: Posed,
  edits: readonly RosterEdit[],
): Refused<'unknown' | 'notRostered'> | null {
  const days = new Set(daysFrom(roster.firstDay, roster.days))
  const kinds = new Set(problem.shifts.map(({ id }) => id))
  const people = new Map(problem.people.map((person) => [person.id, person]))
  for (const { personId, day, shiftId, clusterId } of edits) {
    if (!days.has(day) || (shiftId !== null && !kinds.has(shiftId))) return refused('unknown')
    const person = people.get(personId)
    if (!person) return refused('notRostered')
    const where = clusterId ?? person.clusterIds[0] ?? ''
    if (shiftId !== null && !roster.clusterIds.includes(where)) return refused('notRostered')
    if (elsewhere.some((entry) => entry.personId === personId && entry.day === day)) return refused('notRostered')
  }
  return null
}
