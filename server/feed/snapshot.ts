import { and, eq, gt, inArray, notInArray, or } from 'drizzle-orm'
import type { Db, Tx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { firms } from '#db/schema/places.ts'
import { dispatches, tickets } from '#db/schema/tickets.ts'
import { type Grant, scopeOf } from '#domain/access.ts'
import { HOUR_MS, type Instant } from '#domain/instant.ts'
import { ENDED } from '#domain/ticket-states.ts'
import type { Reader } from '#server/serving.ts'
import { visibleTickets } from '#server/tickets/audience.ts'
import type { FeedSnapshot } from '#wire/routes/feed.ts'
import { maySeeDispatch, maySeeUnit } from './entitled.ts'
import { headOf } from './log.ts'
import { alarmsFor, emergencyFor } from './snapshot-emergency.ts'

/** What ended in this shift is still to be rated, called back about and closed. */
const RECENT_MS = 12 * HOUR_MS

type State = Omit<FeedSnapshot, 'reachable'>

/** Snapshots by reader's rights: a storm of reconnecting consoles with equal rights costs one reading. */
interface Remembered {
  epoch: string
  to: number
  state: Promise<State>
}

const MOST_REMEMBERED = 32

export interface Snapshots {
  of(reader: Reader, now: Instant): Promise<FeedSnapshot>
}

export function openSnapshots(db: Db, isReachable: (unitId: string) => boolean): Snapshots {
  const remembered = new Map<string, Remembered>()
  const read = async (reader: Reader, now: Instant): Promise<State> => {
    const head = await headOf(db, reader.tenant)
    const key = JSON.stringify([reader.tenant, reader.grants])
    const made = remembered.get(key)
    if (made && head && made.epoch === head.epoch && made.to === head.seq) return made.state
    const state = db.transaction((tx) => stateOf(tx, reader, now), {
      isolationLevel: 'repeatable read',
      accessMode: 'read only',
    })
    remembered.delete(key)
    if (head) remembered.set(key, { epoch: head.epoch, to: head.seq, state })
    const [oldest] = remembered.keys()
    if (oldest !== undefined && remembered.size > MOST_REMEMBERED) remembered.delete(oldest)
    state.catch(() => remembered.delete(key))
    return state
  }
  return {
    async of(reader, now) {
      const state = await read(reader, now)
      return { ...state, at: now, reachable: state.units.filter(({ id }) => isReachable(id)).map(({ id }) => id) }
    },
  }
}

/** FD5: the state as of one sequence number, read in one transaction that sees one moment. */
async function stateOf(tx: Tx, { tenant, grants }: Reader, now: Instant): Promise<State> {
  const head = await headOf(tx, tenant)
  if (!head) throw new Error(`tenant ${tenant} has no feed head`)
  const seenTickets = await liveTickets(tx, tenant, grants, now)
  const seenUnits = await unitsFor(tx, tenant, grants)
  return {
    epoch: head.epoch,
    to: head.seq,
    at: now,
    tickets: seenTickets,
    dispatches: await dispatchesOf(
      tx,
      seenTickets.map(({ id }) => id),
      tenant,
      grants,
    ),
    units: seenUnits,
    firms: await firmsFor(tx, tenant, grants, seenUnits),
    alarms: await alarmsFor(tx, tenant, grants),
    ...(await emergencyFor(tx, tenant, grants)),
  }
}

function liveTickets(tx: Tx, tenant: string, grants: readonly Grant[], now: Instant) {
  const isLive = notInArray(tickets.status, [...ENDED])
  const isRecent = and(
    inArray(tickets.status, ['resolved', 'rated', 'visited']),
    eq(tickets.imported, false),
    gt(tickets.updatedAt, now - RECENT_MS),
  )
  return tx
    .select()
    .from(tickets)
    .where(and(eq(tickets.tenant, tenant), or(isLive, isRecent), visibleTickets(grants)))
    .orderBy(tickets.number)
}

async function dispatchesOf(tx: Tx, ticketIds: string[], tenant: string, grants: readonly Grant[]) {
  if (ticketIds.length === 0) return []
  const rows = await tx
    .select()
    .from(dispatches)
    .where(
      and(
        inArray(dispatches.ticketId, ticketIds),
        inArray(dispatches.status, ['offered', 'accepted', 'en_route', 'on_site']),
      ),
    )
  return rows.filter(({ unitId }) => maySeeDispatch(grants, tenant, unitId))
}

async function unitsFor(tx: Tx, tenant: string, grants: readonly Grant[]) {
  const rows = await tx.select().from(units).where(eq(units.tenant, tenant)).orderBy(units.index)
  return rows.filter((unit) => maySeeUnit(grants, unit))
}

async function firmsFor(tx: Tx, tenant: string, grants: readonly Grant[], seen: { firmId: string | null }[]) {
  const rows = await tx.select().from(firms).where(eq(firms.tenant, tenant))
  if (grants.some(({ role }) => scopeOf(role, 'unit.read') === 'tenant')) return rows
  const mine = new Set(seen.map(({ firmId }) => firmId))
  return rows.filter(({ id }) => mine.has(id))
}
