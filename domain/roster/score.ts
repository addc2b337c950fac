import type { Roster, RosterProblem, RosterScore, SkillCover } from './model.ts'
import { openScoring } from './scoring.ts'

/** RO41: what a roster comes to: by rule, and each place where one hurts. */
export const scoreRoster = (problem: RosterProblem, roster: Roster): RosterScore => openScoring(problem, roster).score()

/** Who is asked for and who is there, hour by hour. */
export const coverOf = (problem: RosterProblem, roster: Roster): SkillCover[] => openScoring(problem, roster).cover()
