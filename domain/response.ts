/**
 * What a response time is (rules RT1…): each stage of a ticket as a duration, or the reason why it has none. Everything that
 * shows or compares times counts with these, and with nothing else.
 */
import type { Instant } from './instant.ts'
import type { Named } from './places.ts'
import { policyOf } from './sla.ts'
import type { Category, Channel, EvidenceGrade, Origin, Priority, Ticket, TicketClass } from './ticket.ts'

/** A stage and the two moments it lies between. */
export const STAGES = {
  triage: { from: 'startedAt', to: 'triagedAt' },
  accept: { from: 'startedAt', to: 'acceptedAt' },
  depart: { from: 'startedAt', to: 'enRouteAt' },
  arrive: { from: 'startedAt', to: 'onSiteAt' },
  solve: { from: 'startedAt', to: 'resolvedAt' },
  plan: { from: 'startedAt', to: 'planSubmittedAt' },
  travel: { from: 'acceptedAt', to: 'onSiteAt' },
  work: { from: 'onSiteAt', to: 'resolvedAt' },
  rate: { from: 'resolvedAt', to: 'ratedAt' },
  visit: { from: 'resolvedAt', to: 'visitedAt' },
} as const satisfies Record<string, { from: StageMoment; to: StageMoment }>
export type Metric = keyof typeof STAGES
export const METRICS = Object.keys(STAGES) as [Metric, ...Metric[]]

type StageMoment =
  | 'startedAt'
  | 'triagedAt'
  | 'acceptedAt'
  | 'enRouteAt'
  | 'onSiteAt'
  | 'planSubmittedAt'
  | 'resolvedAt'
  | 'ratedAt'
  | 'visitedAt'

/** Why a round of a ticket is not in a figure; each is counted and listed beside the figure. Kept in the copy by its place: append only. */
export const EXCLUSIONS = [
  /** It counts with the ticket it was merged into. */
  'merged',
  /** A booking: it has an appointment and no promise. */
  'booking',
  /** Only a major case is answered by a plan. */
  'otherClass',
  'notAdmitted',
  /** Called off before the stage was reached. */
  'cancelled',
  /** Still open: the stage may yet come. */
  'notYet',
  /** It is over, and nobody has written down when the stage was reached. */
  'notRecorded',
  /** The moment lies before the one it is counted from. */
  'outOfOrder',
  /** Nobody has called back. */
  'notVisited',
  /** Neither the call-back nor the resident has said. */
  'noAnswer',
] as const
export type Exclusion = (typeof EXCLUSIONS)[number]

/** Milliseconds, or why there are none. */
export type Stage = number | Exclusion
/** Kept or broken, or why neither can be said. */
export type Verdict = boolean | Exclusion

/** One round of a ticket with everything its times are counted and sorted by: the row of the fast copy. */
export interface ResponseFact {
  number: number
  round: number
  /** Where the clocks of the round begin: the report, or the reopening. */
  startedAt: Instant
  lng: number
  lat: number
  districtCode: string | null
  subdistrictCode: string | null
  neighbourhoodCode: string | null
  communityId: string | null
  /** The tenant's own area, where it has any. */
  areaCode: string | null
  category: Category
  class: TicketClass | null
  priority: Priority
  origin: Origin
  channel: Channel
  imported: boolean
  policyVersion: string
  /** How sure the arrival is. */
  grade: EvidenceGrade | null
  firmId: string | null
  unitId: string | null
  stages: Record<Metric, Stage>
  /** Until when somebody had to be there. */
  arriveDueAt: Instant
  verdicts: Record<Rate, Verdict>
  /** The same words for the same address, for repeats; '' where there is none. */
  place: string
}

/** 响应率, 解决率, 满意率: never shown one without the others, for each alone can be made to look well. */
export const RATES = ['response', 'solution', 'satisfaction'] as const
export type Rate = (typeof RATES)[number]

/** The moments and outcomes of one round, from the ticket's columns or from its log. */
export interface Round extends Record<StageMoment, Instant | null> {
  round: number
  startedAt: Instant
  class: TicketClass | null
  grade: EvidenceGrade | null
  unitId: string | null
  firmId: string | null
  policyVersion: string
  /** Solved or called off: nobody comes any more. */
  isOver: boolean
  /** Nor will anybody call back or rate. */
  isClosed: boolean
  end: 'merged' | 'cancelled' | 'notAdmitted' | null
  /** What the call-back heard. */
  solved: boolean | null
  satisfied: boolean | null
  rating: number | null
}

/** RT1: the duration of a stage; a stage of no length counts, one that runs backwards does not. */
export function stageOf(metric: Metric, round: Round, isBooking: boolean): Stage {
  if (round.end === 'merged') return 'merged'
  if (isBooking) return 'booking'
  const [from, to] = [round[STAGES[metric].from], round[STAGES[metric].to]]
  if (from !== null && to !== null) return to >= from ? to - from : 'outOfOrder'
  if (metric === 'plan' && round.class !== 'major') return 'otherClass'
  const isLast = metric === 'rate' || metric === 'visit'
  return round.end ?? ((isLast ? round.isClosed : round.isOver) ? 'notRecorded' : 'notYet')
}

/**
 * RT4: 响应率 is arrivals within the promise of the round's policy, of all that were promised and have come to an end or
 * run out of time; a call that was called off after the promise was broken stays broken.
 */
export function responseVerdict(round: Round, isBooking: boolean, isBreached: boolean): Verdict {
  const arrive = stageOf('arrive', round, isBooking)
  if (typeof arrive === 'number') return arrive <= policyOf(round.policyVersion).arriveMs
  return isBreached && (arrive === 'cancelled' || arrive === 'notYet') ? false : arrive
}

/** RT5: 解决率 is *solved* of all called back. */
export function solutionVerdict(round: Round, isBooking: boolean): Verdict {
  if (round.end === 'merged') return 'merged'
  if (isBooking) return 'booking'
  if (round.solved !== null) return round.solved
  return round.end ?? (round.resolvedAt === null && !round.isOver ? 'notYet' : 'notVisited')
}

/** From here on a resident's mark says *satisfied*. */
const SATISFIED_FROM = 4

/** RT6: 满意率 is *satisfied* of all who have said so or not: to the call-back, else by the resident's own mark of 4 or 5. */
export function satisfactionVerdict(round: Round, isBooking: boolean): Verdict {
  if (round.end === 'merged') return 'merged'
  if (isBooking) return 'booking'
  if (round.satisfied !== null) return round.satisfied
  if (round.rating !== null) return round.rating >= SATISFIED_FROM
  return round.end ?? (round.resolvedAt === null && !round.isOver ? 'notYet' : 'noAnswer')
}

/** Limits that the programme names, each over the tickets it is promised for (RT3). */
export const SHARES = {
  fiveMinutes: { metric: 'arrive', withinMs: 300_000, classes: null },
  thirtyMinutes: { metric: 'solve', withinMs: 1_800_000, classes: ['ordinary', null] },
  fourHours: { metric: 'solve', withinMs: 14_400_000, classes: ['complex'] },
  oneDay: { metric: 'plan', withinMs: 86_400_000, classes: ['major'] },
} as const satisfies Record<
  string,
  { metric: Metric; withinMs: number; classes: readonly (TicketClass | null)[] | null }
>
export type Share = keyof typeof SHARES
export const SHARE_NAMES = Object.keys(SHARES) as Share[]

/** A report from an address from which another came so short a time before is a repeat (RT8). */
export const REPEAT_WITHIN_MS = 90 * 86_400_000

/** The address as far as it tells two places apart: in a community by its words, elsewhere by its point to a metre. */
export function placeOf({ communityId, address, lng, lat }: Pick<Ticket, 'communityId' | 'address' | 'lng' | 'lat'>) {
  const words = address.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '')
  if (words !== '') return `${communityId ?? ''} ${words}`
  return communityId === null ? `${lng.toFixed(5)},${lat.toFixed(5)}` : ''
}

/** Linear interpolation between the two nearest of sorted values (type 7), as PostgreSQL's percentile_cont. */
export function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const [low, high] = [sorted[below] as number, sorted[Math.ceil(position)] as number]
  return low + (high - low) * (position - below)
}

/** An area of the tenant's own, by which times are added up. */
export interface Area {
  code: string
  name: Named
}

/** Fewer than this say nothing of a place: pages draw it *unknown*, and who may not see its tickets is told only how many. */
export const LEAST_KNOWN = 5
