import type { LocalDay } from './roster/model.ts'
import type { RuleKey } from './roster/rules.ts'
import type { Skill } from './units.ts'

/** A need that stayed empty, who was barred from it and by what, and the cheapest way out. */
export interface EmptySlot {
  clusterId: string
  skill: Skill
  day: LocalDay
  /** Hours of the day that lack somebody. */
  hours: number[]
  shiftId: string
  barred: { personId: string; rules: RuleKey[] }[]
  /** Who could take it with the fewest points, or with the fewest rules lifted; null = nobody can: hire. */
  remedy: { personId: string; lifts: RuleKey[]; points: number | null } | null
}

/** What is lost if one person does not come. */
export interface PersonRemoved {
  personId: string
  /** Skill-hours that fall below the demand. */
  hours: number
  days: string[]
}
