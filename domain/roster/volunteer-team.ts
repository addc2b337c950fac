/** A volunteer team's members as they are counted: active ones, and the Party members among them. */
export interface TeamMembers {
  active: number
  activePartyMembers: number
}

export interface TeamStanding extends TeamMembers {
  isValid: boolean
  /** Active members still missing. */
  missing: number
  /** 0–1; null without anybody. */
  partyShare: number | null
}

/** 每队不少于 10 人. */
export const LEAST_ACTIVE_MEMBERS = 10

/** RO45: a team counts from ten active members on; its Party share is shown, and decides nothing. */
export function teamStanding({ active, activePartyMembers }: TeamMembers): TeamStanding {
  const missing = Math.max(0, LEAST_ACTIVE_MEMBERS - active)
  const partyShare = active === 0 ? null : activePartyMembers / active
  return { active, activePartyMembers, isValid: missing === 0, missing, partyShare }
}
