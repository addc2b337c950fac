import { townRecord } from './town.ts'

/** The town's record as a file and the map that explains it. */
export const townMap = () =>
  JSON.stringify({
    source: 'town',
    tickets: {
      ticketKey: 'call',
      rowKey: 'row',
      unit: 'unit',
      location: { lat: 'lat', lng: 'lng' },
      category: { column: 'sort', values: {}, default: { category: 'other' } },
      timeFormat: 'ms',
      times: { reported: 'reported', offered: 'sent', enRoute: 'left', onSite: 'there', ended: 'free' },
      description: '{sort}',
    },
  })

export function townRows(count: number): string {
  const rows = townRecord(count, 30).map((run, n) => {
    const { callId, unitId, type, lat, lng, reportedAt, sentAt, leftAt, onSiteAt, endedAt } = run
    return [callId, n, unitId, type, lat, lng, reportedAt, sentAt, leftAt, onSiteAt, endedAt].join()
  })
  return `call,row,unit,sort,lat,lng,reported,sent,left,there,free\n${rows.join('\n')}\n`
}
