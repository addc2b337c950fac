import type { TenantConfig } from '#db/places/config.ts'
import type { TenantPlaces } from '#db/places/places-of.ts'
import type { Alarm, EngagementAlarm } from '#domain/alarm.ts'
import { calendarOf } from '#domain/calendar.ts'
import type { CommunityCase, CommunityContract, CommunityEpisode, ContractNotice } from '#domain/community.ts'
import { emergencySettings } from '#domain/emergency-settings.ts'
import { barOf } from '#domain/engageable.ts'
import type { Engagement } from '#domain/engagement.ts'
import { haversineM } from '#domain/geo.ts'
import { DAY_MS, HOUR_MS, type Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import type { PoolEntry } from '#domain/pool.ts'
import type { EngagementStep, Proof, PublicNotice } from '#domain/proof.ts'
import { between, type Random, seededRandom, shuffled, wholeBetween } from '#domain/random.ts'
import type { Selection } from '#domain/selection.ts'
import { type Amounts, NOTHING, RESOURCES } from '#domain/services.ts'
import type { DemoCity } from './city.ts'
import { contractedCase, type DemoRuling, unmanagedCase } from './emergency/cases.ts'
import {
  demoNotice,
  demoProofs,
  demoSelection,
  type Match,
  offeredEngagement,
  type Serving,
  servingEngagement,
} from './emergency/engaged.ts'
import { demoPool } from './emergency/pool.ts'

/** Made-up communities without a firm, the pool, and who has been engaged so far. */
export interface DemoEmergency {
  cases: CommunityCase[]
  contracts: CommunityContract[]
  notices: ContractNotice[]
  pool: PoolEntry[]
  selections: Selection[]
  engagements: Engagement[]
  steps: EngagementStep[]
  publicNotices: PublicNotice[]
  proofs: Proof[]
  alarms: Alarm[]
}

export interface DemoWithEmergency extends DemoCity {
  emergency: DemoEmergency
}

/** How many communities are at each stage, and firms in the pool. */
const COUNTS = { selecting: 6, offered: 6, active: 26, expiring: 10, handingOver: 5, ending: 30, notice: 18, quiet: 40 }
const POOL_SIZE = 40

/** Communities of the officer's own sub-district that lose their firm whatever the draw says: one at each stage. */
const AT_THE_DESK = 6

type City = Pick<TenantConfig, 'code' | 'locale' | 'timeZone'>

/** Pure, like the city it is added to: the communities that have lost their firm no longer bear it, those engaged for bear their provider. */
export function withEmergency(
  city: City,
  places: TenantPlaces,
  demo: DemoCity,
  seed: number,
  now: Instant,
): DemoWithEmergency {
  const random = seededRandom(seed, 'emergency')
  const ruling: DemoRuling = {
    settings: emergencySettings(undefined),
    calendar: calendarOf(city.timeZone),
    now,
    left: city.locale === 'en' ? 'The firm has left' : '原物业企业撤出',
  }
  const cast = castOf(demo, random)
  const pool = demoPool(
    { ...demo, districts: places.districts, surely: cast.providerFirmId, count: POOL_SIZE, now },
    random,
  )
  const stage = stageOf(pool, cast.providerFirmId, ruling, random)
  const emergency: DemoEmergency = { ...emptyStage(), pool }
  for (const community of cast.alone) addUncovered(emergency, stage, community)
  addContracted(emergency, cast.managed, ruling, random)
  emergency.publicNotices = noticesOf(stage.serving, city, places, demo)
  emergency.proofs = stage.serving.flatMap((serving) => demoProofs(serving, ruling, 3))
  emergency.alarms = alarmsOf(emergency, ruling)
  return { ...demo, communities: withKeepers(demo.communities, emergency.cases), emergency }
}

const emptyStage = (): Omit<DemoEmergency, 'pool'> => ({
  cases: [],
  contracts: [],
  notices: [],
  selections: [],
  engagements: [],
  steps: [],
  publicNotices: [],
  proofs: [],
  alarms: [],
})

/** Who plays: first the communities at the officer's desk, then those that no firm looks after anyway. */
function castOf({ communities, accounts, units }: DemoCity, random: Random) {
  const grantOf = (username: string) => accounts.find((account) => account.username === username)?.grant
  const desk = grantOf('officer')?.subdistrictCode ?? null
  const homes = new Set(units.map(({ homeCommunityId }) => homeCommunityId))
  const near = communities.filter(
    ({ id, subdistrictCode, firmId }) => subdistrictCode === desk && firmId && !homes.has(id),
  )
  const atDesk = near.slice(0, AT_THE_DESK)
  const firmless = communities.filter(({ firmId }) => firmId === null)
  const taken = new Set([...atDesk, ...firmless].map(({ id }) => id))
  const managed = communities.filter(({ id, firmId }) => firmId !== null && !taken.has(id))
  const ownManaged = managed.filter(({ subdistrictCode }) => subdistrictCode === desk).slice(0, 3)
  return {
    providerFirmId: grantOf('provider')?.firmId ?? null,
    alone: [...atDesk, ...shuffled(random, firmless)],
    managed: [...ownManaged, ...shuffled(random, managed)],
  }
}

type Kind = 'unmanaged' | 'selecting' | 'offered' | 'active' | 'expiring' | 'handingOver'

interface Stage {
  pool: PoolEntry[]
  committed: Map<string, Amounts>
  serving: Serving[]
  ruling: DemoRuling
  random: Random
  /** What becomes of the next community; the first ones stand at the officer's desk, in an order that shows each. */
  nextKind(): Kind
  /** The firm that is asked first while it may. */
  favourite: string | null
}

const DESK_ORDER: readonly Kind[] = ['active', 'unmanaged', 'offered', 'expiring', 'unmanaged', 'handingOver']

function stageOf(pool: PoolEntry[], favourite: string | null, ruling: DemoRuling, random: Random): Stage {
  const { selecting, offered, active, expiring, handingOver } = COUNTS
  const rest: Kind[] = [
    ...repeated<Kind>('active', active),
    ...repeated<Kind>('expiring', expiring),
    ...repeated<Kind>('handingOver', handingOver),
    ...repeated<Kind>('offered', offered),
    ...repeated<Kind>('selecting', selecting),
  ]
  const kinds = [...DESK_ORDER, ...shuffled(random, rest)]
  const nextKind = () => kinds.shift() ?? 'unmanaged'
  return { pool, committed: new Map(), serving: [], ruling, random, nextKind, favourite }
}

const repeated = <T>(item: T, count: number): T[] => Array.from({ length: count }, () => item)

/** Days since a community at each stage has been served, or been without anybody. */
const SINCE_DAYS: Record<Kind, readonly [number, number]> = {
  unmanaged: [0.1, 24],
  selecting: [1, 9],
  offered: [1, 7],
  active: [8, 110],
  expiring: [128, 174],
  handingOver: [130, 170],
}

function addUncovered(emergency: DemoEmergency, stage: Stage, community: Community): void {
  const { ruling, random } = stage
  const kind = stage.nextKind()
  const days = between(random, ...SINCE_DAYS[kind])
  const turn = ruling.now - Math.round(days * DAY_MS)
  const serves = kind === 'active' || kind === 'expiring' || kind === 'handingOver'
  const since = serves ? turn - wholeBetween(random, 3, 11) * DAY_MS : turn
  const bare = unmanagedCase(community, since, ruling, random)
  const match = kind === 'unmanaged' ? null : matchFor(bare, community, stage)
  if (!match) {
    emergency.cases.push(kind === 'unmanaged' ? bare : bareLately(community, stage))
    return
  }
  const activeAt = ruling.calendar.atHour(turn, 8)
  const openedAt = serves ? activeAt - 4 * DAY_MS : ruling.now - 5 * HOUR_MS
  const selection = demoSelection(match, openedAt, kind !== 'selecting')
  emergency.selections.push(selection)
  if (serves) {
    const made = servingEngagement(match, selection, { activeAt, handsOver: kind === 'handingOver' }, ruling)
    commit(stage, made.engagement)
    stage.serving.push(made)
    emergency.engagements.push(made.engagement)
    emergency.cases.push(made.case)
    emergency.steps.push(...made.steps)
    return
  }
  if (kind === 'offered') emergency.engagements.push(offeredEngagement(match, selection, ruling))
  emergency.cases.push({ ...bare, status: 'selecting', statusSince: openedAt })
}

/** Nobody could be found for it: then it has not been waiting as long as one that is served has been served. */
const bareLately = (community: Community, { ruling, random }: Stage): CommunityCase =>
  unmanagedCase(community, ruling.now - Math.round(between(random, ...SINCE_DAYS.unmanaged) * DAY_MS), ruling, random)

/** The nearest firms that may take it, the favourite first; null = nobody may. */
function matchFor(
  bare: CommunityCase,
  { lng, lat }: Community,
  { pool, committed, ruling, favourite }: Stage,
): Match | null {
  const fit = pool
    .filter(
      (entry) =>
        barOf(entry, bare, { committed: committed.get(entry.firmId) ?? NOTHING, overrideReason: null }, ruling.now) ===
        null,
    )
    .sort(
      (a, b) =>
        Number(b.firmId === favourite) - Number(a.firmId === favourite) ||
        haversineM([a.lng, a.lat], [lng, lat]) - haversineM([b.lng, b.lat], [lng, lat]),
    )
  const [entry] = fit
  return entry ? { case: bare, entry, candidates: fit.slice(0, 5) } : null
}

function commit({ committed }: Stage, { firmId, needs, moneyAtRisk }: Engagement): void {
  const before = committed.get(firmId) ?? NOTHING
  const more: Amounts = { ...needs, moneyAtRisk }
  committed.set(firmId, Object.fromEntries(RESOURCES.map((one) => [one, before[one] + more[one]])) as Amounts)
}

function addContracted(emergency: DemoEmergency, managed: Community[], ruling: DemoRuling, random: Random): void {
  const { ending, notice, quiet } = COUNTS
  const kinds = [
    ...repeated('notice' as const, notice),
    ...repeated('ending' as const, ending),
    ...repeated('quiet' as const, quiet),
  ]
  // The officer's own come first and meet one of each.
  const ordered = ['notice' as const, 'ending' as const, ...kinds]
  for (const [i, kind] of ordered.entries()) {
    const community = managed[i]
    if (!community?.firmId) continue
    const made = contractedCase(community, community.firmId, kind, ruling, random)
    emergency.cases.push(made.case)
    emergency.contracts.push(made.contract)
    if (made.notice) emergency.notices.push(made.notice)
  }
}

function noticesOf(serving: readonly Serving[], city: City, places: TenantPlaces, demo: DemoCity): PublicNotice[] {
  const communities = new Map(demo.communities.map(({ id, name }) => [id, name]))
  const firms = new Map(demo.firms.map(({ id, name }) => [id, name]))
  const streets = new Map(places.subdistricts.map(({ code, name }) => [code, name]))
  return serving.map((one) =>
    demoNotice(one, {
      community: communities.get(one.engagement.communityId) ?? '',
      firm: firms.get(one.engagement.firmId) ?? '',
      subdistrict: streets.get(one.engagement.subdistrictCode) ?? '',
      contact: city.locale === 'en' ? 'Property desk of the sub-district office' : '街道办事处物业科',
    }),
  )
}

/** Officers find what has happened lately still ringing, and nothing older. */
function alarmsOf({ cases, engagements }: DemoEmergency, { now }: DemoRuling): Alarm[] {
  const ringing: { communityId: string; tenant: string; kind: EngagementAlarm; at: Instant }[] = [
    ...cases
      .filter(({ status, unmanagedAt }) => status === 'unmanaged' && now - (unmanagedAt ?? 0) < 3 * DAY_MS)
      .map((row) => ({ ...row, kind: 'communityUnmanaged' as const, at: row.unmanagedAt as Instant })),
    ...engagements
      .filter(({ status }) => status === 'expiring')
      .map((row) => ({ ...row, kind: 'termEnding' as const, at: now - 2 * HOUR_MS })),
  ]
  return ringing.map(({ communityId, tenant, kind, at }) => ({
    id: `${communityId}-${kind}`,
    tenant,
    kind,
    ticketId: null,
    unitId: null,
    communityId,
    raisedAt: at,
    late: false,
    acknowledgedAt: null,
    acknowledgedBy: null,
  }))
}

function withKeepers(communities: readonly Community[], cases: readonly CommunityCase[]): Community[] {
  const keeper = new Map(
    cases.filter(({ episode }) => episode > 0).map(({ communityId, providerFirmId }) => [communityId, providerFirmId]),
  )
  return communities.map((one) => (keeper.has(one.id) ? { ...one, firmId: keeper.get(one.id) ?? null } : one))
}

/** The history behind the cases. */
export const episodesOf = (cases: readonly CommunityCase[]): CommunityEpisode[] =>
  cases.flatMap(({ communityId, tenant, episode, unmanagedAt, firstRefuseAt, coveredAt }) =>
    unmanagedAt === null ? [] : [{ communityId, tenant, episode, unmanagedAt, firstRefuseAt, coveredAt }],
  )
