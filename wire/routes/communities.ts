import { Type } from 'typebox'
import type { CommunityCase, CommunityContract, CommunityEpisode, ContractNotice } from '#domain/community.ts'
import { NOTICE_KINDS } from '#domain/community.ts'
import { COMMUNITY_STATUSES } from '#domain/community-status.ts'
import type { CoverageNumbers } from '#domain/coverage.ts'
import type { EmergencyLogEntry } from '#domain/emergency-log.ts'
import type { Engagement } from '#domain/engagement.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import { SERVICE_TIERS } from '#domain/services.ts'
import type { Firm } from '#domain/units.ts'
import { commandsOn } from '#wire/command.ts'
import { route } from '#wire/route.ts'
import { After, Id, IdParams, InstantMs, nullable, Reason, shape, shapes, word } from '#wire/shapes.ts'

const closed = { additionalProperties: false }

/** A community, whole. */
export interface CommunityCard {
  community: Community
  /** null = nothing has ever been said of it. */
  case: CommunityCase | null
  contract: CommunityContract | null
  /** Those that stand first. */
  notices: ContractNotice[]
  /** Newest first. */
  episodes: CommunityEpisode[]
  engagements: Engagement[]
  log: EmergencyLogEntry[]
  /** Every firm that is named above. */
  firms: Firm[]
  /** Display names (a role and a number) of the accounts that the log names, by id. */
  names: Record<string, string>
}

/** The programme's numbers, within what the reader may see; the hours are of the last 365 days' episodes. */
export interface Coverage extends CoverageNumbers {
  at: Instant
}

const communityCommand = commandsOn('communities', shape<CommunityCase>('CommunityCase'))

export const communityCases = route({
  method: 'GET',
  path: '/api/communities',
  action: 'community.read',
  summary: 'Communities of which something is known, by id: their status, needs and dates',
  query: Type.Object({
    status: Type.Optional(word(COMMUNITY_STATUSES)),
    after: After,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000 })),
  }),
  answer: shapes<CommunityCase>('CommunityCase'),
})

export const communityCard = route({
  method: 'GET',
  path: '/api/communities/:id',
  action: 'community.read',
  summary: 'One community, whole: status, contract, notices, engagements and log',
  params: IdParams,
  answer: shape<CommunityCard>('CommunityCard'),
})

export const coverage = route({
  method: 'GET',
  path: '/api/coverage',
  action: 'community.read',
  summary: 'Communities uncovered now, days uncovered, hours to first refuse collection',
  answer: shape<Coverage>('Coverage'),
})

const People = Type.Integer({ minimum: 0, maximum: 10_000 })

export const communityFacts = communityCommand(
  'facts',
  'community.keep',
  'What is known of the community and needed in it',
  {
    households: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    areaM2: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 100_000_000 }))),
    feeRate: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 1_000 }))),
    collectionRate: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 1 }))),
    tier: Type.Optional(word(SERVICE_TIERS)),
    needs: Type.Optional(
      Type.Object(
        {
          cleaners: People,
          guards: People,
          liftOperators: People,
          lifts: People,
          liftMaintenanceUntil: nullable(InstantMs),
        },
        closed,
      ),
    ),
  },
)

export const recordContract = communityCommand(
  'contract',
  'community.keep',
  "The firm's contract; supersedes the former one",
  {
    firmId: Id,
    startsAt: InstantMs,
    endsAt: nullable(InstantMs),
    ownersDecidedAt: Type.Optional(nullable(InstantMs)),
  },
)

export const recordNotice = communityCommand('notice', 'community.keep', 'Owners or firm end the contract', {
  kind: word(NOTICE_KINDS),
  givenAt: InstantMs,
  /** Left out: reckoned from the contract and the settings. */
  effectiveAt: Type.Optional(InstantMs),
  note: Type.Optional(Reason),
})

export const withdrawNotice = communityCommand('withdraw-notice', 'community.keep', 'A notice is taken back', {
  noticeId: Id,
  reason: Reason,
})

export const ownersDecided = communityCommand(
  'owners-decided',
  'community.keep',
  'The owners have decided who comes next',
  {
    at: InstantMs,
  },
)

export const declareAtRisk = communityCommand(
  'declare-at-risk',
  'community.declare',
  'An officer says that the firm may leave',
  {
    reason: Reason,
  },
)

export const calmCommunity = communityCommand(
  'calm',
  'community.declare',
  'What an officer had declared at risk no longer is',
  {
    reason: Reason,
  },
)

export const declareUnmanaged = communityCommand(
  'declare-unmanaged',
  'community.declare',
  '失管: nobody serves the community from this moment; its clock runs',
  {
    reason: Reason,
    /** When it became so; now, when left out. Not in the future. */
    since: Type.Optional(InstantMs),
  },
)

export const refuseCollected = communityCommand(
  'refuse-collected',
  'community.keep',
  'Refuse was collected for the first time since the community became unmanaged',
  { at: Type.Optional(InstantMs) },
)

export const settleCommunity = communityCommand(
  'settle',
  'community.declare',
  'A firm hired by the owners, or the owners themselves, look after the community from now on',
  {
    outcome: word(['managed', 'self_managed']),
    /** With `managed`. */
    firmId: Type.Optional(Id),
    reason: Reason,
  },
)
