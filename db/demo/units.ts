import type { Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import { chance, pick, type Random, seededRandom, shuffled } from '#domain/random.ts'
import type { Skill, TravelMode, Unit, UnitKind } from '#domain/units.ts'

export interface UnitOrder {
  tenant: string
  locale: 'zh-CN' | 'en'
  seed: number
  now: Instant
  counts: Record<UnitKind, number>
}

interface Trade {
  kind: UnitKind
  callsign: { zh: string; en: string }
  digits: number
  dutyShare: number
  /** Share of travel modes; the rest goes on foot. */
  byCar: number
  byEbike: number
  skills: (random: Random) => Skill[]
  /** Whether the unit belongs to the firm of its home community. */
  ofFirm: boolean
}

/** What a crew is for; the first ones are commoner. */
const CREW_SKILLS: readonly Skill[][] = [
  ['plumbingElectrical', 'pipeMaintenance'],
  ['plumbingElectrical', 'unlocking'],
  ['pipeMaintenance', 'heating'],
  ['liftRescue'],
  ['fallingObject', 'orderKeeping'],
  ['cleaning', 'generalHelp'],
]

const TRADES: readonly Trade[] = [
  {
    kind: 'housekeeper',
    callsign: { zh: '管家', en: 'Housekeeper' },
    digits: 4,
    dutyShare: 0.6,
    byCar: 0,
    byEbike: 0.75,
    skills: (random) => [
      'generalHelp',
      ...some(random, [
        ['plumbingElectrical', 0.5],
        ['pipeMaintenance', 0.25],
        ['unlocking', 0.12],
        ['cleaning', 0.3],
        ['orderKeeping', 0.4],
        ['liftRescue', 0.1],
      ]),
    ],
    ofFirm: true,
  },
  {
    kind: 'volunteer',
    callsign: { zh: '志愿者', en: 'Volunteer' },
    digits: 4,
    dutyShare: 0.4,
    byCar: 0,
    byEbike: 0.35,
    skills: (random) => [
      'generalHelp',
      ...some(random, [
        ['orderKeeping', 0.35],
        ['cleaning', 0.3],
      ]),
    ],
    ofFirm: false,
  },
  {
    kind: 'crew',
    callsign: { zh: '应急队', en: 'Crew' },
    digits: 3,
    dutyShare: 0.75,
    byCar: 0.8,
    byEbike: 0.2,
    skills: (random) => [...(CREW_SKILLS[Math.floor(random() ** 1.5 * CREW_SKILLS.length)] as Skill[])],
    ofFirm: true,
  },
]

/**
 * Numbered units, each at home in a community. While there are fewer units of a kind than neighbourhoods, no two of them share
 * one; the rest is shared out anew. A unit off duty keeps its post, so the map can show where it belongs.
 */
export function demoUnits(order: UnitOrder, communities: readonly Community[]): Unit[] {
  if (communities.length === 0) return []
  const units: Unit[] = []
  for (const trade of TRADES) {
    const random = seededRandom(order.seed, `units: ${trade.kind}`)
    const managed = communities.filter(({ firmId }) => firmId !== null)
    const homes = homesFor(order.counts[trade.kind], trade.ofFirm && managed.length > 0 ? managed : communities, random)
    for (const [i, home] of homes.entries()) units.push(demoUnit(order, trade, i + 1, units.length + 1, home, random))
  }
  return units
}

function demoUnit(
  { tenant, locale, now }: UnitOrder,
  trade: Trade,
  number: number,
  index: number,
  home: Community,
  random: Random,
): Unit {
  const padded = String(number).padStart(trade.digits, '0')
  return {
    id: `${tenant}-${trade.kind}-${padded}`,
    tenant,
    index,
    callsign: `${locale === 'en' ? trade.callsign.en : trade.callsign.zh} ${padded}`,
    kind: trade.kind,
    skills: trade.skills(random),
    mode: travelMode(trade, random),
    firmId: trade.ofFirm ? home.firmId : null,
    homeCommunityId: home.id,
    postLng: home.lng,
    postLat: home.lat,
    districtCode: home.districtCode,
    subdistrictCode: home.subdistrictCode,
    duty: chance(random, trade.dutyShare) ? 'onDuty' : 'offDuty',
    dutySince: now,
    tracked: true,
    synthetic: true,
  }
}

function homesFor(count: number, communities: readonly Community[], random: Random): Community[] {
  const byNeighbourhood = Map.groupBy(communities, ({ neighbourhoodCode }) => neighbourhoodCode)
  const homes: Community[] = []
  while (homes.length < count) {
    for (const choices of shuffled(random, [...byNeighbourhood.values()])) {
      if (homes.length < count) homes.push(pick(random, choices))
    }
  }
  // By code, so that neighbouring numbers are neighbours on the map too.
  return homes.sort((a, b) => (a.id < b.id ? -1 : 1))
}

function travelMode({ byCar, byEbike }: Trade, random: Random): TravelMode {
  const drawn = random()
  if (drawn < byCar) return 'car'
  return drawn < byCar + byEbike ? 'ebike' : 'foot'
}

const some = (random: Random, shares: readonly (readonly [Skill, number])[]): Skill[] =>
  shares.filter(([, share]) => chance(random, share)).map(([skill]) => skill)
