/**
 * Erlang's two formulas (A. K. Erlang, "Løsning af nogle Problemer fra Sandsynlighedsregningen …", 1917): calls that come at random,
 * `load` = arrivals × service time, `people` who serve one each.
 */

/** B: the share of calls that find everybody busy when nobody waits. By its recursion, so that no factorial overflows. */
export function erlangB(load: number, people: number): number {
  let blocked = 1
  for (let n = 1; n <= people; n++) blocked = (load * blocked) / (n + load * blocked)
  return blocked
}

/** C: the share of calls that must wait when everybody waits for his turn; 1 where the load is more than all can serve. */
export function erlangC(load: number, people: number): number {
  if (load === 0) return 0
  if (people <= load) return 1
  const blocked = erlangB(load, people)
  return (people * blocked) / (people - load * (1 - blocked))
}

export interface Traffic {
  arrivalsPerHour: number
  serviceMinutes: number
  /** Share of calls that somebody answers at once, above 0 and below 1. */
  share: number
}

export interface PeopleNeeded {
  people: number
  /** People busy on average: arrivals per hour × service hours. */
  load: number
  /** What each number of people gives, up to the one that is enough: the arithmetic to show. */
  steps: { people: number; atOnce: number }[]
}

/** RO46: the fewest people with whom at least that share of calls is answered at once (Erlang C). */
export function peopleNeeded({ arrivalsPerHour, serviceMinutes, share }: Traffic): PeopleNeeded {
  const load = (arrivalsPerHour * serviceMinutes) / 60
  const steps: PeopleNeeded['steps'] = []
  if (load === 0) return { people: 0, load, steps }
  for (let people = Math.max(1, Math.floor(load)); ; people++) {
    const atOnce = 1 - erlangC(load, people)
    steps.push({ people, atOnce })
    if (atOnce >= share) return { people, load, steps }
  }
}
