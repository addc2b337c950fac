import { Type } from 'typebox'
import type { EmergencyLogEntry } from '#domain/emergency-log.ts'
import type { Plan, PlanFault, PlanPlace, PlanPublication, PlanRun, PlanWeightsVersion } from '#domain/plan.ts'
import type { PlanComparison, ProviderRemoved } from '#domain/plan-explanation.ts'
import { RESOURCES } from '#domain/services.ts'
import { Id, nullable, Reason } from '#wire/shapes.ts'

/** A plan whole, with the work that goes on for it. `best` is the best so far while a run lasts. */
export interface PlanCard {
  plan: Plan
  run: PlanRun | null
  best: PlanPlace[] | null
  faults: PlanFault[]
  /** A publication since this plan was solved touches the same communities or providers: publishing would be refused. */
  isOvertaken: boolean
}

/** What a run says when asked: poll it about twice a second while it is live. */
export interface PlanRunState {
  run: PlanRun
  best: PlanPlace[] | null
}

/** A community dragged to another provider: what the plan would be with that lock, before anybody lets go. */
export interface PlanTrial {
  /** false = the lock cannot be kept; `faults` say why. */
  isPossible: boolean
  faults: PlanFault[]
  cost: number
  costBound: number
  /** Against the plan as it is. */
  costChange: number
  uncovered: number
  uncoveredChange: number
  churn: PlanComparison['churn']
}

/** A community of a publication that kept what it had: an offer that is out, a choosing by hand, a firm that may not be engaged now. */
export interface PlanLeft {
  communityId: string
  /** A code of a refusal. */
  why: string
}

export interface PlanPublished extends PlanPublication {
  left: PlanLeft[]
}

export interface PublicationLine extends PlanPublication {
  planName: string
}

export interface PlanHistory {
  log: EmergencyLogEntry[]
  /** Display names of the accounts that the log and the plan name, by id. */
  names: Record<string, string>
}

/** Version 1 is what every city begins with: `by` the engine, `at` 0. */
export interface WeightsHistory {
  /** Newest first. */
  versions: PlanWeightsVersion[]
  /** How many of the plans that the reader may read each version measures; those put away are not counted. */
  plans: Record<number, number>
  names: Record<string, string>
}

export interface NMinusOne {
  run: PlanRun | null
  /** null = never asked for this result. */
  removed: ProviderRemoved[] | null
}

export const closed = { additionalProperties: false }

export const PlanName = Type.String({ minLength: 1, maxLength: 80 })
const Pair = Type.Object({ communityId: Id, providerId: Id }, closed)
const Count = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })
const AmountsBody = Type.Object(
  { cleaners: Count, guards: Count, liftOperators: Count, moneyAtRisk: Count } satisfies Record<
    (typeof RESOURCES)[number],
    unknown
  >,
  closed,
)
export const constraints = {
  locks: Type.Array(Pair, { maxItems: 5_000 }),
  forbids: Type.Array(Pair, { maxItems: 20_000 }),
  reserves: Type.Array(Type.Object({ providerId: Id, amounts: AmountsBody }, closed), { maxItems: 1_000 }),
  waivers: Type.Array(Type.Object({ providerId: Id, reason: Reason }, closed), { maxItems: 1_000 }),
}
export const Chosen = nullable(Type.Array(Id, { minItems: 1, maxItems: 5_000 }))
export const Revision = Type.Integer({ minimum: 1 })
/** Of the weights. */
export const Version = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

const points = (maximum: number) => Type.Integer({ minimum: 0, maximum })
const Score = Type.Integer({ minimum: 0, maximum: 100 })
export const WeightsBody = Type.Object(
  {
    travel: Type.Object({ perKm: points(100_000), freeKm: Type.Number({ minimum: 0, maximum: 1_000 }) }, closed),
    quality: Type.Object({ perPoint: points(100_000), goodFrom: Score }, closed),
    partyBuilding: Type.Object({ perPoint: points(100_000), goodFrom: Score }, closed),
    rating: Type.Object({ perBand: points(1_000_000) }, closed),
    tierFit: Type.Object({ perTierBelow: points(1_000_000), perTierAbove: points(1_000_000) }, closed),
    price: Type.Object({ perPercentOver: points(100_000) }, closed),
    continuity: Type.Object({ perChange: points(1_000_000) }, closed),
    balance: Type.Array(
      Type.Object(
        {
          fromPercent: Type.Integer({ minimum: 0, maximum: 200 }),
          perPercent: Type.Integer({ minimum: 0, maximum: 100_000, multipleOf: 10 }),
        },
        closed,
      ),
      { maxItems: 4 },
    ),
    opening: Type.Object({ perThousandYuan: points(100_000) }, closed),
    remedy: Type.Object(
      {
        perUnit: Type.Object(
          Object.fromEntries(
            RESOURCES.map((resource) => [resource, Type.Number({ minimum: 0, maximum: 1_000_000 })]),
          ) as Record<(typeof RESOURCES)[number], ReturnType<typeof Type.Number>>,
          closed,
        ),
        perBar: Type.Object(
          { yellowLight: points(1_000_000), districtNotServed: points(1_000_000), forbidden: points(1_000_000) },
          closed,
        ),
      },
      closed,
    ),
  },
  closed,
)
