import gcoord from 'gcoord'
import { describe, expect, test } from 'vitest'
import { amapLink, geoLink, plainPoint } from '#console/lib/pages/navigation.ts'
import { siteCodeIn } from '#console/lib/pages/site-code.ts'
import { haversineM } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'

const STATION: LngLat = [123.3928, 41.7912]

/** The point Amap is told, as written in its link. */
function toldToAmap(to: LngLat): LngLat {
  const [lng, lat] = (new URL(amapLink(to, '第 7 号单', 'ebike')).searchParams.get('to') ?? '').split(',').map(Number)
  return [lng ?? Number.NaN, lat ?? Number.NaN]
}

describe('handing the way over to a map', () => {
  test('[FP7] Amap is told the point in its own datum: back-converted it is the place, unconverted it is streets away', () => {
    const told = toldToAmap(STATION)
    expect(haversineM(told, STATION)).toBeGreaterThan(300)
    const back = gcoord.transform([told[0], told[1]], gcoord.GCJ02, gcoord.WGS84)
    expect(haversineM([back[0], back[1]], STATION)).toBeLessThan(1)
  })

  test('[FP7] outside China nothing is shifted', () => {
    const ferryBuilding: LngLat = [-122.3937, 37.7955]
    expect(haversineM(toldToAmap(ferryBuilding), ferryBuilding)).toBeLessThan(1)
  })

  test('[FP7] a geo: link is WGS-84, latitude first', () => {
    expect(geoLink(STATION, '7')).toBe('geo:41.791200,123.392800?q=41.791200,123.392800(7)')
    expect(plainPoint(STATION)).toBe('41.791200, 123.392800')
  })

  test('Amap is told how the unit travels, and nothing of what the ticket is about', () => {
    const query = new URL(amapLink(STATION, '第 7 号单', 'foot')).searchParams
    expect(query.get('mode')).toBe('walk')
    expect([...query.keys()].sort()).toEqual(['callnative', 'coordinate', 'mode', 'src', 'to'])
  })
})

describe('the code on the sign at the site', () => {
  test('[FP8] typed bare, with spaces, or scanned as a whole address, it is the same code', () => {
    for (const raw of [
      'Ab_9-xyz',
      '  Ab_9 -xyz ',
      'https://city.example/go?site=Ab_9-xyz',
      'http://10.0.0.2:8080/go?a=1&site=Ab_9-xyz&b=2',
    ])
      expect(siteCodeIn(raw)).toBe('Ab_9-xyz')
  })

  test('[FP8] what cannot be a code is refused before anything is sent', () => {
    for (const raw of ['', '   ', 'abc', 'https://city.example/r/hp0001', '现场码', 'x'.repeat(65)])
      expect(siteCodeIn(raw)).toBeNull()
  })
})
