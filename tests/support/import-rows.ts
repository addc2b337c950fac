import type { TicketsMap } from '#domain/import-map.ts'
import type { Cells, ReadRow } from '#domain/import-row.ts'

/** A map and a row of a made-up source: times are seconds, so that a test can say them. */
export const aTicketsMap = (changes: Partial<TicketsMap> = {}): TicketsMap => ({
  ticketKey: 'Call',
  rowKey: 'Row',
  unit: 'Unit',
  location: { lat: 'Lat', lng: 'Lng' },
  category: {
    column: 'Type',
    values: { Lamp: { category: 'lighting' }, Fire: { category: 'fire', class: 'major', priority: 'P1' } },
  },
  timeFormat: 's',
  times: { reported: 'T1', triaged: 'T2', offered: 'T3', enRoute: 'T4', onSite: 'T5', ended: 'T6', closed: 'T6' },
  description: '{Type}: {Text}',
  address: '{Street}, {Town}',
  ...changes,
})

export const theCells = (changes: Record<string, string> = {}): Cells => ({
  Call: 'c1',
  Row: 'r1',
  Unit: 'E1',
  Lat: '41.8',
  Lng: '123.4',
  Type: 'Lamp',
  T1: '100',
  T2: '110',
  T3: '120',
  T4: '130',
  T5: '140',
  T6: '200',
  Text: 'dark',
  Street: 'Main',
  Town: 'Shenyang',
  ...changes,
})

/** A row as it is read, moments in milliseconds. */
export const aReadRow = (changes: Partial<ReadRow> = {}): ReadRow => ({
  line: 2,
  ticketKey: 'c1',
  rowKey: 'r1',
  unit: 'E1',
  community: null,
  area: null,
  lng: 123.4,
  lat: 41.8,
  category: 'lighting',
  moments: { reported: 100 },
  description: 'dark',
  address: '',
  resolution: null,
  isCancelled: false,
  ...changes,
})
