import { Type } from 'typebox'
import type { Alarm } from '#domain/alarm.ts'
import type { CommunityCase } from '#domain/community.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Engagement } from '#domain/engagement.ts'
import type { Instant } from '#domain/instant.ts'
import type { PoolEntry } from '#domain/pool.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Firm, Unit } from '#domain/units.ts'
import { route } from '#wire/route.ts'
import { Done, FeedRangeShape, IdParams, shape } from '#wire/shapes.ts'

/** Everything a console needs to begin: the live tickets and all units it may see, as of `to`. */
export interface FeedSnapshot {
  epoch: string
  /** The snapshot holds every event up to and including this one. */
  to: number
  at: Instant
  tickets: Ticket[]
  dispatches: Dispatch[]
  units: Unit[]
  firms: Firm[]
  alarms: Alarm[]
  /** Communities in trouble: at risk, unmanaged, being chosen for, in emergency service, handing over. */
  cases: CommunityCase[]
  poolEntries: PoolEntry[]
  /** Those under way and those that serve. */
  engagements: Engagement[]
  /** Ids of units whose page is connected now. */
  reachable: string[]
}

export const feedSnapshot = route({
  method: 'GET',
  path: '/api/feed/snapshot',
  action: 'feed.read',
  summary: 'State as of one sequence number, read in one transaction',
  answer: shape<FeedSnapshot>('FeedSnapshot'),
})

export const feedSince = route({
  method: 'GET',
  path: '/api/feed',
  action: 'feed.read',
  summary:
    'Events after `since`, in order; `from`..`to` is the range covered; 410 historyLost when the epoch is another or the log no longer reaches back',
  query: Type.Object({
    since: Type.Integer({ minimum: 0 }),
    epoch: Type.String({ maxLength: 64 }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000 })),
  }),
  answer: FeedRangeShape,
})

export const acknowledgeAlarm = route({
  method: 'POST',
  path: '/api/alarms/:id/acknowledge',
  action: 'alarm.acknowledge',
  orAction: 'engagement.acknowledge',
  summary: 'One console acknowledges; all fall silent',
  command: true,
  params: IdParams,
  answer: Done,
})
