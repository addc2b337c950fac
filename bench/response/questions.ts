import { HOUR_MS } from '#domain/instant.ts'
import type { AskedQuestion } from '#domain/response-question.ts'
import type { PeerKey } from './peer.ts'
import { YEAR } from './world.ts'

export interface BenchQuestion {
  name: string
  says: string
  asked: AskedQuestion
  before?: { from: number; to: number }
  isCityWide: boolean
  /** The same for PostgreSQL: what it groups by, and which rows. */
  peer: { key: PeerKey; where: string; before?: string }
}

const local = (month: number) => Date.UTC(2025, month - 1, 1) - 8 * HOUR_MS
const JULY = { from: local(7), to: local(8) }
const JUNE = { from: local(6), to: local(7) }
const span = ({ from, to }: { from: number; to: number }) =>
  `t.reported_at >= to_timestamp(${from / 1_000}) and t.reported_at < to_timestamp(${to / 1_000})`

/** The fixed list. `community` is one of many tickets. */
export const questionsFor = (community: string): BenchQuestion[] => [
  {
    name: 'monthByCell',
    says: 'the city, July, by hexagon (h3:8)',
    asked: { by: 'cell', grid: 'h3:8', ...JULY },
    isCityWide: true,
    peer: { key: 'cell', where: span(JULY) },
  },
  {
    name: 'yearByCell',
    says: 'the city, the year, by hexagon (h3:8)',
    asked: { by: 'cell', grid: 'h3:8', ...YEAR },
    isCityWide: true,
    peer: { key: 'cell', where: span(YEAR) },
  },
  {
    name: 'yearByArea',
    says: 'the city, the year, by sub-district',
    asked: { by: 'area', level: 'subdistrict', ...YEAR },
    isCityWide: true,
    peer: { key: 'subdistrict', where: span(YEAR) },
  },
  {
    name: 'yearByHour',
    says: 'the city, the year, by hour of the week',
    asked: { by: 'hourOfWeek', ...YEAR },
    isCityWide: true,
    peer: { key: 'hour', where: span(YEAR) },
  },
  {
    name: 'twoMonths',
    says: 'the city, July beside June, by hexagon (h3:8)',
    asked: { by: 'cell', grid: 'h3:8', ...JULY },
    before: JUNE,
    isCityWide: true,
    peer: { key: 'cell', where: span(JULY), before: span(JUNE) },
  },
  {
    name: 'oneCommunity',
    says: 'one community, the year, by month',
    asked: { by: 'month', community, ...YEAR },
    isCityWide: false,
    peer: { key: 'month', where: `t.community_id = '${community}' and ${span(YEAR)}` },
  },
]
