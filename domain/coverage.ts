import type { CommunityCase, CommunityEpisode } from './community.ts'
import { type CommunityStatus, UNCOVERED } from './community-status.ts'
import { DAY_MS, HOUR_MS, type Instant } from './instant.ts'

/** The programme's numbers (DOMAIN §1: communities unmanaged now, days unmanaged; §2.1: hours to the first refuse collection). */
export interface CoverageNumbers {
  atRisk: number
  /** Nobody serves them now. */
  uncovered: number
  emergency: number
  handingOver: number
  /** Of those uncovered now: days until now, together and the longest. */
  daysUncovered: number
  longestDays: number
  hoursToRefuse: { median: number; longest: number; count: number } | null
  /** Whose refuse nobody has collected since they became unmanaged, and since when the longest of them waits. */
  refuseWaiting: { communities: number; since: Instant | null }
}

/** Episodes are counted for so long, and none is dated further back. */
export const COUNTED_MS = 365 * DAY_MS

/** EC7: days begin at the moment of becoming unmanaged and end with the take-over; a fraction of a day counts as what it is. */
export const daysUncovered = (
  { unmanagedAt, coveredAt }: Pick<CommunityCase, 'unmanagedAt' | 'coveredAt'>,
  now: Instant,
) => (unmanagedAt === null ? 0 : Math.max(0, (coveredAt ?? now) - unmanagedAt) / DAY_MS)

const IN_AN_EPISODE: readonly CommunityStatus[] = [...UNCOVERED, 'emergency', 'handing_over']

/** EC5, EC7: whether its refuse has been waiting since it became unmanaged, whoever serves it by now. */
export const waitsForRefuse = ({
  status,
  unmanagedAt,
  firstRefuseAt,
}: Pick<CommunityCase, 'status' | 'unmanagedAt' | 'firstRefuseAt'>): boolean =>
  IN_AN_EPISODE.includes(status) && unmanagedAt !== null && firstRefuseAt === null

export function coverageOf(
  cases: readonly CommunityCase[],
  episodes: readonly CommunityEpisode[],
  now: Instant,
): CoverageNumbers {
  const of = (status: CommunityCase['status']) => cases.filter((one) => one.status === status).length
  const open = cases.filter(({ status }) => UNCOVERED.includes(status))
  const days = open.map((one) => daysUncovered(one, now))
  const waiting = cases.filter(waitsForRefuse).map(({ unmanagedAt }) => unmanagedAt as Instant)
  return {
    atRisk: of('at_risk'),
    uncovered: open.length,
    emergency: of('emergency'),
    handingOver: of('handing_over'),
    daysUncovered: days.reduce((sum, day) => sum + day, 0),
    longestDays: Math.max(0, ...days),
    hoursToRefuse: hoursToRefuse(episodes),
    refuseWaiting: { communities: waiting.length, since: waiting.length > 0 ? Math.min(...waiting) : null },
  }
}

function hoursToRefuse(episodes: readonly CommunityEpisode[]): CoverageNumbers['hoursToRefuse'] {
  const hours = episodes
    .flatMap(({ unmanagedAt, firstRefuseAt }) =>
      firstRefuseAt === null ? [] : [(firstRefuseAt - unmanagedAt) / HOUR_MS],
    )
    .sort((a, b) => a - b)
  const middle = hours[Math.floor((hours.length - 1) / 2)]
  const other = hours[Math.ceil((hours.length - 1) / 2)]
  if (middle === undefined || other === undefined) return null
  return { median: (middle + other) / 2, longest: hours.at(-1) as number, count: hours.length }
}
