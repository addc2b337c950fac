import type { Instant } from './instant.ts'
import type { PoolEntry } from './pool.ts'

/** The columns of the pool's CSV, in the order of the export; a heading may also be the Chinese one. */
export const POOL_COLUMNS = {
  firm: '企业',
  status: '状态',
  subdistrict: '所在街道',
  lng: '经度',
  lat: '纬度',
  services: '服务项目',
  tier: '标准档次',
  cleaners: '保洁人数',
  guards: '秩序维护人数',
  liftOperators: '电梯人数',
  moneyAtRisk: '可垫付金额',
  districts: '服务区县',
  price: '单价',
  openingCost: '启动费用',
  partyBuilding: '党建评分',
  quality: '质量评分',
  ratingBand: '评价分档',
  yellow: '黄灯',
  banUntil: '禁入至',
} as const
export type PoolColumn = keyof typeof POOL_COLUMNS

const COLUMNS = Object.keys(POOL_COLUMNS) as PoolColumn[]

/** Without these a row says nothing that can be kept. */
const NEEDED: readonly PoolColumn[] = ['firm', 'subdistrict', 'services', 'districts', 'price']

/** Which column stands where; null = the heading is not the pool's: a needed column is missing, or one stands twice. */
export function poolHeader(cells: readonly string[]): (PoolColumn | null)[] | null {
  const found = cells.map((cell) => columnOf(cell.trim()))
  const isTwice = found.some((column, index) => column !== null && found.indexOf(column) !== index)
  return isTwice || NEEDED.some((column) => !found.includes(column)) ? null : found
}

const columnOf = (heading: string): PoolColumn | null =>
  COLUMNS.find((column) => column === heading || POOL_COLUMNS[column] === heading) ?? null

/** An entry in the columns of the file; the firm by its name, the ban's end as the caller's calendar says it. */
export function poolCells(
  entry: PoolEntry,
  firmName: string,
  dayOf: (at: Instant) => string,
): Record<PoolColumn, string> {
  const { capacity } = entry
  const text = (value: string | number | null) => (value === null ? '' : String(value))
  return {
    firm: firmName,
    status: entry.status,
    subdistrict: entry.subdistrictCode,
    lng: text(entry.lng),
    lat: text(entry.lat),
    services: entry.services.join(';'),
    tier: entry.tier,
    cleaners: text(capacity.cleaners),
    guards: text(capacity.guards),
    liftOperators: text(capacity.liftOperators),
    moneyAtRisk: text(capacity.moneyAtRisk),
    districts: entry.districtCodes.join(';'),
    price: text(entry.price),
    openingCost: text(entry.openingCost),
    partyBuilding: text(entry.partyBuilding),
    quality: text(entry.quality),
    ratingBand: text(entry.ratingBand),
    yellow: entry.yellowSince === null ? 'no' : 'yes',
    banUntil: entry.banUntil === null ? '' : dayOf(entry.banUntil),
  }
}
