import { describe, expect, test } from 'vitest'
import { teamStanding } from '#domain/roster/volunteer-team.ts'

describe('a volunteer team', () => {
  test('[RO45] counts from ten active members on, whatever its Party share', () => {
    expect(teamStanding({ active: 9, activePartyMembers: 9 })).toMatchObject({
      isValid: false,
      missing: 1,
      partyShare: 1,
    })
    expect(teamStanding({ active: 10, activePartyMembers: 0 })).toMatchObject({
      isValid: true,
      missing: 0,
      partyShare: 0,
    })
    expect(teamStanding({ active: 0, activePartyMembers: 0 }).partyShare).toBeNull()
  })
})
