import { type CommunityCase, type CommunityContract, type ContractNotice, NO_NEEDS } from '#domain/community.ts'
import { T0 } from './dispatch-rows.ts'

const OFFICER = { kind: 'user', id: 'officer-1' } as const
const AT = { districtCode: 'D1', subdistrictCode: 'S1', neighbourhoodCode: 'N11' }

export const aCase = (changes: Partial<CommunityCase> = {}): CommunityCase => ({
  communityId: 'community-1',
  tenant: 'city',
  ...AT,
  status: 'managed',
  statusSince: T0,
  episode: 0,
  declaredAt: null,
  declaredBy: null,
  reason: null,
  unmanagedAt: null,
  firstRefuseAt: null,
  coveredAt: null,
  formerFirmId: null,
  providerFirmId: null,
  engagementId: null,
  households: 400,
  areaM2: null,
  feeRate: null,
  collectionRate: null,
  tier: 'basic',
  needs: NO_NEEDS,
  riskReasons: [],
  alarmed: [],
  dueAt: null,
  updatedAt: T0,
  ...changes,
})

export const aContract = (changes: Partial<CommunityContract> = {}): CommunityContract => ({
  id: 'contract-1',
  tenant: 'city',
  communityId: 'community-1',
  firmId: 'firm-1',
  startsAt: T0,
  endsAt: null,
  ownersDecidedAt: null,
  closedAt: null,
  recordedAt: T0,
  recordedBy: OFFICER,
  ...changes,
})

export const aNotice = (changes: Partial<ContractNotice> = {}): ContractNotice => ({
  id: 'notice-1',
  tenant: 'city',
  communityId: 'community-1',
  contractId: 'contract-1',
  kind: 'ownersNotice',
  givenAt: T0,
  effectiveAt: T0,
  note: null,
  withdrawnAt: null,
  recordedBy: OFFICER,
  ...changes,
})
