import { servicesOf } from './community.ts'
import type { Engagement } from './engagement.ts'
import type { Instant } from './instant.ts'
import type { EngagementStep, ProofItem } from './proof.ts'

/** What the firm that leaves hands over (民法典 949: premises, facilities, papers, money, and a report on the state of things). */
export const HAND_OVER_ITEMS = [
  'premises',
  'facilities',
  'records',
  'funds',
  'keys',
  'liftRecords',
  'statusReport',
] as const
export type HandOverItem = (typeof HAND_OVER_ITEMS)[number]

/** ET5: one row an item, due with the hand-over; lift records only where there are lifts. */
export const handOverSteps = ({ id, needs }: Engagement, dueAt: Instant): EngagementStep[] =>
  HAND_OVER_ITEMS.filter((item) => item !== 'liftRecords' || needs.lifts > 0).map((item) => ({
    engagementId: id,
    kind: 'handOver',
    item,
    dueAt,
    doneAt: null,
    doneBy: null,
    note: null,
  }))

export const isOpen = ({ doneAt }: EngagementStep): boolean => doneAt === null

/** EP1: refuse always; of the services those that were agreed. */
export const proofItemsOf = ({ needs }: Pick<Engagement, 'needs'>): ProofItem[] => ['refuse', ...servicesOf(needs)]

/** What of a day is not proved. */
export const missingProofs = (engagement: Pick<Engagement, 'needs'>, proved: readonly ProofItem[]): ProofItem[] =>
  proofItemsOf(engagement).filter((item) => !proved.includes(item))
