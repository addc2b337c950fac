import type { CommunityCase, CommunityEpisode } from './community.ts'
import { UNCOVERED } from './community-status.ts'
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
  /** Uncollected since they became unmanaged, the longest waiting first. */
  refuseWaiting: { communityId: string; since: Instant }[]
}

/** EC7: days begin at the moment of becoming unmanaged and end with the take-over; a fraction of a day counts as what it is. */
export const daysUncovered = (
  { unmanagedAt, coveredAt }: Pick<CommunityCase, 'unmanagedAt' | 'coveredAt'>,
  now: Instant,
) => (unmanagedAt === null ? 0 : Math.max(0, (coveredAt ?? now) - unmanagedAt) / DAY_MS)

export function coverageOf(
  cases: readonly CommunityCase[],
  episodes: readonly CommunityEpisode[],
  now: Instant,
): CoverageNumbers {
  const of = (status: CommunityCase['status']) => cases.filter((one) => one.status === status).length
  const open = cases.filter(({ status }) => UNCOVERED.includes(status))
  const days = open.map((one) => daysUncovered(one, now))
  return {
    atRisk: of('at_risk'),
    uncovered: open.length,
    emergency: of('emergency'),
    handingOver: of('handing_over'),
    daysUncovered: days.reduce((sum, day) => sum + day, 0),
    longestDays: Math.max(0, ...days),
    hoursToRefuse: hoursToRefuse(episodes),
    refuseWaiting: open
      .filter(({ firstRefuseAt }) => firstRefuseAt === null)
      .map(({ communityId, unmanagedAt }) => ({ communityId, since: unmanagedAt ?? now }))
      .sort((a, b) => a.since - b.since),
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
