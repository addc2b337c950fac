import { randomUUID } from 'node:crypto'
import type { Db, Tx } from '#db/connect.ts'
import { insertRows } from '#db/insert-rows.ts'
import { ticketAreas } from '#db/schema/response.ts'
import { dispatches, importedRows, ticketLog, tickets } from '#db/schema/tickets.ts'
import type { ReadRow } from '#domain/import-row.ts'
import { joinRows, type PastTicket, type Placing, ticketOfRows } from '#domain/import-ticket.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community, Tenant } from '#domain/places.ts'
import type { Actor, Ticket } from '#domain/ticket.ts'
import type { Site } from '#domain/ticket-report.ts'
import { ENDED } from '#domain/ticket-states.ts'
import type { Unit } from '#domain/units.ts'
import { appendEvent, nextTicketNumbers } from '#server/feed/append.ts'

import { appendLog, saveTicket, ticketsForUpdate } from '#server/tickets/queries.ts'
import {
  communitiesByCode,
  dispatchesOf,
  highestUnitIndex,
  insertUnits,
  lastLogNumber,
  lockSource,
  ticketIdsByKey,
  unitIdsByCallsign,
} from './import-queries.ts'

/** Rows of one ticket key. */
export type Group = readonly [ReadRow, ...ReadRow[]]

export interface ImportBatch {
  tenant: Tenant
  source: string
  groups: readonly Group[]
  allOver: boolean
  tellsArrival: boolean
}

export interface ImportedBatch {
  tickets: number
  /** Tickets that were here already and got further rows. */
  joined: number
  dispatches: number
  /** Rows that were here already. */
  known: number
  /** Callsigns. */
  newUnits: string[]
  /** Codes that name no community of the city. */
  unknownCommunities: Set<string>
}

/**
 * IM3, IM4, IM8: brings a batch of history in, in one transaction; a row that is here already changes nothing. No clock, no alarm
 * and no offer comes of it. With `dryRun` it only says what it would do.
 */
export async function importTickets(
  db: Db,
  batch: ImportBatch,
  now: Instant,
  { dryRun = false } = {},
): Promise<ImportedBatch> {
  return db.transaction(async (tx) => {
    if (!dryRun) await lockSource(tx, batch.tenant.code, batch.source)
    const gathered = await gather(tx, batch)
    const sent = [...gathered.fresh, ...gathered.late.map(({ rows }) => rows)].flat()
    const answer = {
      tickets: gathered.fresh.length,
      joined: gathered.late.length,
      dispatches: sent.filter(({ unit }) => unit !== null).length,
      known: gathered.known,
      newUnits: [...gathered.newCallsigns],
      unknownCommunities: new Set(
        sent.flatMap(({ community }) =>
          community !== null && !gathered.communities.has(community) ? [community] : [],
        ),
      ),
    }
    if (!dryRun && sent.length > 0) await keep(tx, batch, gathered, now)
    return answer
  })
}

interface Gathered {
  /** Groups whose ticket is new. */
  fresh: Group[]
  /** Groups whose ticket is here already, reduced to the rows that are not. */
  late: { ticketId: string; rows: Group }[]
  known: number
  unitIds: Map<string, string>
  newCallsigns: Set<string>
  communities: Map<string, Community>
}

const rowName = ({ rowKey }: ReadRow) => `row ${rowKey}`
const ticketName = ([{ ticketKey }]: Group) => `ticket ${ticketKey}`

async function gather(tx: Tx, { tenant: { code: tenant }, source, groups }: ImportBatch): Promise<Gathered> {
  const keys = groups.flatMap((group) => [ticketName(group), ...group.map(rowName)])
  const seen = await ticketIdsByKey(tx, tenant, source, keys)
  const fresh: Group[] = []
  const late: Gathered['late'] = []
  let known = 0
  for (const group of groups) {
    const [first, ...others] = newRowsOf(group, seen)
    known += group.length - (first ? others.length + 1 : 0)
    const ticketId = seen.get(ticketName(group))
    if (!first) continue
    if (ticketId === undefined) fresh.push([first, ...others])
    else late.push({ ticketId, rows: [first, ...others] })
  }
  const rows = [...fresh, ...late.map((one) => one.rows)].flat()
  const callsigns = distinct(rows.flatMap(({ unit }) => unit ?? []))
  const unitIds = await unitIdsByCallsign(tx, tenant, callsigns)
  const newCallsigns = new Set(callsigns.filter((callsign) => !unitIds.has(callsign)))
  for (const callsign of newCallsigns) unitIds.set(callsign, randomUUID())
  const codes = distinct(rows.flatMap(({ community }) => community ?? []))
  return { fresh, late, known, unitIds, newCallsigns, communities: await communitiesByCode(tx, tenant, codes) }
}

/** Each row once, also when the file itself repeats it. */
function newRowsOf(group: Group, seen: ReadonlyMap<string, string>): ReadRow[] {
  const once = new Map<string, ReadRow>()
  for (const row of group) if (!seen.has(rowName(row)) && !once.has(row.rowKey)) once.set(row.rowKey, row)
  return [...once.values()]
}

const distinct = (words: readonly string[]) => [...new Set(words)]

async function keep(tx: Tx, batch: ImportBatch, gathered: Gathered, now: Instant): Promise<void> {
  const actor: Actor = { kind: 'import', id: batch.source }
  const units = await keepUnits(tx, batch.tenant, gathered, now)
  const joined = await keepJoined(tx, batch, gathered, actor, now)
  // From here on the head of the feed is held.
  const made = await makeTickets(tx, batch, gathered, actor, now)
  const everything = [...made, ...joined]
  await insertRows(
    tx,
    tickets,
    made.map(({ ticket }) => ticket),
  )
  await insertRows(
    tx,
    ticketLog,
    made.flatMap(({ ticket, entries }) => entries.map((entry, i) => ({ ...entry, ticketId: ticket.id, n: i + 1 }))),
  )
  await insertRows(
    tx,
    dispatches,
    everything.flatMap((one) => one.dispatches),
  )
  await insertRows(tx, importedRows, rowsToKeep(batch, gathered, made))
  await insertRows(tx, ticketAreas, areasOf(batch, gathered, made))
  await announce(
    tx,
    batch.tenant.code,
    actor,
    everything.map(({ ticket }) => ticket),
    units,
    now,
  )
}

/** A unit the city does not know: off duty, without consent and without a device; nobody will offer it anything. */
async function keepUnits(tx: Tx, tenant: Tenant, { newCallsigns, unitIds }: Gathered, now: Instant): Promise<Unit[]> {
  if (newCallsigns.size === 0) return []
  let index = await highestUnitIndex(tx, tenant.code)
  const rows = [...newCallsigns].map(
    (callsign): Unit => ({
      id: unitIds.get(callsign) as string,
      tenant: tenant.code,
      index: ++index,
      callsign,
      kind: 'crew',
      skills: [],
      mode: 'car',
      firmId: null,
      homeCommunityId: null,
      // The source names no post.
      postLng: tenant.centre[0],
      postLat: tenant.centre[1],
      districtCode: '',
      subdistrictCode: '',
      duty: 'offDuty',
      dutySince: now,
      tracked: false,
      synthetic: false,
    }),
  )
  await insertUnits(tx, rows)
  return rows
}

const placingOf = (batch: ImportBatch, { unitIds }: Gathered, site: Site | null): Placing => ({
  tenant: batch.tenant.code,
  site,
  unitIds,
  newId: randomUUID,
  allOver: batch.allOver,
  tellsArrival: batch.tellsArrival,
})

async function makeTickets(
  tx: Tx,
  batch: ImportBatch,
  gathered: Gathered,
  actor: Actor,
  now: Instant,
): Promise<PastTicket[]> {
  const { fresh } = gathered
  if (fresh.length === 0) return []
  const first = await nextTicketNumbers(tx, batch.tenant.code, fresh.length)
  return fresh.map((rows, i) => {
    const made = { id: randomUUID(), number: first + i }
    return ticketOfRows(rows, made, placingOf(batch, gathered, siteOf(rows, gathered.communities)), actor, now)
  })
}

function siteOf([{ community: code }]: Group, communities: ReadonlyMap<string, Community>): Site | null {
  const community = code === null ? undefined : communities.get(code)
  if (!community) return null
  const { id, districtCode, subdistrictCode, neighbourhoodCode, firmId } = community
  return { communityId: id, districtCode, subdistrictCode, neighbourhoodCode, firmId }
}

/** Locked in the order of their ids, as every verb that takes several does. */
async function keepJoined(
  tx: Tx,
  batch: ImportBatch,
  gathered: Gathered,
  actor: Actor,
  now: Instant,
): Promise<PastTicket[]> {
  const held = await ticketsForUpdate(
    tx,
    batch.tenant.code,
    gathered.late.map(({ ticketId }) => ticketId),
  )
  const joined: PastTicket[] = []
  for (const { ticketId, rows } of gathered.late) {
    const ticket = held.get(ticketId)
    if (!ticket) continue
    const before = { ticket, dispatches: await dispatchesOf(tx, ticketId) }
    const past = joinRows(before, rows, placingOf(batch, gathered, null), actor, now)
    await saveTicket(tx, past.ticket)
    if (past.entries.length > 0) await appendLog(tx, ticketId, await lastLogNumber(tx, ticketId), past.entries)
    joined.push(past)
  }
  return joined
}

function rowsToKeep(batch: ImportBatch, { fresh, late }: Gathered, made: readonly PastTicket[]) {
  const { source } = batch
  const row = (rowKey: string, ticketId: string) => ({ tenant: batch.tenant.code, source, rowKey, ticketId })
  const begun = fresh.flatMap((group, i) => {
    const { id } = (made[i] as PastTicket).ticket
    return [row(ticketName(group), id), ...group.map((one) => row(rowName(one), id))]
  })
  return [...begun, ...late.flatMap(({ ticketId, rows }) => rows.map((one) => row(rowName(one), ticketId)))]
}

/** As with its place, the first row of a ticket says its area. */
function areasOf({ tenant }: ImportBatch, { fresh }: Gathered, made: readonly PastTicket[]) {
  return fresh.flatMap(([{ area }], i) =>
    area === null ? [] : [{ ticketId: (made[i] as PastTicket).ticket.id, tenant: tenant.code, areaCode: area }],
  )
}

/**
 * IM8: one event a batch tells that history came, with the units made for it; tickets go along only where they are not
 * over, each jurisdiction's in an event of its own. What is over is read where lists are read.
 */
async function announce(
  tx: Tx,
  tenant: string,
  actor: Actor,
  all: readonly Ticket[],
  units: Unit[],
  now: Instant,
): Promise<void> {
  const event = { tenant, at: now, actor, kind: 'ticket:imported' as const }
  const nowhere = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmIds: [], unitIds: [] }
  const history = all.map(({ number }) => number)
  await appendEvent(tx, { ...event, audience: nowhere, state: { history, ...(units.length > 0 && { units }) } })
  const live = Map.groupBy(
    all.filter(({ status }) => !ENDED.includes(status)),
    ({ neighbourhoodCode, firmId }) => `${neighbourhoodCode} ${firmId}`,
  )
  for (const some of live.values()) {
    const { districtCode, subdistrictCode, neighbourhoodCode, firmId } = some[0] as Ticket
    const audience = { districtCode, subdistrictCode, neighbourhoodCode, firmIds: firmId ? [firmId] : [], unitIds: [] }
    await appendEvent(tx, { ...event, audience, state: { tickets: some } })
  }
}
