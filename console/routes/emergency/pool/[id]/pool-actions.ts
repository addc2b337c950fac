import { type AskAction, reasonField } from '#console/lib/emergency/ask-fields.ts'
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

export function poolActions(entry: PoolEntry): AskAction[] {
  const may = (event: PoolEvent) => NEXT_POOL[entry.status][event] !== null
  const step = (name: PoolEvent, label: string, route: Route, isDanger: boolean): AskAction[] =>
    may(name)
      ? [
          {
            name,
            label,
            needs: 'pool.review',
            route,
            fields: [reasonField(name === 'admit')],
            isDanger,
            isMain: name === 'admit',
          },
        ]
      : []
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

const scoreAction = (entry: PoolEntry): AskAction => ({
  name: 'score',
  label: m.pool_score(),
  needs: 'pool.review',
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
    reasonField(true),
  ],
})

const lightAction = ({ yellowSince }: PoolEntry): AskAction =>
  yellowSince === null
    ? {
        name: 'light',
        label: m.pool_light(),
        lead: m.pool_lightLead(),
        needs: 'pool.review',
        route: lightProvider,
        fields: [reasonField()],
        fixed: { lit: true },
        isDanger: true,
      }
    : {
        name: 'unlight',
        label: m.pool_unlight(),
        needs: 'pool.review',
        route: lightProvider,
        fields: [reasonField()],
        fixed: { lit: false },
      }

const banActions = ({ banUntil }: PoolEntry): AskAction[] => [
  {
    name: 'ban',
    label: m.pool_ban(),
    needs: 'pool.review',
    route: banProvider,
    fields: [{ name: 'until', label: m.pool_banUntil(), kind: 'moment' }, reasonField()],
    isDanger: true,
  },
  ...(banUntil === null
    ? []
    : [
        {
          name: 'unban',
          label: m.pool_unban(),
          needs: 'pool.review',
          route: banProvider,
          fields: [reasonField()],
          fixed: { until: null },
        } satisfies AskAction,
      ]),
]
