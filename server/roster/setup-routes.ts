import { eq, sql } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { dutyClusters, dutyDemand, rosterRules, shiftKinds } from '#db/schema/rosters.ts'
import type { Action } from '#domain/access.ts'
import type { ClusterDemand, DutyCluster } from '#domain/duty-roster.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import type { Reader } from '#server/serving.ts'
import * as wire from '#wire/routes/roster-setup.ts'
import * as kept from './clusters.ts'
import { proposalFor } from './demand.ts'
import { appendRosterLog, type RosterShop, serveCommand } from './record.ts'

export function setupRoutes(shop: RosterShop): void {
  serveClusters(shop)
  serveKinds(shop)
  serveRules(shop)
  serveDemand(shop)
}

/** Held for a change: permitted, and its row there to be changed. */
async function held(
  tx: Tx,
  reader: Reader,
  { id, action, now }: { id: string; action: Action; now: number },
): Promise<DutyCluster | Refused<'unknown' | 'notAllowed'>> {
  const cluster = await kept.clusterById(tx, reader.tenant, id)
  if (!cluster || !kept.leads(reader, 'roster.read', cluster)) return refused('unknown')
  if (!kept.leads(reader, action, cluster)) return refused('notAllowed')
  await kept.holdClusters(tx, reader.tenant, [id], now)
  return cluster
}

function serveClusters(shop: RosterShop): void {
  shop.serve(wire.dutyClusters, ({ tenant }) => kept.clustersOf(shop.db, tenant))
  serveCommand(shop, wire.joinCluster, async (tx, { body, reader, now }, act) => {
    await kept.holdRosterLine(tx, act.tenant)
    if (!kept.leads(reader, 'roster.make', { tenant: act.tenant, ...body })) return refused('notAllowed')
    const touched = (await kept.clustersOf(tx, act.tenant)).filter(({ subdistrictCodes }) =>
      subdistrictCodes.some((code) => body.subdistrictCodes.includes(code)),
    )
    if (!touched.every((cluster) => kept.leads(reader, 'roster.make', cluster))) return refused('notAllowed')
    const cluster = await kept.joinSubdistricts(tx, act.tenant, body, now)
    if (!cluster) return refused('unknown')
    await appendRosterLog(tx, { subject: 'cluster', subjectId: cluster.id, kind: 'join', detail: body }, act)
    return { answer: cluster }
  })
  serveCommand(shop, wire.changeCluster, async (tx, { params, body, reader, now }, act) => {
    const before = await held(tx, reader, { id: params.id, action: 'roster.make', now })
    if (isRefused(before)) return before
    const settings = Object.fromEntries(Object.entries(body.settings ?? {}).filter(([, value]) => value !== undefined))
    const cluster: DutyCluster = { ...before, name: body.name ?? before.name, ...settings, updatedAt: now }
    await tx.update(dutyClusters).set(cluster).where(eq(dutyClusters.id, cluster.id))
    await appendRosterLog(tx, { subject: 'cluster', subjectId: cluster.id, kind: 'change', detail: body }, act)
    return { answer: cluster }
  })
}

function serveKinds(shop: RosterShop): void {
  shop.serve(wire.shiftKinds, ({ tenant }) => kept.kindsOf(shop.db, tenant))
  serveCommand(shop, wire.keepKind, async (tx, { body, tenant }) => {
    // A shift all of which is rest is no shift.
    if (body.restMinutes >= body.lengthMinutes) return refused('invalidFields')
    const kind = { tenant, ...body }
    await tx
      .insert(shiftKinds)
      .values(kind)
      .onConflictDoUpdate({ target: [shiftKinds.tenant, shiftKinds.id], set: kind })
    return { answer: kind }
  })
}

function serveRules(shop: RosterShop): void {
  shop.serve(wire.rosterRules, ({ tenant }) => kept.rulesOf(shop.db, tenant))
  serveCommand(shop, wire.keepRosterRules, async (tx, { body, tenant, now, actor }) => {
    await kept.holdRosterLine(tx, tenant)
    const [newest] = await kept.rulesOf(tx, tenant)
    const version = { tenant, version: (newest?.version ?? 0) + 1, ...body, at: now, by: actor }
    await tx.insert(rosterRules).values(version)
    return { answer: version }
  })
}

function serveDemand(shop: RosterShop): void {
  const { db, serve } = shop
  serve(wire.demandOf, async ({ tenant, reader, params }) => {
    const cluster = await kept.clusterById(db, tenant, params.id)
    if (!cluster || !kept.leads(reader, 'roster.read', cluster)) return refused('unknown')
    return kept.demandIn(db, [cluster.id])
  })
  serve(wire.proposeDemand, async ({ tenant, reader, params, query, now }) => {
    const cluster = await kept.clusterById(db, tenant, params.id)
    if (!cluster || !kept.leads(reader, 'roster.read', cluster)) return refused('unknown')
    return proposalFor(db, cluster, query, now)
  })
  serveCommand(shop, wire.keepDemand, async (tx, { params, body, reader, now, actor }) => {
    const cluster = await held(tx, reader, { id: params.id, action: 'roster.make', now })
    if (isRefused(cluster)) return cluster
    const { isProposal = false, days = {}, slack = null, ...said } = body
    const source = isProposal ? 'proposed' : 'typed'
    const by = { source, updatedAt: now, updatedBy: actor } as const
    await keepDemand(tx, [{ tenant: reader.tenant, clusterId: cluster.id, ...said, days, slack, ...by }])
    return { answer: await kept.demandIn(tx, [cluster.id]) }
  })
  serveCommand(shop, wire.copyDemand, async (tx, { params, body, reader, now, actor }) => {
    const cluster = await held(tx, reader, { id: params.id, action: 'roster.make', now })
    if (isRefused(cluster)) return cluster
    const from = await kept.clusterById(tx, reader.tenant, body.fromClusterId)
    if (!from || !kept.leads(reader, 'roster.read', from)) return refused('unknown')
    const by = { clusterId: cluster.id, source: 'copied', updatedAt: now, updatedBy: actor } as const
    await keepDemand(
      tx,
      (await kept.demandIn(tx, [from.id])).map((demand) => ({ ...demand, ...by })),
    )
    return { answer: await kept.demandIn(tx, [cluster.id]) }
  })
}

async function keepDemand(tx: Tx, rows: readonly ClusterDemand[]): Promise<void> {
  if (rows.length === 0) return
  const { week, days, slack, source, updatedAt, updatedBy } = dutyDemand
  const columns = { week, days, slack, source, updatedAt, updatedBy }
  const set = Object.fromEntries(
    Object.entries(columns).map(([name, { name: column }]) => [name, sql.raw(`excluded."${snake(column)}"`)]),
  )
  await tx
    .insert(dutyDemand)
    .values([...rows])
    .onConflictDoUpdate({ target: [dutyDemand.clusterId, dutyDemand.skill], set })
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
