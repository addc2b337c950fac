import type { EmergencySettings } from './emergency-settings.ts'
import { NEXT_POOL, POOL_EVENTS, type PoolEntry, type PoolEvent } from './pool.ts'
import type { PoolProblem, PoolRow } from './pool-row.ts'
import { isBanned, light, meetsEntry, type Office, type Review, score, stepPool } from './pool-steps.ts'

/** What the row's words mean in the city. */
export interface RowPlaces {
  /** As far as the row names one that is there. */
  office: Partial<Office>
  districtCodes: string[] | null
}

export interface RowOutcome {
  after: PoolEntry
  problems: PoolProblem[]
}

/**
 * PV6: the entry as a row would leave it. Everything goes the way it goes by hand: a status follows the table, the entry
 * criteria hold, a failed rating and a yellow light are what they are; only the reason is the import's.
 */
export function importRow(
  before: PoolEntry,
  { row, places, isNew }: { row: PoolRow; places: RowPlaces; isNew: boolean },
  least: EmergencySettings['entry'],
  review: Review,
): RowOutcome {
  const said = withOffer(before, row, places)
  const scores = scoresOf(said, row)
  // A file that says again what is known is no new rating.
  const { ratedAt } = scores.ratingBand === before.ratingBand ? before : { ratedAt: review.now }
  const scored = { ...score(said, scores, review), ratedAt }
  const lit =
    row.yellow !== undefined && row.yellow !== (scored.yellowSince !== null) ? light(scored, row.yellow, review) : null
  if (lit && !lit.ok && lit.why === 'notRerated')
    return { after: scored, problems: [{ column: 'yellow', value: 'no', why: 'notRerated' }] }
  const banned = {
    ...(lit?.ok ? lit.entry : scored),
    ...(row.banUntil !== undefined && { banUntil: row.banUntil, banReason: review.reason }),
  }
  const wanted = row.status ?? banned.status
  if (wanted === banned.status) return { after: settled(before, banned), problems: [] }
  const event = eventTo(banned, wanted)
  const value = row.status ?? ''
  if (event === null || (isNew && wanted !== 'in_pool'))
    return { after: banned, problems: [{ column: 'status', value, why: 'wrongStage' }] }
  if (event === 'admit' && isBanned(banned, review.now))
    return { after: banned, problems: [{ column: 'status', value, why: 'banned' }] }
  if (event === 'admit' && !meetsEntry(banned, least))
    return { after: banned, problems: [{ column: 'status', value, why: 'belowEntry' }] }
  const stepped = stepPool(banned, event, review)
  return { after: settled(before, stepped.ok ? stepped.entry : banned), problems: [] }
}

/** One change, however many columns it came in. */
const settled = (before: PoolEntry, after: PoolEntry): PoolEntry => ({ ...after, version: before.version + 1 })

const eventTo = (entry: PoolEntry, wanted: PoolEntry['status']): PoolEvent | null =>
  POOL_EVENTS.find((event) => event !== 'apply' && NEXT_POOL[entry.status][event] === wanted) ?? null

function withOffer(before: PoolEntry, row: PoolRow, { office, districtCodes }: RowPlaces): PoolEntry {
  const { services = before.services, tier = before.tier, price = before.price, openingCost = before.openingCost } = row
  return {
    ...before,
    ...office,
    services,
    tier,
    price,
    openingCost,
    capacity: { ...before.capacity, ...row.capacity },
    districtCodes: districtCodes ?? before.districtCodes,
  }
}

const scoresOf = (entry: PoolEntry, row: PoolRow) => ({
  partyBuilding: row.partyBuilding ?? entry.partyBuilding,
  quality: row.quality ?? entry.quality,
  ratingBand: row.ratingBand ?? entry.ratingBand,
})

/** The fields that an import may change, as the preview lists them. */
export const IMPORTED_FIELDS = [
  'status',
  'subdistrictCode',
  'lng',
  'lat',
  'services',
  'tier',
  'capacity',
  'districtCodes',
  'price',
  'openingCost',
  'partyBuilding',
  'quality',
  'ratingBand',
  'yellowSince',
  'banUntil',
] as const satisfies readonly (keyof PoolEntry)[]

/** Which of them differ. Whether the light burns counts, not since when. */
export const changedFields = (before: PoolEntry, after: PoolEntry): (typeof IMPORTED_FIELDS)[number][] =>
  IMPORTED_FIELDS.filter((field) =>
    field === 'yellowSince'
      ? (before.yellowSince === null) !== (after.yellowSince === null)
      : canonical(before[field]) !== canonical(after[field]),
  )

/** One text for one value: the database gives an object's fields back in an order of its own. */
export const canonical = (value: unknown): string => JSON.stringify(value, inOrder) ?? ''

const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
