import type { Instant } from './instant.ts'
import type { Skill } from './units.ts'

export const TICKET_STATUSES = [
  'reported',
  'triaged',
  'placed',
  'offered',
  'accepted',
  'en_route',
  'on_site',
  'plan_submitted',
  'resolved',
  'rated',
  'visited',
  'closed',
  'returned',
  'suspended',
  'cancelled',
  'not_admitted',
] as const
export type TicketStatus = (typeof TICKET_STATUSES)[number]

export const TICKET_EVENTS = [
  'triage',
  'place',
  'offer',
  'decline',
  'expire',
  'accept',
  'depart',
  'arrive',
  'submitPlan',
  'resolve',
  'rate',
  'visit',
  'close',
  'return',
  'suspend',
  'resume',
  'reopen',
  'cancel',
  'notAdmit',
  'extend',
  'transfer',
  'escalate',
  'merge',
] as const
export type TicketEvent = (typeof TICKET_EVENTS)[number]

/** Ordinary: fixed in 30 min; complex: fixed in 4 h; major: a solution plan in 1 day. */
export const TICKET_CLASSES = ['ordinary', 'complex', 'major'] as const
export type TicketClass = (typeof TICKET_CLASSES)[number]

export const PRIORITIES = ['P0', 'P1', 'P2', 'P3', 'P4'] as const
export type Priority = (typeof PRIORITIES)[number]

export const CATEGORIES = [
  'fire',
  'gas',
  'crime',
  'medical',
  'liftEntrapment',
  'burstPipe',
  'powerOutage',
  'heatOutage',
  'waterOutage',
  'blockedDrain',
  'fallingObject',
  'plumbingElectrical',
  'unlocking',
  'lighting',
  'cleaning',
  'orderKeeping',
  'violation',
  'dispute',
  'lifeService',
  'other',
] as const
export type Category = (typeof CATEGORIES)[number]

export const CHANNELS = ['console', 'resident', 'open311', 'import', 'replay', 'platform', 'simulator'] as const
export type Channel = (typeof CHANNELS)[number]

export const WORK_FIELDS = ['safety', 'livelihood', 'security', 'civility', 'emergency'] as const
export type WorkField = (typeof WORK_FIELDS)[number]

/** 未诉先办 / 接诉即办. */
export const ORIGINS = ['proactive', 'complaint'] as const
export type Origin = (typeof ORIGINS)[number]

/** How sure we are that somebody stood there, and when; strongest first. `lateReport`: own word, told after the tap it names. */
export const EVIDENCE_GRADES = ['geofence', 'siteQr', 'selfReport', 'lateReport', 'dispatcherWord', 'imported'] as const
export type EvidenceGrade = (typeof EVIDENCE_GRADES)[number]

export const ACTOR_KINDS = ['user', 'unit', 'resident', 'engine', 'import', 'api'] as const
export type ActorKind = (typeof ACTOR_KINDS)[number]

export interface Actor {
  kind: ActorKind
  /** User id, unit id, or a short word; null for the engine and for residents. */
  id: string | null
}

/** The row, the domain's type and the payload at once. A requester's name and phone live in a table of their own. */
export interface Ticket {
  id: string
  tenant: string
  /** Counts up in the tenant; what people say aloud. */
  number: number
  status: TicketStatus
  /** Where `resume` returns to; null unless suspended. */
  suspendedFrom: TicketStatus | null
  class: TicketClass | null
  priority: Priority
  category: Category
  workField: WorkField | null
  origin: Origin
  channel: Channel
  imported: boolean
  communityId: string | null
  districtCode: string | null
  subdistrictCode: string | null
  neighbourhoodCode: string | null
  lng: number
  lat: number
  address: string
  description: string
  neededSkills: Skill[]
  /** Unit of the winning dispatch, while there is one. */
  unitId: string | null
  firmId: string | null
  /** 1 at report, +1 with each reopening: the clocks of 5341 start anew with a round. */
  round: number
  /** The four moments of 点单 → 下单 → 接单 → 评单 and their actors. */
  reportedAt: Instant
  reportedBy: Actor
  placedAt: Instant | null
  placedBy: Actor | null
  acceptedAt: Instant | null
  acceptedBy: Actor | null
  ratedAt: Instant | null
  ratedBy: Actor | null
  triagedAt: Instant | null
  enRouteAt: Instant | null
  onSiteAt: Instant | null
  arrivalGrade: EvidenceGrade | null
  planSubmittedAt: Instant | null
  resolvedAt: Instant | null
  visitedAt: Instant | null
  closedAt: Instant | null
  rating: number | null
  ratingText: string | null
  resolution: string | null
  solutionPlan: SolutionPlan | null
  /** Reason of the last return, suspension, cancellation, refusal or reopening. */
  reason: string | null
  mergedInto: string | null
  escalated: boolean
  /** Emergency number the caller was handed to (119/110/120/…), and when. */
  handedOffTo: string | null
  handedOffAt: Instant | null
  /** Stored results of domain/sla.ts over the log; null = clock stopped, paused or not running. */
  policyVersion: string
  arriveDueAt: Instant | null
  solveDueAt: Instant | null
  pausedAt: Instant | null
  arriveBreached: boolean
  solveBreached: boolean
  /** What the engine looks for: the next warning or breach, and its moment. */
  nextTimer: SlaTimer | null
  nextTimerAt: Instant | null
  createdAt: Instant
  updatedAt: Instant
}

export const SLA_TIMERS = ['arriveWarning', 'arriveBreach', 'solveWarning', 'solveBreach'] as const
export type SlaTimer = (typeof SLA_TIMERS)[number]

export interface SolutionPlan {
  owner: string
  steps: string
  dueAt: Instant
}

/** What is written in a ticket's log: every event, and facts that change no status. */
export type LogKind =
  | 'report'
  | TicketEvent
  | SlaTimer
  | 'note'
  | 'reclassify'
  | 'handOff'
  | 'photo'
  | 'offerLost'
  | 'offerWithdrawn'

/** One immutable row of a ticket's log. The clocks are a pure function of these rows. */
export interface LogEntry {
  ticketId: string
  /** 1, 2, 3 … within the ticket. */
  n: number
  kind: LogKind
  at: Instant
  actor: Actor
  reason: string | null
  /** Set by report, triage and reclassify: the class from here on (null = not known yet). */
  class: TicketClass | null
  policyVersion: string
  dispatchId: string | null
  grade: EvidenceGrade | null
  /** Kind-specific remainder (old and new category, phone number handed to, late flag, …). */
  detail: Record<string, unknown> | null
}
