import type { AskField } from '#console/lib/emergency/ask-fields.ts'
import { emergencyWords } from '#console/lib/emergency/words.ts'
import { m } from '#console/lib/paraglide/messages.js'
import { NEXT_POOL, type PoolEntry, type PoolEvent } from '#domain/pool.ts'
import { RATING_BANDS } from '#domain/services.ts'
import type { Route } from '#wire/route.ts'
import {
  admitToPool,
  banProvider,
  lightProvider,
  reinstateInPool,
  removeFromPool,
  scoreProvider,
  suspendFromPool,
} from '#wire/routes/pool.ts'

/** What an officer who reviews the pool may do about a firm. */
export interface PoolAction {
  name: string
  label: string
  lead?: string
  route: Route
  fields: AskField[]
  /** Sent besides what is typed. */
  fixed?: Record<string, unknown>
  isDanger?: boolean
  isMain?: boolean
}

const reason = (isOptional = false): AskField => ({
  name: 'reason',
  label: m.emergency_reason(),
  kind: 'long',
  isOptional,
})

export function poolActions(entry: PoolEntry): PoolAction[] {
  const may = (event: PoolEvent) => NEXT_POOL[entry.status][event] !== null
  const step = (name: PoolEvent, label: string, route: Route, isDanger: boolean): PoolAction[] =>
    may(name) ? [{ name, label, route, fields: [reason(name === 'admit')], isDanger, isMain: name === 'admit' }] : []
  return [
    ...step('admit', m.pool_admit(), admitToPool, false),
    ...step('reinstate', m.pool_reinstate(), reinstateInPool, false),
    scoreAction(entry),
    lightAction(entry),
    ...banActions(entry),
    ...step('suspend', m.pool_suspend(), suspendFromPool, true),
    ...step('remove', m.pool_remove(), removeFromPool, true),
  ]
}

const scoreAction = (entry: PoolEntry): PoolAction => ({
  name: 'score',
  label: m.pool_score(),
  route: scoreProvider,
  fields: [
    { name: 'partyBuilding', label: m.pool_partyBuilding(), kind: 'whole', value: entry.partyBuilding },
    { name: 'quality', label: m.pool_quality(), kind: 'whole', value: entry.quality },
    {
      name: 'ratingBand',
      label: m.pool_band(),
      kind: 'choice',
      value: entry.ratingBand ?? RATING_BANDS[1],
      options: RATING_BANDS.map((value) => ({ value, label: emergencyWords.band(value) })),
    },
    reason(true),
  ],
})

const lightAction = ({ yellowSince }: PoolEntry): PoolAction =>
  yellowSince === null
    ? {
        name: 'light',
        label: m.pool_light(),
        lead: m.pool_lightLead(),
        route: lightProvider,
        fields: [reason()],
        fixed: { lit: true },
        isDanger: true,
      }
    : { name: 'unlight', label: m.pool_unlight(), route: lightProvider, fields: [reason()], fixed: { lit: false } }

const banActions = ({ banUntil }: PoolEntry): PoolAction[] => [
  {
    name: 'ban',
    label: m.pool_ban(),
    route: banProvider,
    fields: [{ name: 'until', label: m.pool_banUntil(), kind: 'moment' }, reason()],
    isDanger: true,
  },
  ...(banUntil === null
    ? []
    : [
        {
          name: 'unban',
          label: m.pool_unban(),
          route: banProvider,
          fields: [reason()],
          fixed: { until: null },
        } satisfies PoolAction,
      ]),
]
