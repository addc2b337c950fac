import { Type } from 'typebox'
import type { Plan, PlanHead, PlanRun, PlanWeightsVersion } from '#domain/plan.ts'
import type { PlanComparison, PlanExplanation } from '#domain/plan-explanation.ts'
import { commandsOn } from '#wire/command.ts'
import {
  Chosen,
  closed,
  constraints,
  type NMinusOne,
  type PlanCard,
  type PlanHistory,
  PlanName,
  type PlanPublished,
  type PlanRunState,
  type PlanTrial,
  type PublicationLine,
  Revision,
  Version,
  WeightsBody,
  type WeightsHistory,
} from '#wire/plan-shapes.ts'
import { route } from '#wire/route.ts'
import { After, Id, IdParams, Reason, shape, shapes } from '#wire/shapes.ts'

const planCommand = commandsOn('plans', shape<Plan>('Plan'))

export const weightsVersions = route({
  method: 'GET',
  path: '/api/plan-weights',
  action: 'plan.read',
  summary: 'The versions of the weights plans are measured by, newest first, with how many plans each measures',
  query: Type.Object({
    /** Those before this one; left out: from the newest, which new drafts are measured by. */
    before: Type.Optional(Version),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  answer: shape<WeightsHistory>('WeightsHistory'),
})

export const addWeights = route({
  method: 'POST',
  path: '/api/plan-weights',
  action: 'plan.make',
  summary:
    'A new version of the weights, by whoever may plan for the whole tenant; earlier ones stay. `conflict` when `basedOn` is no longer the newest',
  command: true,
  body: Type.Object({ basedOn: Version, weights: WeightsBody, note: Reason }, closed),
  answer: shape<PlanWeightsVersion>('PlanWeightsVersion'),
})

export const plans = route({
  method: 'GET',
  path: '/api/plans',
  action: 'plan.read',
  summary: 'Plans, last changed first, without their places',
  query: Type.Object({
    /** Only those measured by this version of the weights. */
    weightsVersion: Type.Optional(Version),
    after: After,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  answer: shapes<PlanHead>('PlanHead'),
})

export const draftPlan = route({
  method: 'POST',
  path: '/api/plans',
  action: 'plan.make',
  summary: 'A new draft for the chosen communities (null: every one in reach that needs a provider)',
  command: true,
  body: Type.Object(
    {
      name: PlanName,
      communityIds: Chosen,
      weightsVersion: Type.Optional(Version),
      locks: Type.Optional(constraints.locks),
      forbids: Type.Optional(constraints.forbids),
      reserves: Type.Optional(constraints.reserves),
      waivers: Type.Optional(constraints.waivers),
    },
    closed,
  ),
  answer: shape<Plan>('Plan'),
})

export const planCard = route({
  method: 'GET',
  path: '/api/plans/:id',
  action: 'plan.read',
  summary: 'One plan with its places, its constraints and the run that is live',
  params: IdParams,
  answer: shape<PlanCard>('PlanCard'),
})

export const planLog = route({
  method: 'GET',
  path: '/api/plans/:id/log',
  action: 'plan.read',
  summary: 'Who did what to the plan, when and why, oldest first',
  params: IdParams,
  answer: shape<PlanHistory>('PlanHistory'),
})

export const changePlan = planCommand(
  'change',
  'plan.make',
  'Change a draft; its result is void until it is solved again',
  {
    revision: Revision,
    name: Type.Optional(PlanName),
    communityIds: Type.Optional(Chosen),
    weightsVersion: Type.Optional(Version),
    locks: Type.Optional(constraints.locks),
    forbids: Type.Optional(constraints.forbids),
    reserves: Type.Optional(constraints.reserves),
    waivers: Type.Optional(constraints.waivers),
  },
)

export const copyPlan = planCommand(
  'copy',
  'plan.make',
  'What if: a draft with the same communities, constraints and result',
  {
    name: PlanName,
  },
)

export const discardPlan = planCommand('discard', 'plan.make', 'Put a draft away', { revision: Revision })

export const solvePlan = route({
  method: 'POST',
  path: '/api/plans/:id/solve',
  action: 'plan.make',
  summary:
    'Start the optimiser; from the last result where there is one. Refused with `planFaulty` when the constraints contradict',
  command: true,
  params: IdParams,
  body: Type.Object(
    {
      revision: Revision,
      seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 600 })),
      seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
    },
    closed,
  ),
  answer: shape<PlanRun>('PlanRun'),
})

export const planRun = route({
  method: 'GET',
  path: '/api/plans/:id/run',
  action: 'plan.read',
  summary: 'The latest run with its best plan and bound so far',
  params: IdParams,
  answer: shape<PlanRunState>('PlanRunState'),
})

export const stopRun = route({
  method: 'POST',
  path: '/api/plans/:id/stop',
  action: 'plan.make',
  summary: 'Stop the run; the best plan so far is kept',
  command: true,
  params: IdParams,
  body: Type.Object({}, closed),
  answer: shape<PlanRun>('PlanRun'),
})

export const explainPlan = route({
  method: 'GET',
  path: '/api/plans/:id/explanation',
  action: 'plan.read',
  summary:
    'For every community why, next best, what binds, what a switch costs; for the uncovered the reason and the remedies',
  params: IdParams,
  answer: shape<PlanExplanation>('PlanExplanation'),
})

export const comparePlans = route({
  method: 'GET',
  path: '/api/plans/:id/compare',
  action: 'plan.read',
  summary: 'Plan B (`with`) against this plan A: who changes, cost by term',
  params: IdParams,
  query: Type.Object({ with: Id }),
  answer: shape<PlanComparison>('PlanComparison'),
})

export const tryLock = route({
  method: 'GET',
  path: '/api/plans/:id/try',
  action: 'plan.make',
  summary: 'What the plan would cost with this community at that provider; nothing is written',
  params: IdParams,
  query: Type.Object({ communityId: Id, providerId: Id }),
  answer: shape<PlanTrial>('PlanTrial'),
})

export const startNMinusOne = route({
  method: 'POST',
  path: '/api/plans/:id/n-minus-one',
  action: 'plan.make',
  summary: 'Start the run that removes each provider in turn',
  command: true,
  params: IdParams,
  body: Type.Object({}, closed),
  answer: shape<PlanRun>('PlanRun'),
})

export const nMinusOne = route({
  method: 'GET',
  path: '/api/plans/:id/n-minus-one',
  action: 'plan.read',
  summary: 'Which communities each provider would leave bare; as far as the run has come',
  params: IdParams,
  answer: shape<NMinusOne>('NMinusOne'),
})

export const publishPlan = route({
  method: 'POST',
  path: '/api/plans/:id/publish',
  action: 'plan.publish',
  summary:
    'Publish: engagements are proposed, earlier proposals for the same communities withdrawn. `planOvertaken` when another was first',
  command: true,
  params: IdParams,
  body: Type.Object({ revision: Revision, reason: Reason }, closed),
  answer: shape<PlanPublished>('PlanPublished'),
})

export const rollBackPlan = route({
  method: 'POST',
  path: '/api/plans/:id/roll-back',
  action: 'plan.publish',
  summary: 'Undo the publication: what stood before stands again, save where an offer has gone out',
  command: true,
  params: IdParams,
  body: Type.Object({ reason: Reason }, closed),
  answer: shape<PlanPublished>('PlanPublished'),
})

export const publications = route({
  method: 'GET',
  path: '/api/plan-publications',
  action: 'plan.read',
  summary: 'Publications and roll-backs, newest first',
  query: Type.Object({
    /** Those before this number; left out: from the newest. */
    before: Type.Optional(Version),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  answer: shapes<PublicationLine>('PublicationLine'),
})
