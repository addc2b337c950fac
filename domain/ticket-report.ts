import { CATEGORY_DEFAULTS } from './categories.ts'
import type { Instant } from './instant.ts'
import { POLICY_5341 } from './sla.ts'
import type {
  Actor,
  Category,
  Channel,
  Origin,
  Priority,
  SolutionPlan,
  Ticket,
  TicketClass,
  WorkField,
} from './ticket.ts'
import { type Decided, logEntry } from './ticket-step.ts'

/** Everything known at the report, parsed and placed. Codes come from the community, never from a polygon or an address (TK8). */
export interface Report {
  id: string
  tenant: string
  number: number
  channel: Channel
  category: Category
  description: string
  address: string
  lng: number
  lat: number
  site: Site | null
  class?: TicketClass | undefined
  priority?: Priority | undefined
  workField?: WorkField | undefined
  origin?: Origin | undefined
  /** When the resident spoke; the moment of entry when not told. */
  reportedAt?: Instant | undefined
  imported?: boolean | undefined
}

/** What a community gives a ticket. */
export interface Site {
  communityId: string
  districtCode: string
  subdistrictCode: string
  neighbourhoodCode: string
  firmId: string | null
}

/** 点单. */
export function report(input: Report, actor: Actor, now: Instant): Decided {
  const defaults = CATEGORY_DEFAULTS[input.category]
  const imported = input.imported ?? false
  const reportedAt = input.reportedAt ?? now
  const promised = defaults.promised && !imported
  const ticket: Ticket = {
    ...NOTHING_YET,
    ...(input.site ?? NOWHERE),
    id: input.id,
    tenant: input.tenant,
    number: input.number,
    class: input.class ?? null,
    priority: input.priority ?? defaults.priority,
    category: input.category,
    workField: input.workField ?? defaults.workField,
    origin: input.origin ?? 'complaint',
    channel: input.channel,
    imported,
    lng: input.lng,
    lat: input.lat,
    address: input.address,
    description: input.description,
    neededSkills: [...defaults.skills],
    reportedAt,
    reportedBy: actor,
    policyVersion: POLICY_5341.version,
    createdAt: now,
    updatedAt: now,
  }
  const detail = { category: ticket.category, priority: ticket.priority, channel: ticket.channel, promised }
  return { ok: true, ticket, entry: logEntry(ticket, 'report', actor, reportedAt, { class: ticket.class, detail }) }
}

const NOWHERE = { communityId: null, districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmId: null }

const NOTHING_YET = {
  status: 'reported',
  suspendedFrom: null,
  unitId: null,
  round: 1,
  placedAt: null,
  placedBy: null,
  acceptedAt: null,
  acceptedBy: null,
  ratedAt: null,
  ratedBy: null,
  triagedAt: null,
  enRouteAt: null,
  onSiteAt: null,
  arrivalGrade: null,
  planSubmittedAt: null,
  resolvedAt: null,
  visitedAt: null,
  closedAt: null,
  rating: null,
  ratingText: null,
  resolution: null,
  solutionPlan: null as SolutionPlan | null,
  reason: null,
  mergedInto: null,
  escalated: false,
  handedOffTo: null,
  handedOffAt: null,
  arriveDueAt: null,
  solveDueAt: null,
  pausedAt: null,
  arriveBreached: false,
  solveBreached: false,
  nextTimer: null,
  nextTimerAt: null,
} as const satisfies Partial<Ticket>

/** What a new round forgets of the one before; the log keeps it. */
export const forgetRound = (ticket: Ticket): Ticket => ({
  ...ticket,
  suspendedFrom: null,
  unitId: null,
  placedAt: null,
  placedBy: null,
  acceptedAt: null,
  acceptedBy: null,
  ratedAt: null,
  ratedBy: null,
  enRouteAt: null,
  onSiteAt: null,
  arrivalGrade: null,
  planSubmittedAt: null,
  resolvedAt: null,
  visitedAt: null,
  closedAt: null,
  rating: null,
  ratingText: null,
  resolution: null,
  solutionPlan: null,
  mergedInto: null,
})
