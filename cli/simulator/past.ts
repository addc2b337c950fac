import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Db } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { communities, tenants } from '#db/schema/places.ts'
import { CATEGORY_DEFAULTS, emergencyNumber } from '#domain/categories.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import { haversineM } from '#domain/geo.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import type { Community, Tenant } from '#domain/places.ts'
import { between, seededRandom } from '#domain/random.ts'
import { isRefused } from '#domain/refusal.ts'
import type { Ticket } from '#domain/ticket.ts'
import { TRAVEL } from '#domain/travel.ts'
import type { Unit } from '#domain/units.ts'
import { offerExpiry } from '#server/dispatch/expiry.ts'
import type { FleetView } from '#server/fleet/view.ts'
import { slaTimers } from '#server/tickets/timers.ts'
import type { StaffIds } from './accounts.ts'
import { communityDraw, postsOf, weightedDraw } from './city.ts'
import { categoryWeights, wallClock } from './demand.ts'
import { deskAct, unitAct } from './desk.ts'
import { type Fate, fateOf, type Temper, temperOf } from './fate.ts'
import { type PastRoom, pastRoom } from './past-room.ts'
import { PHRASES } from './phrases.ts'
import { type Words, wordsOf } from './words.ts'

/** How long ago the calls of a morning came, in minutes: most of them in the last half hour, so that every stage is on the board. */
const RECENT = { calls: 34, fromMin: 0.2, toMin: 32 }
const EARLIER = { calls: 18, fromMin: 32, toMin: 140 }

/**
 * What a demo's neighbourhood worker finds on the table: two bookings to place and a few solved cases to call back. Reported
 * by that account, so the simulator, which works only what it has reported itself, leaves them to whoever looks at the demo.
 */
const CORNER: readonly Pick<PastCall, 'category' | 'leftAt'>[] = [
  { category: 'plumbingElectrical', leftAt: 'resolved' },
  { category: 'lighting', leftAt: 'resolved' },
  { category: 'unlocking', leftAt: 'resolved' },
  { category: 'lifeService', leftAt: 'triaged' },
  { category: 'lifeService', leftAt: 'triaged' },
]
const CORNER_AGES_MIN = [170, 140, 110, 40, 15]

const STEP_MS = 5 * SECOND_MS

export interface Corner {
  neighbourhoodCode: string
  userId: string
}

export interface Past {
  db: Db
  tenant: string
  staff: StaffIds
  seed: number
  /** The moment up to which the past is told. */
  until: Instant
  /** Between two calls nobody need wait any longer. */
  signal: AbortSignal
  /** The neighbourhood worker of the demo's own accounts; null = none. */
  corner: Corner | null
}

/**
 * The hours before a demo's first start: the same residents, rules, routes and timers as afterwards, each thing at its own moment.
 * One ticket is one transaction, so that the engine of the running server never meets a ticket in the middle of its past.
 */
export async function tellPast({ db, tenant: code, staff, seed, until, signal, corner }: Past): Promise<void> {
  const [tenant] = await db.select().from(tenants).where(eq(tenants.code, code))
  if (!tenant) return
  const homes = await db.select().from(communities).where(eq(communities.tenant, code))
  const roster = await db.select().from(units).where(eq(units.tenant, code))
  const words = wordsOf(tenant.locale, PHRASES, seed)
  const told = pastFleet(roster)
  const near = homes.filter(({ neighbourhoodCode }) => neighbourhoodCode === corner?.neighbourhoodCode)
  const calls = [...callsOf(tenant, homes, roster, seed, until), ...(corner ? cornerCalls(near, corner, until) : [])]
  for (const call of calls.sort((a, b) => a.at - b.at)) {
    if (signal.aborted) return
    await db.transaction(async (tx) => {
      const room = pastRoom(tx, told, tenant, staff)
      await liveThrough({ room, words, seed, until, units: roster }, call, tenant)
    })
  }
}

interface PastCall {
  at: Instant
  community: Community
  category: Ticket['category']
  /** Where the simulated desk leaves it to a person; null = never. */
  leftAt: Ticket['status'] | null
  /** Whose report it is; null = the simulator's. */
  userId: string | null
}

const cornerCalls = (homes: readonly Community[], { userId }: Corner, until: Instant): PastCall[] =>
  CORNER.flatMap((call, n) => {
    const community = homes[n % homes.length]
    return community ? [{ ...call, community, userId, at: until - (CORNER_AGES_MIN[n] ?? 0) * MINUTE_MS }] : []
  })

function callsOf(
  tenant: Pick<Tenant, 'timeZone'>,
  homes: readonly Community[],
  roster: readonly Unit[],
  seed: number,
  until: Instant,
): PastCall[] {
  const random = seededRandom(seed, 'past calls')
  const local = wallClock(tenant.timeZone)
  const draw = communityDraw(homes, postsOf(roster), random)
  const ages = [RECENT, EARLIER].flatMap(({ calls, fromMin, toMin }) =>
    Array.from({ length: calls }, () => between(random, fromMin, toMin) * MINUTE_MS),
  )
  return ages
    .map((age) => Math.round(until - age))
    .sort((a, b) => a - b)
    .flatMap((at) => {
      const community = draw()
      return community
        ? [{ at, community, category: weightedDraw(categoryWeights(local(at)), random), leftAt: null, userId: null }]
        : []
    })
}

interface Life {
  room: PastRoom
  words: Words
  seed: number
  until: Instant
  units: readonly Unit[]
}

/** One ticket from its call to now, in steps of five seconds: whatever was due at a step happened then. */
async function liveThrough(life: Life, call: PastCall, tenant: Tenant): Promise<void> {
  const { room, words, seed, until } = life
  const key = randomUUID()
  const { community, category, leftAt, userId } = call
  const handedOffTo = emergencyNumber(category, tenant.emergencyNumbers)
  const said = {
    channel: 'simulator' as const,
    category,
    description: words.description(category, key),
    address: words.address(community.name, key),
    communityId: community.id,
    priority: CATEGORY_DEFAULTS[category].priority,
    ...(handedOffTo && { handedOffTo }),
  }
  const reported = await room.report(call.at, said, userId ?? undefined)
  if (isRefused(reported)) throw new Error(`a call of the demo's past was refused: ${reported.why}`)
  const fate = fateOf(reported.id, category, seed)
  let ticket: Ticket = reported
  let errand: PastErrand | null = null
  for (let at = call.at; at <= until && ticket.status !== leftAt && !OVER.includes(ticket.status); at += STEP_MS) {
    // Most steps pass in silence; the rows are read again only when something has happened.
    if (!(await timePasses(room, ticket, errand, at)) && !(await stepOf(room, ticket, errand, fate, at))) continue
    ticket = (await room.ticket(ticket.id)) ?? ticket
    errand = await errandOf(life, ticket)
  }
}

const OVER: readonly Ticket['status'][] = ['closed', 'cancelled', 'not_admitted']

interface PastErrand {
  dispatch: Dispatch
  temper: Temper
  /** When the unit will stand, or stood, at the site; null before it sets out. */
  thereAt: Instant | null
}

async function errandOf({ room, seed, units: roster }: Life, ticket: Ticket): Promise<PastErrand | null> {
  const dispatch = await room.dispatch(ticket)
  const unit = dispatch && roster.find(({ id }) => id === dispatch.unitId)
  return unit ? { dispatch, temper: temperOf(dispatch.id, seed), thereAt: arrivalOf(unit, dispatch, ticket) } : null
}

/** What the engine would have done by then; answers whether anything was due. */
async function timePasses(room: PastRoom, ticket: Ticket, errand: PastErrand | null, at: Instant): Promise<boolean> {
  const expiresAt = errand?.dispatch.status === 'offered' ? errand.dispatch.expiresAt : null
  const isExpired = expiresAt !== null && expiresAt <= at
  const isDue = ticket.nextTimerAt !== null && ticket.nextTimerAt <= at
  if (isExpired) await room.engine(offerExpiry, at)
  if (isDue) await room.engine((_fleet, wake) => slaTimers(wake), at)
  return isExpired || isDue
}

async function stepOf(
  room: PastRoom,
  ticket: Ticket,
  errand: PastErrand | null,
  fate: Fate,
  at: Instant,
): Promise<boolean> {
  const act = deskAct(ticket, fate, at)
  if (act) return room.desk(act, ticket, at)
  if (!errand) return false
  const { dispatch, temper, thereAt } = errand
  const said = unitAct(
    { dispatch, ticket, atSiteSince: thereAt !== null && thereAt <= at ? thereAt : null },
    temper,
    fate,
    at,
  )
  return said ? room.unit(said, dispatch, at) : false
}

/** From its post, at the speed that the ranking estimates with. */
function arrivalOf(unit: Unit, { enRouteAt }: Dispatch, ticket: Ticket): Instant | null {
  if (enRouteAt === null) return null
  const wayM = haversineM([unit.postLng, unit.postLat], [ticket.lng, ticket.lat]) * TRAVEL.detour
  return enRouteAt + (wayM / ((TRAVEL.speedKmh[unit.mode] * 1_000) / 3_600)) * SECOND_MS
}

/** Nobody had reported a position yet: every unit is taken to be at its post, and answers by phone. */
function pastFleet(roster: readonly Unit[]): FleetView {
  return {
    units: () => roster,
    last: () => null,
    recent: () => [],
    isReachable: () => false,
    reload: async () => undefined,
  }
}
