import { CATEGORY_DEFAULTS } from '#domain/categories.ts'
import { DAY_MS, HOUR_MS, type Instant, SECOND_MS } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import { between, chance, pick, type Random, seededRandom, wholeBetween } from '#domain/random.ts'
import { POLICY_5341 } from '#domain/sla.ts'
import type { Category, LogEntry, Ticket, TicketClass } from '#domain/ticket.ts'
import type { Unit } from '#domain/units.ts'
import type { DemoCity } from './city.ts'
import { MADE_UP } from './emergency/facts.ts'

/** So many days back, and so many tickets: enough that a month's pages say something, little enough that a start does not wait. */
const DAYS = 60
const TICKETS = 4_000

export interface DemoHistory {
  tickets: Ticket[]
  log: LogEntry[]
}

const CATEGORIES: readonly Category[] = [
  ...(['plumbingElectrical', 'plumbingElectrical', 'blockedDrain', 'lighting', 'cleaning', 'cleaning'] as const),
  ...(['unlocking', 'heatOutage', 'burstPipe', 'liftEntrapment', 'orderKeeping', 'waterOutage'] as const),
]
const CLASSES: readonly TicketClass[] = ['ordinary', 'ordinary', 'ordinary', 'ordinary', 'complex', 'complex', 'major']

/** How a firm works: every ninth comes late and leaves half of it unsolved. */
interface Manner {
  communities: Community[]
  units: Unit[]
  slowness: number
  isPoor: boolean
}

/**
 * Ended tickets of the weeks before, made up and marked as the simulator's, newest last: two rushes a day, most of them with the
 * larger firms. Pure: the same city, seed and moment give the same rows.
 */
export function demoHistory(city: Omit<DemoCity, 'accounts'>, seed: number, now: Instant): DemoHistory {
  const random = seededRandom(seed, 'history')
  const manners = mannersOf(city, random)
  const moments = Array.from({ length: TICKETS }, () => momentIn(random, now)).sort((a, b) => a - b)
  const made = moments.map((reportedAt, i) => {
    const manner = manners[Math.floor(manners.length * random() ** 3)]
    const community = manner && pick(random, manner.communities)
    return manner && community ? ended(random, { number: i + 1, reportedAt, manner, community }) : null
  })
  const tickets = made.flatMap((each) => each ?? [])
  return { tickets, log: tickets.flatMap((ticket) => logOf(ticket, random)) }
}

function mannersOf({ firms, communities, units }: Omit<DemoCity, 'accounts'>, random: Random): Manner[] {
  const served = Map.groupBy(communities, ({ firmId }) => firmId)
  const crews = Map.groupBy(units, ({ firmId }) => firmId)
  return firms
    .map(({ id }, i) => ({
      communities: served.get(id) ?? [],
      units: crews.get(id) ?? [],
      slowness: between(random, 0.7, 1.3) * (i % 9 === 4 ? 2.2 : 1),
      isPoor: i % 9 === 4,
    }))
    .filter((manner) => manner.communities.length > 0)
}

/** Twice as likely in the rushes as by day, and by day three times as likely as at night. */
const RUSH = [7, 8, 17, 18]
function momentIn(random: Random, now: Instant): Instant {
  for (;;) {
    // Long enough ago that its call-back is over too.
    const at = now - 2 * DAY_MS - random() * DAYS * DAY_MS
    // The demo's city has its clock eight hours ahead.
    const hour = Math.floor(at / HOUR_MS + 8) % 24
    const weight = RUSH.includes(hour) ? 1 : hour >= 6 && hour < 22 ? 0.5 : 0.17
    if (chance(random, weight)) return Math.floor(at / SECOND_MS) * SECOND_MS
  }
}

interface Order {
  number: number
  reportedAt: Instant
  manner: Manner
  community: Community
}

function ended(random: Random, { number, reportedAt, manner, community }: Order): Ticket {
  const category = pick(random, CATEGORIES)
  const kind = pick(random, CLASSES)
  const { priority, workField, skills } = CATEGORY_DEFAULTS[category]
  const isCancelled = chance(random, 0.03)
  const after = (from: Instant, low: number, high: number) => from + wholeBetween(random, low, high) * SECOND_MS
  const acceptedAt = after(reportedAt, 15, chance(random, 0.12) ? 420 : 70)
  const enRouteAt = after(acceptedAt, 5, chance(random, 0.08) ? 240 : 40)
  const onSiteAt = after(enRouteAt, 40, Math.round(170 * manner.slowness))
  const resolvedAt = after(onSiteAt, 300, kind === 'ordinary' ? 2_000 : 12_000)
  const { id: communityId, tenant, districtCode, subdistrictCode, neighbourhoodCode, lng, lat, firmId } = community
  const came = <T>(value: T): T | null => (isCancelled ? null : value)
  const isVisited = !isCancelled && chance(random, 0.85)
  const marks = manner.isPoor ? [1, 2, 3, 4] : [3, 4, 5, 5, 5]
  return {
    ...{ id: `${tenant}-h${number}`, tenant, number, status: isCancelled ? 'cancelled' : 'closed' },
    ...{ suspendedFrom: null, class: kind, priority, category, workField, channel: 'simulator', imported: false },
    origin: chance(random, 0.22) ? 'proactive' : 'complaint',
    ...{ communityId, districtCode, subdistrictCode, neighbourhoodCode, lng, lat },
    address: `${wholeBetween(random, 1, 30)} 号楼`,
    ...{ description: '', neededSkills: [...skills] },
    ...{ unitId: came(manner.units.length > 0 ? pick(random, manner.units).id : null), firmId, round: 1 },
    ...{ reportedAt, reportedBy: MADE_UP, placedAt: reportedAt, placedBy: MADE_UP, triagedAt: reportedAt },
    ...{ acceptedAt: came(acceptedAt), acceptedBy: came(MADE_UP), enRouteAt: came(enRouteAt) },
    ...{ onSiteAt: came(onSiteAt), arrivalGrade: came('geofence') },
    planSubmittedAt: kind === 'major' ? came(after(onSiteAt, 3_600, 90_000)) : null,
    resolvedAt: came(resolvedAt),
    visitedAt: isVisited ? resolvedAt + DAY_MS / 4 : null,
    closedAt: resolvedAt + DAY_MS / 2,
    ...(!isCancelled && chance(random, 0.5)
      ? { ratedAt: resolvedAt + HOUR_MS, ratedBy: MADE_UP, rating: pick(random, marks) }
      : { ratedAt: null, ratedBy: null, rating: null }),
    ...{ ratingText: null, resolution: null, solutionPlan: null, reason: null, mergedInto: null, escalated: false },
    ...{ handedOffTo: null, handedOffAt: null, policyVersion: POLICY_5341.version },
    ...{ arriveDueAt: null, solveDueAt: null, pausedAt: null, nextTimer: null, nextTimerAt: null },
    arriveBreached: !isCancelled && onSiteAt - reportedAt > POLICY_5341.arriveMs,
    solveBreached: false,
    ...{ createdAt: reportedAt, updatedAt: resolvedAt },
  }
}

/** What happened to it, as a ticket's page tells it; the call-back says whether it was solved. */
function logOf(ticket: Ticket, random: Random): LogEntry[] {
  const { unitId, rating, visitedAt, onSiteAt, reportedAt } = ticket
  const isPoor = rating !== null ? rating < 4 : onSiteAt !== null && onSiteAt - reportedAt > 2 * POLICY_5341.arriveMs
  const steps: [LogEntry['kind'], Instant | null, Record<string, unknown> | null][] = [
    ['report', reportedAt, null],
    ['accept', ticket.acceptedAt, { unitId }],
    ['depart', ticket.enRouteAt, null],
    ['arrive', onSiteAt, null],
    ['resolve', ticket.resolvedAt, null],
    [
      'visit',
      visitedAt,
      { solved: chance(random, isPoor ? 0.45 : 0.9), satisfied: chance(random, isPoor ? 0.4 : 0.93) },
    ],
  ]
  return steps
    .filter((step): step is [LogEntry['kind'], Instant, Record<string, unknown> | null] => step[1] !== null)
    .map(([kind, at, detail], i) => ({
      ...{ ticketId: ticket.id, n: i + 1, kind, at, actor: MADE_UP, reason: null, class: ticket.class },
      ...{ policyVersion: ticket.policyVersion, dispatchId: null },
      grade: kind === 'arrive' ? ticket.arrivalGrade : null,
      detail,
    }))
}
