import type { Tx } from '#db/connect.ts'
import { may } from '#domain/access.ts'
import { isRefused, refused } from '#domain/refusal.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask, Shop } from '#server/serving.ts'
import * as wire from '#wire/routes/plans.ts'
import { announce, namesIn, pending } from './record.ts'
import { firstOf, keepWeights, newestWeights, plansBy, versionsBefore } from './weights-queries.ts'

export function weightsRoutes({ db, serve, wake }: Shop): void {
  serve(wire.weightsVersions, async ({ tenant, reader, query: { before, limit = 50 } }) => {
    const kept = await versionsBefore(db, tenant, { before, limit })
    const isUnsaid = kept.length === 0 && before === undefined
    const versions = isUnsaid ? [firstOf(tenant)] : kept
    const names = await namesIn(
      db,
      versions.map(({ by }) => by),
    )
    return { versions, plans: await plansBy(db, reader), names }
  })
  serve(wire.addWeights, async (ask) => {
    const { command, now, tenant, actor } = ask
    const answer = await carryOut(db, command, now, async (tx) => {
      const added = await addVersion(tx, ask)
      if (isRefused(added)) return added
      const audience = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmIds: [], unitIds: [] }
      const event = { tenant, kind: 'plan:weightsAdded' as const, at: now, actor, audience, state: {} }
      await announce(tx, pending({ events: [event] }))
      return added
    })
    if (!isRefused(answer)) wake(tenant)
    return answer
  })
}

/** PN8: the newest must have been seen by whoever says what comes after it. */
async function addVersion(tx: Tx, { tenant, reader, body, now, actor }: Ask<typeof wire.addWeights>) {
  // The measure of the whole city is not one sub-district's to change.
  if (!may(reader.grants, 'plan.make', { tenant })) return refused('notAllowed')
  const { basedOn, weights, note } = body
  const newest = await newestWeights(tx, tenant)
  if (newest.version !== basedOn) return refused('conflict')
  // Written down as it is today: a later release may begin with other numbers.
  if (newest.version === 1) await keepWeights(tx, newest)
  const version = { tenant, version: newest.version + 1, weights, note, at: now, by: actor }
  return (await keepWeights(tx, version)) ? version : refused('conflict')
}
