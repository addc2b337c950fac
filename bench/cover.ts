import { DEMO_SEED, demoCity } from '#db/demo/city.ts'
import type { TenantConfig } from '#db/places/config.ts'
import { placesOf } from '#db/places/places-of.ts'
import { readTenantFile, SHENYANG_CONFIG } from '#db/places/read.ts'
import { Cover, type CoverPlace, type CoverUnit, FIVE_MINUTES } from '#domain/cover.ts'
import { suggestMoves } from '#domain/cover-moves.ts'
import { haversineM, offsetM } from '#domain/geo.ts'
import { between, seededRandom, wholeBetween } from '#domain/random.ts'
import { estimatedEtaMs } from '#domain/travel.ts'
import type { Bench } from './bench.ts'

const CHANGES = 20_000
const CHANGES_BY_HAND = 400
const FULL_ROUNDS = 5

/** The live five-minute cover of a whole city: made anew, and kept change by change, beside looking at everything. */
export const cover: Bench = {
  about:
    'Shenyang, 11,000 units × 5,000 communities, all free: CPU to make the cover anew, to keep it by one changed unit (it moves some\n' +
    'hundred metres, or takes or ends a task), and the same by looking at every pair (full) or every community (one unit).',
  async run(report, say) {
    const { places, units } = await city()
    const line = (name: string, metric: string, value: number, unit: string) =>
      report({ bench: 'cover', case: name, metric, value, unit })
    say('in full …')
    const grid = cpuMs(() => made(places, units), FULL_ROUNDS)
    line('full', 'grid', grid.ms, 'ms')
    say('by hand …')
    const hand = cpuMs(() => byHand(places, units))
    line('full', 'bruteForce', hand.ms, 'ms')
    line('full', 'difference', Math.abs(grid.result.totals().households - hand.result), 'households')
    say('one changed unit …')
    const changes = changesOf(units, CHANGES)
    const one = cpuMs(() => changes.map((unit) => grid.result.put(unit)))
    line('oneUnit', 'grid', one.ms / CHANGES, 'ms')
    const some = changes.slice(0, CHANGES_BY_HAND)
    line('oneUnit', 'bruteForce', cpuMs(() => some.map((unit) => lookAround(places, unit))).ms / some.length, 'ms')
    const after = new Map([...units, ...changes].map((unit) => [unit.id, unit]))
    line(
      'oneUnit',
      'difference',
      Math.abs(grid.result.totals().households - byHand(places, [...after.values()])),
      'households',
    )
    say('suggested moves …')
    line('fiveMoves', 'grid', cpuMs(() => suggestMoves(grid.result)).ms, 'ms')
  },
}

async function city(): Promise<{ places: CoverPlace[]; units: CoverUnit[] }> {
  const read = await readTenantFile(SHENYANG_CONFIG)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const config = read.config as TenantConfig
  const placed = placesOf(config)
  if (!placed.ok) throw new Error(JSON.stringify(placed.problems))
  const size = { communities: 5_000, firms: 300, housekeepers: 1_000, volunteers: 10_000, crews: 0 }
  const made = demoCity(config, placed.places, DEMO_SEED, size, 0)
  return {
    places: made.communities,
    units: made.units.map(({ id, postLng, postLat, kind, mode, skills }) => {
      return { id, lng: postLng, lat: postLat, kind, mode, skills, isFree: true }
    }),
  }
}

function made(places: readonly CoverPlace[], units: readonly CoverUnit[]): Cover {
  const all = new Cover(places)
  for (const unit of units) all.put(unit)
  return all
}

const lookAround = (places: readonly CoverPlace[], { kind, mode, lng, lat }: CoverUnit): number[] =>
  places.flatMap((place, index) =>
    estimatedEtaMs(haversineM([lng, lat], [place.lng, place.lat]), kind, mode) <= FIVE_MINUTES.withinMs ? [index] : [],
  )

/** Households covered. */
function byHand(places: readonly CoverPlace[], units: readonly CoverUnit[]): number {
  const covered = new Set<number>()
  for (const unit of units) if (unit.isFree) for (const index of lookAround(places, unit)) covered.add(index)
  let sum = 0
  for (const index of covered) sum += places[index]?.households ?? 0
  return sum
}

function changesOf(units: readonly CoverUnit[], count: number): CoverUnit[] {
  const random = seededRandom(DEMO_SEED, 'cover')
  const now = [...units]
  return Array.from({ length: count }, () => {
    const index = wholeBetween(random, 0, now.length - 1)
    const unit = now[index] as CoverUnit
    const [lng, lat] = offsetM([unit.lng, unit.lat], between(random, -400, 400), between(random, -400, 400))
    const next = random() < 0.3 ? { ...unit, isFree: !unit.isFree } : { ...unit, lng, lat }
    now[index] = next
    return next
  })
}

function cpuMs<T>(work: () => T, rounds = 1): { ms: number; result: T } {
  let result = work()
  const before = process.cpuUsage()
  for (let round = 0; round < rounds; round++) result = work()
  const { user, system } = process.cpuUsage(before)
  return { ms: (user + system) / 1_000 / rounds, result }
}
