import type { Alarm } from './alarm.ts'
import type { CommunityCase } from './community.ts'
import type { Dispatch } from './dispatch.ts'
import type { RosterHead } from './duty-roster.ts'
import type { CoverOffer, DutyNotice, DutyShift, DutySwap, HandOver } from './duty-shift.ts'
import type { Engagement } from './engagement.ts'
import type { Instant } from './instant.ts'
import type { PlanHead } from './plan.ts'
import type { PoolEntry } from './pool.ts'
import type { Proof } from './proof.ts'
import type { Selection } from './selection.ts'
import type { Actor, LogEntry, Ticket } from './ticket.ts'
import type { Unit } from './units.ts'

/** Every kind of thing the feed tells. Past tense: it has happened and is committed. */
export const FEED_KINDS = [
  'ticket:reported',
  'ticket:triaged',
  'ticket:placed',
  'ticket:offered',
  'ticket:declined',
  'ticket:expired',
  'ticket:offerWithdrawn',
  'ticket:accepted',
  'ticket:departed',
  'ticket:arrived',
  'ticket:planSubmitted',
  'ticket:resolved',
  'ticket:rated',
  'ticket:visited',
  'ticket:closed',
  'ticket:returned',
  'ticket:suspended',
  'ticket:resumed',
  'ticket:reopened',
  'ticket:cancelled',
  'ticket:notAdmitted',
  'ticket:extended',
  'ticket:transferred',
  'ticket:escalated',
  'ticket:merged',
  'ticket:noted',
  'ticket:warned',
  'ticket:breached',
  'ticket:handedOff',
  'ticket:imported',
  'unit:changed',
  'unit:dutyChanged',
  'alarm:raised',
  'alarm:acknowledged',
  'places:changed',
  'community:changed',
  'community:atRisk',
  'community:calmed',
  'community:declared',
  'community:selecting',
  'community:unselected',
  'community:covered',
  'community:handingOver',
  'community:hired',
  'community:selfManaged',
  'community:abandoned',
  'community:refuseCollected',
  'pool:applied',
  'pool:changed',
  'pool:admitted',
  'pool:suspended',
  'pool:reinstated',
  'pool:removed',
  'pool:scored',
  'pool:lit',
  'pool:banned',
  'selection:opened',
  'selection:frozen',
  'selection:valueGiven',
  'selection:drawn',
  'selection:decided',
  'selection:cancelled',
  'engagement:proposed',
  'engagement:offered',
  'engagement:accepted',
  'engagement:declined',
  'engagement:expired',
  'engagement:contracted',
  'engagement:publicised',
  'engagement:activated',
  'engagement:expiring',
  'engagement:handingOver',
  'engagement:ended',
  'engagement:withdrawn',
  'engagement:proved',
  'engagement:stepped',
  'engagement:warned',
  'plan:changed',
  'plan:solved',
  'plan:published',
  'plan:rolledBack',
  'plan:weightsAdded',
  'roster:changed',
  'roster:progressed',
  'roster:solved',
  'roster:published',
  'duty:started',
  'duty:ended',
  'duty:noShow',
  'duty:coverOffered',
  'duty:coverClosed',
  'duty:covered',
  'duty:swapChanged',
  'duty:swapped',
  'duty:handOverWritten',
  'duty:handOverTaken',
  'duty:noticed',
  'team:changed',
] as const
export type FeedKind = (typeof FEED_KINDS)[number]

/** The state after the event of everything it touched: a console upserts by id, so a replay changes nothing. */
export interface FeedState {
  tickets?: Ticket[]
  dispatches?: Dispatch[]
  units?: Unit[]
  alarms?: Alarm[]
  log?: LogEntry[]
  /** Numbers of the tickets that a batch of history made or moved: for whoever keeps a copy; consoles need none of them. */
  history?: number[]
  /** Communities in trouble, or just out of it. */
  cases?: CommunityCase[]
  poolEntries?: PoolEntry[]
  selections?: Selection[]
  engagements?: Engagement[]
  proofs?: Proof[]
  plans?: PlanHead[]
  rosters?: RosterHead[]
  shifts?: DutyShift[]
  covers?: CoverOffer[]
  swaps?: DutySwap[]
  handOvers?: HandOver[]
  notices?: DutyNotice[]
}

export interface FeedEvent {
  seq: number
  kind: FeedKind
  at: Instant
  actor: Actor
  state: FeedState
}

/** Whom an event concerns; compared with a reader's grants at publish and again at read. */
export interface FeedAudience {
  districtCode: string | null
  subdistrictCode: string | null
  /** Of what lies in several: a duty cluster. */
  subdistrictCodes?: string[]
  neighbourhoodCode: string | null
  firmIds: string[]
  unitIds: string[]
}

/** What one console is told at once: all of from..to, with only the events it may see inside (perhaps none). */
export interface FeedRange {
  epoch: string
  from: number
  to: number
  events: FeedEvent[]
}
