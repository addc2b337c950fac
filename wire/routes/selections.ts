import { Type } from 'typebox'
import type { Role } from '#domain/access.ts'
import type { EmergencyLogEntry } from '#domain/emergency-log.ts'
import type { EngagingBar } from '#domain/engageable.ts'
import { type Engagement, SELECTION_MODES } from '#domain/engagement.ts'
import type { LotteryRecord } from '#domain/lottery-check.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { SELECTION_STATUSES, type Selection } from '#domain/selection.ts'
import type { Amounts } from '#domain/services.ts'
import type { Firm } from '#domain/units.ts'
import { commandsOn } from '#wire/command.ts'
import { route } from '#wire/route.ts'
import { After, Id, IdParams, InstantMs, Reason, shape, shapes, word } from '#wire/shapes.ts'

const closed = { additionalProperties: false }

/** A firm of the pool as a candidate for one community, best first; those with a bar last. */
export interface PoolCandidate {
  entry: PoolEntry
  firm: Firm
  /** 1 is the best of those without a bar; null = barred. */
  rank: number | null
  /** Party-building and quality scores together (0–200); null = not scored. */
  score: number | null
  distanceKm: number
  /** What its running engagements take of its capacity. */
  committed: Amounts
  /** Why it may not be engaged here; `yellowLight` falls away with a reason. */
  bar: EngagingBar | null
}

/** One choosing, whole. */
export interface SelectionCard {
  selection: Selection
  /** Those it led to, oldest first. */
  engagements: Engagement[]
  log: EmergencyLogEntry[]
  /** Every firm that is named above. */
  firms: Firm[]
  /** Display names of the accounts that the log names, by id. */
  names: Record<string, string>
}

/** An account that may be named as a party to a draw. */
export interface PossibleParty {
  id: string
  name: string
  role: Role
}

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower-case hex' })
/** Long enough that nobody finds it from its hash. */
const Value = Type.String({ pattern: '^[\\x21-\\x7e]{16,200}$' })

const selectionCommand = commandsOn('selections', shape<Selection>('Selection'))

export const candidatesOf = route({
  method: 'GET',
  path: '/api/communities/:id/candidates',
  action: 'engagement.decide',
  summary: 'The pool ranked for a community by Party work and quality, each firm with what bars it',
  params: IdParams,
  answer: shapes<PoolCandidate>('PoolCandidate'),
})

export const selections = route({
  method: 'GET',
  path: '/api/selections',
  action: 'engagement.read',
  summary: 'Choosings of providers, newest first',
  query: Type.Object({
    status: Type.Optional(word(SELECTION_STATUSES)),
    communityId: Type.Optional(Id),
    /** Going on; or over. */
    phase: Type.Optional(word(['live', 'over'])),
    after: After,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  }),
  answer: shapes<Selection>('Selection'),
})

export const selectionCard = route({
  method: 'GET',
  path: '/api/selections/:id',
  action: 'engagement.read',
  summary: 'One choosing, whole: candidates, draw, decision, engagements and log',
  params: IdParams,
  answer: shape<SelectionCard>('SelectionCard'),
})

export const possibleParties = route({
  method: 'GET',
  path: '/api/selections/:id/parties',
  action: 'engagement.decide',
  summary: 'Accounts that may be named as parties to the draw: those that may read this choosing, and the candidates',
  params: IdParams,
  answer: shapes<PossibleParty>('PossibleParty'),
})

export const openSelection = route({
  method: 'POST',
  path: '/api/communities/:id/selections',
  action: 'engagement.decide',
  summary: 'Begin choosing a provider: mode and candidates, in the order proposed',
  command: true,
  params: IdParams,
  body: Type.Object(
    {
      mode: word(SELECTION_MODES),
      candidates: Type.Array(
        Type.Object(
          {
            poolEntryId: Id,
            /** Needed for a firm under a yellow light. */
            overrideReason: Type.Optional(Reason),
          },
          closed,
        ),
        { minItems: 1, maxItems: 100 },
      ),
      reason: Type.Optional(Reason),
    },
    closed,
  ),
  answer: shape<Selection>('Selection'),
})

export const freezeLottery = selectionCommand(
  'freeze',
  'engagement.decide',
  'Publish a draw: candidates, parties, deadlines and the hash of the secret stand from here on, and nothing stops it',
  {
    /** Accounts (ids), at least two; none only with a source. */
    parties: Type.Array(Id, { maxItems: 20 }),
    /** Left out: the city's settings. */
    commitHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720 })),
    revealHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720 })),
    source: Type.Optional(Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }), at: InstantMs }, closed)),
  },
)

export const commitValue = selectionCommand(
  'commit',
  'engagement.read',
  "A party's hash: SHA-256 of `SELECTION PARTY VALUE`, single spaces between",
  { commitment: Hash },
)

export const revealValue = selectionCommand('reveal', 'engagement.read', "The value behind a party's hash", {
  value: Value,
})

export const giveSource = selectionCommand(
  'source',
  'engagement.read',
  'The public value, read after its moment by an officer or a party',
  { value: Type.String({ minLength: 1, maxLength: 500 }) },
)

export const decideSelection = selectionCommand(
  'decide',
  'engagement.decide',
  'Approve candidates in the order in which they are asked (of a draw: as drawn); the first gets the offer',
  {
    ranked: Type.Array(Id, { minItems: 1, maxItems: 100, uniqueItems: true }),
    reason: Reason,
    /** Of a joint meeting: when it was held, and by whom. */
    meeting: Type.Optional(
      Type.Object(
        {
          heldAt: InstantMs,
          attended: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 2, maxItems: 50 }),
        },
        closed,
      ),
    ),
    /** Left out: the city's settings. */
    offerHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720 })),
  },
)

export const cancelSelection = selectionCommand(
  'cancel',
  'engagement.decide',
  'Give the choosing up; not a draw that is frozen or drawn',
  { reason: Reason },
)

/** A draw once it is frozen: published for everybody. */
export const lotteryRecord = route({
  method: 'GET',
  path: '/api/lotteries/:id',
  action: 'public',
  summary: 'A draw with everything needed to recompute it (`hongguan verify lottery`)',
  params: IdParams,
  answer: shape<LotteryRecord>('LotteryRecord'),
})
