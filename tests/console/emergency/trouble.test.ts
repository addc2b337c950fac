import { describe, expect, test } from 'vitest'
import { daysUncovered, grouped, groupOf, refuseHours } from '#console/lib/emergency/trouble.ts'
import { type CommunityCase, NO_NEEDS } from '#domain/community.ts'
import { COMMUNITY_STATUSES } from '#domain/community-status.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'

const NOW = 100 * DAY_MS

const caseOf = (some: Partial<CommunityCase>): CommunityCase => ({
  communityId: 'c',
  tenant: 'shenyang',
  districtCode: '210102',
  subdistrictCode: '210102001',
  neighbourhoodCode: '210102001001',
  status: 'unmanaged',
  statusSince: NOW - 5 * DAY_MS,
  episode: 1,
  declaredAt: null,
  declaredBy: null,
  reason: null,
  unmanagedAt: NOW - 5 * DAY_MS,
  firstRefuseAt: null,
  coveredAt: null,
  formerFirmId: null,
  providerFirmId: null,
  engagementId: null,
  households: 500,
  areaM2: null,
  feeRate: null,
  collectionRate: null,
  tier: 'basic',
  needs: NO_NEEDS,
  riskReasons: [],
  updatedAt: NOW,
  dueAt: null,
  alarmed: [],
  ...some,
})

describe('the list of communities in trouble', () => {
  test('[ED1] counts whole days from the moment nobody served, while nobody does', () => {
    expect(daysUncovered(caseOf({ unmanagedAt: NOW - 3 * DAY_MS + 1 }), NOW)).toBe(2)
    expect(daysUncovered(caseOf({ status: 'selecting' }), NOW)).toBe(5)
    expect(daysUncovered(caseOf({ status: 'emergency' }), NOW)).toBeNull()
    expect(daysUncovered(caseOf({ status: 'at_risk', unmanagedAt: null }), NOW)).toBeNull()
  })

  test('[ED1] says how long refuse has waited, or how long it took', () => {
    expect(refuseHours(caseOf({}), NOW)).toEqual({ hours: 120, isCollected: false })
    const collected = caseOf({ firstRefuseAt: NOW - 4 * DAY_MS, status: 'emergency' })
    expect(refuseHours(collected, NOW)).toEqual({ hours: 24, isCollected: true })
    expect(refuseHours(caseOf({ unmanagedAt: null }), NOW)).toBeNull()
  })

  test('[ED1] has the longest uncovered first, and holds every status that is trouble once', () => {
    const all = COMMUNITY_STATUSES.map((status, n) =>
      caseOf({ communityId: status, status, unmanagedAt: NOW - n * HOUR_MS }),
    )
    const groups = grouped(all)
    expect(groups.uncovered.map(({ communityId }) => communityId)).toEqual(['selecting', 'unmanaged'])
    const listed = Object.values(groups).flat()
    expect(listed.length).toBe(all.filter((each) => groupOf(each) !== null).length)
    expect(listed.map(({ status }) => status)).not.toContain('managed')
    expect(listed.map(({ status }) => status)).not.toContain('self_managed')
  })
})
