import type { Duty, RosterFrame } from '#domain/roster/frame.ts'
import type { RosterPerson } from '#domain/roster/model.ts'
import type { RuleLimits } from '#domain/roster/rules.ts'

/** One person's duties as a rule sees them: by start, those of the past (day below 0) first, days that an override lifts left out. */
export interface OnePerson {
  frame: RosterFrame
  person: RosterPerson
  limits: RuleLimits
  duties: readonly Duty[]
}

/** Told by a rule: on which day it hurts (0 = the first), and by how much. */
export type Tell = (day: number, amount: number) => void

/** A rule that looks at one person alone. */
export type PersonRule = (one: OnePerson, tell: Tell) => void

export const hours = (minutes: number): number => minutes / 60

/** What was there before the period is past changing: only its own days are told. */
export const inPeriod = ({ duties }: OnePerson): readonly Duty[] => duties.filter(({ day }) => day >= 0)
