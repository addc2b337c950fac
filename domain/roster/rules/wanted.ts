import { haversineM } from '#domain/geo.ts'
import type { DutyCluster, RosterEntry, RosterSlot } from '#domain/roster/model.ts'
import { inPeriod, type OnePerson, type PersonRule } from './at.ts'

/** RO31: what people asked for, by how much it matters to them. */
export const wishes: PersonRule = (one, tell) => {
  for (const { day, wants, shiftId, weight } of one.person.wishes) {
    const at = one.frame.dayOf.get(day) ?? -1
    if (at < 0 || at >= one.frame.problem.days) continue
    const has = one.duties.some((duty) => duty.day === at && (shiftId === null || duty.shift.id === shiftId))
    if (has !== (wants === 'on')) tell(at, weight)
  }
}

/** RO32: what was decided beforehand is in the roster. */
export const fixed: PersonRule = (one, tell) => {
  for (const slot of one.person.fixed) {
    const at = one.frame.dayOf.get(slot.day) ?? -1
    const isThere = one.duties.some((duty) => isSame(duty.slot, slot))
    if (at >= 0 && at < one.frame.problem.days && !isThere) tell(at, 1)
  }
}

export const isSame = (one: RosterSlot, other: RosterSlot): boolean =>
  one.day === other.day &&
  one.shiftId === other.shiftId &&
  one.clusterId === other.clusterId &&
  one.skill === other.skill

/** RO36: each day on which somebody is told something else than before. */
export const stability: PersonRule = (one, tell) => changedDays(one, one.frame.problem.days - 1, tell)

/** RO37: what was published stands up to its last frozen day. */
export const frozen: PersonRule = (one, tell) => {
  const { frozenUntil } = one.frame.problem
  if (frozenUntil === null) return
  changedDays(one, one.frame.dayOf.get(frozenUntil) ?? one.frame.problem.days - 1, tell)
}

function changedDays(one: OnePerson, until: number, tell: Parameters<PersonRule>[1]): void {
  const told = publishedOf(one)
  if (told === null) return
  const changed = new Set<number>()
  const now = inPeriod(one)
  for (const { day, slot } of now) if (!told.some((entry) => isSame(entry, slot))) changed.add(day)
  for (const entry of told)
    if (!now.some(({ slot }) => isSame(slot, entry))) changed.add(one.frame.dayOf.get(entry.day) ?? -1)
  for (const day of changed) if (day >= 0 && day <= until) tell(day, 1)
}

const byPerson = new WeakMap<readonly RosterEntry[], Map<string, RosterEntry[]>>()

function publishedOf({ frame, person }: OnePerson): readonly RosterEntry[] | null {
  const { published } = frame.problem
  if (published === null) return null
  let known = byPerson.get(published)
  if (!known) {
    known = Map.groupBy(published, ({ personId }) => personId)
    byPerson.set(published, known)
  }
  return known.get(person.id) ?? []
}

/** RO38: kilometres from home to the cluster beyond the free ones, for every shift. */
export const closeness: PersonRule = (one, tell) => {
  const { home } = one.person
  if (home === null) return
  for (const { day, cluster } of inPeriod(one)) {
    const { lng, lat } = one.frame.problem.clusters[cluster] as DutyCluster
    const km = haversineM([home.lng, home.lat], [lng, lat]) / 1_000
    if (km > one.limits.freeKm) tell(day, km - one.limits.freeKm)
  }
}
