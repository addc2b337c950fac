import { Type } from 'typebox'
import type { EmergencyLogEntry } from '#domain/emergency-log.ts'
import { ENGAGEMENT_STATUSES, type Engagement, type EngagementStatus } from '#domain/engagement.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community, Named } from '#domain/places.ts'
import { type EngagementStep, type NoticeContent, PROOF_ITEMS, type Proof, type PublicNotice } from '#domain/proof.ts'
import type { Selection } from '#domain/selection.ts'
import type { Firm } from '#domain/units.ts'
import { commandsOn } from '#wire/command.ts'
import { route } from '#wire/route.ts'
import { After, Code, Id, IdParams, InstantMs, nullable, Reason, shape, shapes, word } from '#wire/shapes.ts'

const closed = { additionalProperties: false }

/** An engagement, whole. */
export interface EngagementCard {
  engagement: Engagement
  community: Community
  firm: Firm
  /** How it was chosen; a firm does not see its rivals: null for it. */
  selection: Selection | null
  /** Of the owners' vote and of the hand-over. */
  steps: EngagementStep[]
  /** Of the last 14 days, newest first. */
  proofs: Proof[]
  /** What of today is not proved yet; empty while it does not serve. */
  missingToday: Proof['item'][]
  /** Newest first. */
  notices: PublicNotice[]
  log: EmergencyLogEntry[]
  names: Record<string, string>
}

/** A notice as anybody may read it. */
export interface NoticeFace {
  slug: string
  tenantName: Named
  locale: 'zh-CN' | 'en'
  timeZone: string
  content: NoticeContent
  postedAt: Instant
  takenDownAt: Instant | null
  status: EngagementStatus
  activeAt: Instant | null
}

const engagementCommand = commandsOn('engagements', shape<Engagement>('Engagement'))

export const engagements = route({
  method: 'GET',
  path: '/api/engagements',
  action: 'engagement.read',
  summary: 'Engagements, newest first; a firm sees its own',
  query: Type.Object({
    status: Type.Optional(word(ENGAGEMENT_STATUSES)),
    communityId: Type.Optional(Id),
    firmId: Type.Optional(Id),
    /** Under way or serving; or over. */
    phase: Type.Optional(word(['live', 'over'])),
    after: After,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  }),
  answer: shapes<Engagement>('Engagement'),
})

export const engagementCard = route({
  method: 'GET',
  path: '/api/engagements/:id',
  action: 'engagement.read',
  summary: 'One engagement, whole: term, steps, proofs, notices and log',
  params: IdParams,
  answer: shape<EngagementCard>('EngagementCard'),
})

export const acceptEngagement = engagementCommand(
  'accept',
  'engagement.answer',
  'The provider says yes, before the deadline',
  {},
)

export const declineEngagement = engagementCommand(
  'decline',
  'engagement.answer',
  'The provider says no; the next on the approved list is asked at once',
  { reason: Reason },
)

export const contractEngagement = engagementCommand(
  'contract',
  'engagement.decide',
  'What was agreed: begin, months, fee',
  {
    startsAt: InstantMs,
    months: Type.Integer({ minimum: 1, maximum: 36 }),
    fee: Type.Number({ minimum: 0, maximum: 1_000 }),
  },
)

export const publiciseEngagement = engagementCommand(
  'publicise',
  'engagement.decide',
  '公示: the notice is posted; its public link and sheet exist from here on',
  { contact: Type.String({ minLength: 1, maxLength: 200 }) },
)

export const activateEngagement = engagementCommand(
  'activate',
  'engagement.decide',
  'The provider has taken over and serves from now on; an earlier one that is handing over ends with it',
  { reason: Type.Optional(Reason) },
)

export const handOverEngagement = engagementCommand(
  'hand-over',
  'engagement.decide',
  'The hand-over begins, with its checklist and deadline; the provider is bound until somebody takes over',
  { reason: Reason },
)

export const markEngagementStep = engagementCommand(
  'steps',
  'engagement.decide',
  "Mark an item of the hand-over or a milestone of the owners' vote as done, or as open again",
  {
    kind: word(['handOver', 'ownersVote']),
    item: Code,
    done: Type.Boolean(),
    note: Type.Optional(nullable(Reason)),
  },
)

export const takeOverEngagement = engagementCommand(
  'take-over',
  'engagement.decide',
  'A firm hired by the owners, or the owners themselves, have taken over',
  {
    outcome: word(['handedOver', 'selfManaged']),
    /** With `handedOver`. */
    firmId: Type.Optional(Id),
    /** Needed while items of the hand-over are open. */
    reason: Type.Optional(Reason),
  },
)

export const abandonEngagement = engagementCommand(
  'abandon',
  'engagement.decide',
  'The provider has left before anybody took over: the community is unmanaged once more',
  { reason: Reason },
)

export const terminateEngagement = engagementCommand(
  'terminate',
  'engagement.decide',
  'An officer ends it at once: the community is unmanaged once more',
  { reason: Reason },
)

export const withdrawEngagement = engagementCommand('withdraw', 'engagement.decide', 'Taken back before it began', {
  reason: Reason,
})

export const engagementCommands = {
  accept: acceptEngagement,
  decline: declineEngagement,
  contract: contractEngagement,
  publicise: publiciseEngagement,
  activate: activateEngagement,
  handOver: handOverEngagement,
  markStep: markEngagementStep,
  takeOver: takeOverEngagement,
  abandon: abandonEngagement,
  terminate: terminateEngagement,
  withdraw: withdrawEngagement,
} as const

const Day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })

/** EP2: the code of the sign at the gate, scanned on the phone page. */
export const proveByCode = route({
  method: 'POST',
  path: '/api/engagements/:id/proofs',
  action: 'engagement.prove',
  summary: 'Proof of a service item by the QR code at the site, for today unless a day is given',
  command: true,
  params: IdParams,
  body: Type.Object(
    { item: word(PROOF_ITEMS), siteCode: Type.String({ minLength: 1, maxLength: 64 }), day: Type.Optional(Day) },
    closed,
  ),
  answer: shape<Proof>('Proof'),
})

/** EP2: `multipart/form-data` with the fields `item` and perhaps `day`, and the picture. */
export const proveByPhoto = route({
  method: 'POST',
  path: '/api/engagements/:id/proof-photos',
  action: 'engagement.prove',
  summary: 'Proof of a service item by a photo (JPEG, PNG, WebP ≤ 8 MB; checked, metadata stripped)',
  params: IdParams,
  answer: shape<Proof>('Proof'),
})

export const proofPhoto = route({
  method: 'GET',
  path: '/api/proofs/:id/photo',
  action: 'engagement.read',
  summary: 'The picture of a proof (image/jpeg)',
  params: IdParams,
  answer: Type.Unknown(),
})

export const publicNotice = route({
  method: 'GET',
  path: '/api/notices/:slug',
  action: 'public',
  summary: 'A public notice: who serves the community, with what, until when, for what fee, and how it was chosen',
  params: Type.Object({ slug: Code }),
  answer: shape<NoticeFace>('NoticeFace'),
})
