/** What has been reported in each community over some time. */
export interface Reported {
  id: string
  households: number
  reports: number
}

/** How many days of its own record a community needs before it counts as much as what its size alone suggests. */
export const PRIOR_DAYS = 28

/**
 * PO12: reports to be expected per day: the community's own record and what its households alone suggest, weighed by how much record there
 * is (gamma–Poisson shrinkage). A community that was quiet by chance is not taken for one without need, nor a noisy week for its nature.
 */
export function expectedReports(communities: readonly Reported[], days: number, priorDays = PRIOR_DAYS): Float64Array {
  const households = communities.reduce((sum, each) => sum + each.households, 0)
  const reports = communities.reduce((sum, each) => sum + each.reports, 0)
  const perHousehold = days > 0 && households > 0 ? reports / days / households : 0
  return Float64Array.from(communities, (each) => {
    const suggested = perHousehold * each.households
    return days > 0 ? (each.reports + priorDays * suggested) / (days + priorDays) : 0
  })
}
