import type { DbOrTx } from '#db/connect.ts'
import { insertRows } from '#db/insert-rows.ts'
import { communityCases, communityContracts, communityEpisodes, contractNotices } from '#db/schema/communities.ts'
import {
  emergencyLog,
  engagementSteps,
  engagements,
  proofs,
  publicNotices,
  selections,
} from '#db/schema/engagements.ts'
import { alarms } from '#db/schema/feed.ts'
import { poolEntries } from '#db/schema/pool.ts'
import type { EmergencyLogEntry } from '#domain/emergency-log.ts'
import { MADE_UP } from './emergency/facts.ts'
import { type DemoEmergency, episodesOf } from './emergency.ts'

/** Beside a city that is loaded: rows of this module, each with the beginning of a log. */
export async function loadDemoEmergency(tx: DbOrTx, made: DemoEmergency): Promise<void> {
  await insertRows(tx, communityCases, made.cases)
  await insertRows(tx, communityEpisodes, episodesOf(made.cases))
  await insertRows(tx, communityContracts, made.contracts)
  await insertRows(tx, contractNotices, made.notices)
  await insertRows(tx, poolEntries, made.pool)
  await insertRows(tx, selections, made.selections)
  await insertRows(tx, engagements, made.engagements)
  await insertRows(tx, engagementSteps, made.steps)
  await insertRows(tx, publicNotices, made.publicNotices)
  await insertRows(tx, proofs, made.proofs)
  await insertRows(tx, alarms, made.alarms)
  await insertRows(tx, emergencyLog, firstLines(made))
}

function firstLines({ cases, pool, selections: chosen, engagements: engaged }: DemoEmergency): EmergencyLogEntry[] {
  const line = (
    subject: EmergencyLogEntry['subject'],
    subjectId: string,
    tenant: string,
    kind: string,
    at: number,
  ) => ({
    subject,
    subjectId,
    n: 1,
    tenant,
    kind,
    at,
    actor: MADE_UP,
    reason: null,
    detail: null,
  })
  return [
    ...cases.map((one) =>
      line(
        'community',
        one.communityId,
        one.tenant,
        one.episode > 0 ? 'declare' : 'contract',
        one.declaredAt ?? one.statusSince,
      ),
    ),
    ...pool.map((one) => line('pool', one.id, one.tenant, 'apply', one.appliedAt)),
    ...chosen.map((one) => line('selection', one.id, one.tenant, 'open', one.openedAt)),
    ...engaged.map((one) => line('engagement', one.id, one.tenant, 'propose', one.proposedAt)),
  ]
}
