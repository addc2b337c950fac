import { and, asc, avg, desc, eq, inArray } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { communities, subdistricts, tenants } from '#db/schema/places.ts'
import { dutyClusters, dutyDemand, rosterRules, shiftKinds } from '#db/schema/rosters.ts'
import { type Action, may } from '#domain/access.ts'
import {
  CLUSTER_DEFAULTS,
  type ClusterDemand,
  type DutyCluster,
  type KeptShiftKind,
  type RosterRulesVersion,
} from '#domain/duty-roster.ts'
import type { Tenant } from '#domain/places.ts'
import { DEFAULT_ROSTER_RULES } from '#domain/roster/rules.ts'
import { ENGINE } from '#domain/ticket-timers.ts'
import { subjectOfCluster } from '#server/feed/entitled-roster.ts'
import { tenantByCode } from '#server/places/queries.ts'
import type { Reader } from '#server/serving.ts'

/** RD1: a cluster is one sub-district unless it has been joined with others; those nobody has touched are not kept yet. */
export async function clustersOf(db: DbOrTx, tenant: string): Promise<DutyCluster[]> {
  const kept = await db.select().from(dutyClusters).where(eq(dutyClusters.tenant, tenant)).orderBy(asc(dutyClusters.id))
  const taken = new Set(kept.flatMap(({ subdistrictCodes }) => subdistrictCodes))
  const bare = (
    await db.select().from(subdistricts).where(eq(subdistricts.tenant, tenant)).orderBy(asc(subdistricts.code))
  ).filter(({ code }) => !taken.has(code))
  const centres = await centresOf(db, tenant)
  const fallback = (await tenantByCode(db, tenant))?.centre ?? [0, 0]
  const own = bare.map(({ code, name }): DutyCluster => {
    const [lng, lat] = centres.get(code) ?? fallback
    return {
      id: `${tenant}-${code}`,
      tenant,
      name,
      lng,
      lat,
      subdistrictCodes: [code],
      ...CLUSTER_DEFAULTS,
      updatedAt: 0,
    }
  })
  return [...kept.filter(({ subdistrictCodes }) => subdistrictCodes.length > 0), ...own]
}

/** The middle of a sub-district's communities. */
async function centresOf(db: DbOrTx, tenant: string): Promise<Map<string, readonly [number, number]>> {
  const rows = await db
    .select({ code: communities.subdistrictCode, lng: avg(communities.lng), lat: avg(communities.lat) })
    .from(communities)
    .where(eq(communities.tenant, tenant))
    .groupBy(communities.subdistrictCode)
  return new Map(rows.map(({ code, lng, lat }) => [code, [Number(lng), Number(lat)]]))
}

export async function clusterById(db: DbOrTx, tenant: string, id: string): Promise<DutyCluster | null> {
  return (await clustersOf(db, tenant)).find((cluster) => cluster.id === id) ?? null
}

/** Clusters that something is to be kept for: those nobody has touched become rows. Null = one of them is unknown. */
export async function holdClusters(tx: Tx, tenant: string, ids: readonly string[], now: number) {
  const known = new Map((await clustersOf(tx, tenant)).map((cluster) => [cluster.id, cluster]))
  const held: DutyCluster[] = []
  for (const id of new Set(ids)) {
    const cluster = known.get(id)
    if (!cluster) return null
    if (cluster.updatedAt === 0)
      // One that had been joined elsewhere and is by itself again has its row still.
      await tx
        .insert(dutyClusters)
        .values({ ...cluster, updatedAt: now })
        .onConflictDoUpdate({
          target: dutyClusters.id,
          set: { subdistrictCodes: cluster.subdistrictCodes, updatedAt: now },
        })
    held.push(cluster)
  }
  return held
}

/** Whoever draws the clusters anew, publishes, or numbers rules holds the city's line: one after the other. */
export const holdRosterLine = async (tx: Tx, tenant: string): Promise<void> => {
  await tx.select({ code: tenants.code }).from(tenants).where(eq(tenants.code, tenant)).for('no key update')
}

/** RD1: the sub-districts leave the clusters they were in; a joined cluster lies in the middle of them. */
export async function joinSubdistricts(
  tx: Tx,
  tenant: string,
  { name, subdistrictCodes }: Pick<DutyCluster, 'name' | 'subdistrictCodes'>,
  now: number,
): Promise<DutyCluster | null> {
  const found = await tx
    .select({ code: subdistricts.code })
    .from(subdistricts)
    .where(and(eq(subdistricts.tenant, tenant), inArray(subdistricts.code, subdistrictCodes)))
  if (found.length < subdistrictCodes.length) return null
  const before = await clustersOf(tx, tenant)
  const codes = [...subdistrictCodes].sort()
  const id = codes.length === 1 ? `${tenant}-${codes[0]}` : `${tenant}-${codes[0]}-and-${codes.length - 1}`
  for (const cluster of before) {
    const left = cluster.subdistrictCodes.filter((code) => !codes.includes(code))
    if (cluster.updatedAt === 0 || left.length === cluster.subdistrictCodes.length || cluster.id === id) continue
    await tx.update(dutyClusters).set({ subdistrictCodes: left, updatedAt: now }).where(eq(dutyClusters.id, cluster.id))
  }
  const parts = before.filter((cluster) => cluster.subdistrictCodes.some((code) => codes.includes(code)))
  const middle = (of: 'lng' | 'lat') => parts.reduce((sum, part) => sum + part[of], 0) / Math.max(1, parts.length)
  const settings = parts[0] ?? CLUSTER_DEFAULTS
  const cluster: DutyCluster = {
    ...CLUSTER_DEFAULTS,
    ...settings,
    id,
    tenant,
    name,
    lng: middle('lng'),
    lat: middle('lat'),
    subdistrictCodes: codes,
    updatedAt: now,
  }
  await tx.insert(dutyClusters).values(cluster).onConflictDoUpdate({ target: dutyClusters.id, set: cluster })
  return cluster
}

export const leads = (
  reader: Reader,
  action: Action,
  cluster: Pick<DutyCluster, 'tenant' | 'subdistrictCodes'>,
): boolean => may(reader.grants, action, subjectOfCluster(cluster))

const KINDS: readonly Omit<KeptShiftKind, 'tenant'>[] = [
  { id: 'D8', name: '早班', startMinute: 480, lengthMinutes: 480, restMinutes: 0, isNight: false, isActive: true },
  { id: 'E8', name: '中班', startMinute: 960, lengthMinutes: 480, restMinutes: 0, isNight: false, isActive: true },
  { id: 'N8', name: '夜班', startMinute: 0, lengthMinutes: 480, restMinutes: 0, isNight: true, isActive: true },
  {
    id: 'D12',
    name: '白班 12 小时',
    startMinute: 480,
    lengthMinutes: 720,
    restMinutes: 60,
    isNight: false,
    isActive: true,
  },
  {
    id: 'N12',
    name: '夜班 12 小时',
    startMinute: 1_200,
    lengthMinutes: 720,
    restMinutes: 60,
    isNight: true,
    isActive: true,
  },
  // Sixteen hours of real rest: the only lawful reading of 24 on duty (DOMAIN §4).
  {
    id: 'F24',
    name: '24 小时值守',
    startMinute: 480,
    lengthMinutes: 1_440,
    restMinutes: 960,
    isNight: true,
    isActive: true,
  },
]

/** RD2: the city's own kinds of shift, over those it starts with. */
export async function kindsOf(db: DbOrTx, tenant: string): Promise<KeptShiftKind[]> {
  const kept = await db.select().from(shiftKinds).where(eq(shiftKinds.tenant, tenant)).orderBy(asc(shiftKinds.id))
  const own = new Set(kept.map(({ id }) => id))
  return [...KINDS.filter(({ id }) => !own.has(id)).map((kind) => ({ tenant, ...kind })), ...kept]
}

/** Newest first; a city that has said nothing goes by the defaults, as version 1. */
export async function rulesOf(db: DbOrTx, tenant: string): Promise<RosterRulesVersion[]> {
  const own = await db
    .select()
    .from(rosterRules)
    .where(eq(rosterRules.tenant, tenant))
    .orderBy(desc(rosterRules.version))
  return [...own, { tenant, version: 0, rules: DEFAULT_ROSTER_RULES, note: '', at: 0, by: ENGINE }]
}

export const demandIn = (db: DbOrTx, clusterIds: readonly string[]): Promise<ClusterDemand[]> =>
  clusterIds.length === 0
    ? Promise.resolve([])
    : db
        .select()
        .from(dutyDemand)
        .where(inArray(dutyDemand.clusterId, [...clusterIds]))
        .orderBy(asc(dutyDemand.clusterId), asc(dutyDemand.skill))

export async function tenantOf(db: DbOrTx, code: string): Promise<Tenant> {
  const tenant = await tenantByCode(db, code)
  if (!tenant) throw new Error(`no tenant ${code}`)
  return tenant
}
