import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import gcoord from 'gcoord'
import Value from 'typebox/value'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TenantConfig } from '#db/places/config.ts'
import { placesOf } from '#db/places/places-of.ts'
import { readTenantFile } from '#db/places/read.ts'
import { haversineM } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'
import { SAN_FRANCISCO_CONFIG, tenantFromFile } from '#tests/support/tenant-file.ts'
import { TenantConfig as TenantConfigSchema } from '#wire/tenant-config.ts'

const small = (places: Partial<TenantConfig['places']> = {}, city: Partial<TenantConfig> = {}): TenantConfig => ({
  code: 'small',
  name: { zh: '小城', en: 'Small' },
  locale: 'en',
  timeZone: 'Asia/Shanghai',
  bbox: [123, 41, 124, 42],
  centre: [123.5, 41.5],
  emergencyNumbers: { fire: '119', police: '110', medical: '120', gas: '119' },
  places: {
    datum: 'WGS84',
    districts: [{ code: 'A', name: { zh: '甲', en: 'First' }, centre: [123.4, 41.4] }],
    ...places,
  },
  ...city,
})

describe('a tenant configuration', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hongguan-tenant-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('[PL5] San Francisco is a list of districts and 911: the levels left out are filled with one place each', async () => {
    const { config, places } = await tenantFromFile(SAN_FRANCISCO_CONFIG)
    expect(new Set(Object.values(config.emergencyNumbers))).toEqual(new Set(['911']))
    expect(places.districts.length).toBeGreaterThan(5)
    expect(places.subdistricts.map(({ districtCode }) => districtCode)).toEqual(
      places.districts.map(({ code }) => code),
    )
    expect(places.neighbourhoods.map(({ subdistrictCode }) => subdistrictCode)).toEqual(
      places.subdistricts.map(({ code }) => code),
    )
    expect(places.neighbourhoods[0]?.name).toBe(config.places.districts[0]?.name.en)
    expect(places.outlines).toBeNull()
  })

  test('[PL5] lists may stand in files of their own beside the configuration', async () => {
    await writeFile(join(folder, 'districts.json'), JSON.stringify(small().places.districts))
    const file = join(folder, 'city.json')
    await writeFile(file, JSON.stringify({ ...small(), places: { datum: 'WGS84', districts: 'districts.json' } }))
    expect((await tenantFromFile(file)).places.districts).toHaveLength(1)
  })

  test('[PL5] every file that is missing or no JSON is named at once', async () => {
    await writeFile(join(folder, 'broken.json'), '[{')
    const file = join(folder, 'broken-city.json')
    const places = { datum: 'WGS84', districts: 'nowhere.json', subdistricts: 'broken.json' }
    await writeFile(file, JSON.stringify({ ...small(), places }))
    const read = await readTenantFile(file)
    expect(read).toMatchObject({
      ok: false,
      problems: [{ path: '/places/districts' }, { path: '/places/subdistricts' }],
    })
  })

  test('[PL5] the schema names every field error at once', () => {
    const wrong = { ...small(), code: 'Not A Code', centre: [200, 41], locale: 'fr', extra: 1 }
    const paths = Value.Errors(TenantConfigSchema, wrong).map(({ instancePath }) => instancePath)
    expect(paths).toEqual(expect.arrayContaining(['/code', '/centre/0', '/locale', '']))
  })

  test('[PL5] what a schema cannot see is refused, all of it at once', () => {
    const answer = placesOf(
      small(
        {
          districts: [
            { code: 'A', name: { zh: '甲', en: 'First' }, centre: [123.4, 41.4] },
            { code: 'A', name: { zh: '甲', en: 'First' }, centre: [10, 10] },
          ],
          subdistricts: [{ code: 'B1', districtCode: 'B', name: 'Lost', kind: 'other' }],
          neighbourhoods: [{ code: 'N', subdistrictCode: 'B2', name: 'Lost too', kind: 'neighbourhood' }],
          communities: [{ code: 'C', neighbourhoodCode: 'M', name: 'Nowhere', point: [123.4, 41.4], households: 1 }],
        },
        { timeZone: 'Mars/Olympus', centre: [0, 0] },
      ),
    )
    expect(answer.ok).toBe(false)
    expect(answer.ok ? [] : answer.problems.map(({ path }) => path)).toEqual([
      '/centre',
      '/timeZone',
      '/places/districts/1/code',
      '/places/districts/1/centre',
      '/places/subdistricts/0',
      '/places/neighbourhoods/0',
      '/places/communities/0',
    ])
  })

  test('[PL2] a list in GCJ-02 comes out in WGS-84, and the configuration itself is left as it was', () => {
    const wgs84: LngLat = [123.43, 41.8]
    const gcj02 = gcoord.transform([wgs84[0], wgs84[1]], gcoord.WGS84, gcoord.GCJ02)
    const config = small({ datum: 'GCJ02', districts: [{ code: 'A', name: { zh: '甲', en: 'First' }, centre: gcj02 }] })
    const before = structuredClone(config)
    const answer = placesOf(config)
    expect(answer.ok && haversineM(answer.places.districts[0]?.centre as LngLat, wgs84)).toBeLessThan(0.2)
    expect(config).toEqual(before)
  })
})
