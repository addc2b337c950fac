import { type PeopleNeeded, peopleNeeded } from '#domain/erlang.ts'

/** What tickets of a skill did in a cluster over so many weeks. */
export interface TicketHistory {
  weeks: number
  /** Arrivals by hour of the week, Monday 00:00 first: 168 numbers. */
  arrivals: readonly number[]
  serviceMinutes: number
}

/** One hour of the week with its arithmetic. */
export interface HourProposed extends PeopleNeeded {
  arrivalsPerHour: number
}

/** RO47: demand proposed from history: people for each hour of the week, so that a share of reports finds somebody free at once. */
export const proposeDemand = ({ weeks, arrivals, serviceMinutes }: TicketHistory, share: number): HourProposed[] =>
  arrivals.map((count) => {
    const arrivalsPerHour = count / Math.max(1, weeks)
    return { arrivalsPerHour, ...peopleNeeded({ arrivalsPerHour, serviceMinutes, share }) }
  })
