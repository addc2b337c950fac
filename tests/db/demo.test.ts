import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { DEMO_SEED, type DemoCity, demoCity, SHENYANG_SIZE, sizeFor } from '#db/demo/city.ts'
import { demoHistory } from '#db/demo/history.ts'
import type { TenantConfig } from '#db/places/config.ts'
import type { TenantPlaces } from '#db/places/places-of.ts'
import { SHENYANG_CONFIG } from '#db/places/read.ts'
import { ROLES } from '#domain/access.ts'
import { bboxContains, haversineM, pointInMultiPolygon } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'
import { SKILLS, UNIT_KINDS } from '#domain/units.ts'
import { SAN_FRANCISCO_CONFIG, tenantFromFile } from '#tests/support/tenant-file.ts'

const NOW = Date.UTC(2026, 0, 5, 8)

const hash = (city: DemoCity) => createHash('sha256').update(JSON.stringify(city)).digest('hex')

describe('the demo city of Shenyang', () => {
  let config: TenantConfig
  let places: TenantPlaces
  let city: DemoCity
  beforeAll(async () => {
    ;({ config, places } = await tenantFromFile(SHENYANG_CONFIG))
    city = demoCity(config, places, DEMO_SEED, SHENYANG_SIZE, NOW)
  })

  test('[PL4] the same seed makes the same city, another seed another', () => {
    expect(hash(demoCity(config, places, DEMO_SEED, SHENYANG_SIZE, NOW))).toBe(hash(city))
    expect(hash(demoCity(config, places, DEMO_SEED + 1, SHENYANG_SIZE, NOW))).not.toBe(hash(city))
  })

  test('[PL4] its history is made up of ended tickets of the weeks before, marked, in order and the same each time', () => {
    const { tickets, log } = demoHistory(city, DEMO_SEED, NOW)
    expect(demoHistory(city, DEMO_SEED, NOW).tickets).toEqual(tickets)
    expect(tickets.map(({ number }) => number)).toEqual(tickets.map((_, i) => i + 1))
    const steps = Map.groupBy(log, ({ ticketId }) => ticketId)
    for (const { id, channel, status, reportedAt } of tickets) {
      expect([channel, ['closed', 'cancelled'].includes(status)]).toEqual(['simulator', true])
      const moments = steps.get(id)?.map(({ at }) => at) ?? []
      expect(moments[0]).toBe(reportedAt)
      expect(moments.toSorted((a, b) => a - b)).toEqual(moments)
      expect(moments.at(-1)).toBeLessThan(NOW)
    }
  })

  test('[PL3] there are 5,000 communities, all marked synthetic, each under a key of its own', () => {
    expect(city.communities).toHaveLength(5000)
    expect(city.communities.every(({ synthetic }) => synthetic)).toBe(true)
    for (const key of ['id', 'slug', 'name'] as const)
      expect(new Set(city.communities.map((community) => community[key])).size).toBe(5000)
  })

  test('[PL3] every community belongs to a real neighbourhood and carries the codes of all its levels', () => {
    const neighbourhoods = new Map(places.neighbourhoods.map((each) => [each.code, each]))
    for (const community of city.communities) {
      const neighbourhood = neighbourhoods.get(community.neighbourhoodCode)
      expect(neighbourhood?.kind).toBe('neighbourhood')
      expect(neighbourhood?.subdistrictCode).toBe(community.subdistrictCode)
      expect(community.subdistrictCode.slice(0, 6)).toBe(community.districtCode)
    }
    const homes = places.neighbourhoods.filter(({ kind }) => kind === 'neighbourhood')
    expect(new Set(city.communities.map(({ neighbourhoodCode }) => neighbourhoodCode)).size).toBe(homes.length)
  })

  test('[PL3] every community stands inside the outline of its district', () => {
    const outlines = new Map(places.outlines?.features.map(({ id, geometry }) => [id, geometry.coordinates]))
    const strays = city.communities.filter(
      ({ lng, lat, districtCode }) => !pointInMultiPolygon([lng, lat], outlines.get(districtCode) as LngLat[][][]),
    )
    expect(strays).toEqual([])
  })

  test('[PL3] communities have 200 to 3,000 households, and together about the city’s three million', () => {
    const households = city.communities.map((community) => community.households)
    expect(Math.min(...households)).toBeGreaterThanOrEqual(200)
    expect(Math.max(...households)).toBeLessThanOrEqual(3000)
    const all = households.reduce((sum, each) => sum + each, 0)
    expect(all).toBeGreaterThan(2_600_000)
    expect(all).toBeLessThan(3_400_000)
  })

  test('[PL3] the city is dense in the middle: half of its communities live within 12 km of the centre', () => {
    const near = city.communities.filter(({ lng, lat }) => haversineM([lng, lat], config.centre) < 12_000)
    expect(near.length).toBeGreaterThan(2_500)
  })

  test('[PL4] a thousand housekeepers, a thousand volunteers and two hundred crews have numbers, skills and a home', () => {
    const counts = UNIT_KINDS.map((kind) => city.units.filter((unit) => unit.kind === kind).length)
    expect(counts).toEqual([1000, 1000, 200])
    const communities = new Map(city.communities.map((community) => [community.id, community]))
    const firms = new Set(city.firms.map(({ id }) => id))
    for (const unit of city.units) {
      expect(unit.callsign).toMatch(/^(管家 \d{4}|志愿者 \d{4}|应急队 \d{3})$/)
      expect(unit.skills.length).toBeGreaterThan(0)
      const home = communities.get(unit.homeCommunityId as string)
      expect([unit.postLng, unit.postLat, unit.districtCode]).toEqual([home?.lng, home?.lat, home?.districtCode])
      expect(unit.kind === 'volunteer' ? unit.firmId === null : firms.has(unit.firmId as string)).toBe(true)
    }
    expect(new Set(city.units.map(({ index }) => index)).size).toBe(2200)
    expect(new Set(city.units.map(({ callsign }) => callsign)).size).toBe(2200)
    expect(new Set(city.units.map(({ id }) => id)).size).toBe(2200)
  })

  test('[PL4] every skill is on duty somewhere, and a plausible share of each kind is', () => {
    const onDuty = city.units.filter(({ duty }) => duty === 'onDuty')
    expect(new Set(onDuty.flatMap(({ skills }) => skills))).toEqual(new Set(SKILLS))
    for (const kind of UNIT_KINDS) {
      const share =
        onDuty.filter((unit) => unit.kind === kind).length / city.units.filter((unit) => unit.kind === kind).length
      expect(share).toBeGreaterThan(0.3)
      expect(share).toBeLessThan(0.85)
    }
  })

  test('[PL4] each role but the resident has an account, and those around one corner of the city fit together', () => {
    const roles = city.accounts.map(({ grant }) => grant.role)
    expect([...roles].sort()).toEqual(ROLES.filter((role) => role !== 'resident').sort())
    const grantOf = (username: string) => city.accounts.find((account) => account.username === username)?.grant
    const field = city.units.find(({ id }) => id === grantOf('field')?.unitId)
    expect(field).toMatchObject({ kind: 'housekeeper', duty: 'onDuty', firmId: grantOf('provider')?.firmId })
    expect(field?.subdistrictCode).toBe(grantOf('officer')?.subdistrictCode)
    expect(grantOf('neighbourhood')?.neighbourhoodCode?.slice(0, 9)).toBe(field?.subdistrictCode)
    expect(city.units.find(({ id }) => id === grantOf('volunteer')?.unitId)).toMatchObject({
      kind: 'volunteer',
      duty: 'onDuty',
    })
  })

  test('[PL4] nothing in it looks like a telephone number', () => {
    const texts = [
      ...city.units.map(({ callsign }) => callsign),
      ...city.firms.map(({ name }) => name),
      ...city.accounts.map(({ displayName }) => displayName),
    ]
    expect(texts.filter((text) => /\d{5,}/.test(text))).toEqual([])
  })
})

describe('a demo city without outlines', () => {
  test('[PL3] stands around its listed districts, in its own language, in Shenyang’s proportions', async () => {
    const { config, places } = await tenantFromFile(SAN_FRANCISCO_CONFIG)
    const { count, seed } = (config.places.communities as { synthetic: { count: number; seed: number } }).synthetic
    const city = demoCity(config, places, seed, sizeFor(count), NOW)
    expect(city.communities).toHaveLength(count)
    const centres = new Map(places.districts.map(({ code, centre }) => [code, centre]))
    for (const { lng, lat, districtCode, name } of city.communities) {
      expect(haversineM([lng, lat], centres.get(districtCode) as LngLat)).toBeLessThan(1_550)
      expect(bboxContains(config.bbox, [lng, lat])).toBe(true)
      expect(name).toMatch(/^Demo community SF\d\d-\d{4}$/)
    }
    expect(city.units[0]?.callsign).toBe('Housekeeper 0001')
  })
})
