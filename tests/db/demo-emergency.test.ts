import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenDb, openDb } from '#db/connect.ts'
import { DEMO_SEED, type DemoCity, demoCity, SHENYANG_SIZE } from '#db/demo/city.ts'
import { type DemoWithEmergency, withEmergency } from '#db/demo/emergency.ts'
import { loadDemoCity } from '#db/demo/load.ts'
import { loadDemoEmergency } from '#db/demo/load-emergency.ts'
import type { TenantConfig } from '#db/places/config.ts'
import type { TenantPlaces } from '#db/places/places-of.ts'
import { SHENYANG_CONFIG } from '#db/places/read.ts'
import { communityCases } from '#db/schema/communities.ts'
import { COMMUNITY_STATUSES } from '#domain/community-status.ts'
import { committedBy } from '#domain/engageable.ts'
import { COMMITTED, SERVING } from '#domain/engagement.ts'
import { DAY_MS } from '#domain/instant.ts'
import { POOL_STATUSES } from '#domain/pool.ts'
import { RESOURCES } from '#domain/services.ts'
import { communityDates } from '#server/engagements/community-dates.ts'
import { addTenant } from '#server/places/add-tenant.ts'
import { cloneDatabase } from '#tests/support/postgres.ts'
import { tenantFromFile } from '#tests/support/tenant-file.ts'

const NOW = Date.UTC(2026, 2, 4, 1)
const hash = (city: DemoWithEmergency) => createHash('sha256').update(JSON.stringify(city)).digest('hex')

describe('the demo city without firms in places', () => {
  let config: TenantConfig
  let places: TenantPlaces
  let plain: DemoCity
  let city: DemoWithEmergency
  beforeAll(async () => {
    ;({ config, places } = await tenantFromFile(SHENYANG_CONFIG))
    plain = demoCity(config, places, DEMO_SEED, SHENYANG_SIZE, NOW)
    city = withEmergency(config, places, plain, DEMO_SEED, NOW)
  })

  test('[PL4] is a pure function too, and leaves the city it is given as it was', () => {
    const before = JSON.stringify(plain)
    expect(hash(withEmergency(config, places, plain, DEMO_SEED, NOW))).toBe(hash(city))
    expect(hash(withEmergency(config, places, plain, DEMO_SEED + 1, NOW))).not.toBe(hash(city))
    expect(JSON.stringify(plain)).toBe(before)
  })

  test('[PL4] shows every stage of a community but self-management, and every state of a firm of the pool', () => {
    const { cases, pool } = city.emergency
    const stages = new Set(cases.map(({ status }) => status))
    expect(COMMUNITY_STATUSES.filter((status) => !stages.has(status))).toEqual(['self_managed'])
    expect(pool).toHaveLength(40)
    expect(POOL_STATUSES.filter((status) => !pool.some((entry) => entry.status === status))).toEqual([])
    expect(pool.filter(({ yellowSince }) => yellowSince !== null).length).toBeGreaterThan(1)
    const crews = city.units.filter(({ kind }) => kind === 'crew')
    const withCrew = pool.filter(({ firmId }) => crews.some((crew) => crew.firmId === firmId))
    expect(withCrew.length).toBeGreaterThanOrEqual(39)
  })

  test('[PL4] agrees with itself: one provider serves a community and looks after it, and nobody is engaged beyond its people', () => {
    const { cases, engagements, pool } = city.emergency
    const serving = engagements.filter(({ status }) => SERVING.includes(status))
    expect(serving.length).toBeGreaterThan(35)
    const keeper = new Map(city.communities.map(({ id, firmId }) => [id, firmId]))
    for (const one of serving) expect(keeper.get(one.communityId)).toBe(one.firmId)
    for (const one of cases.filter(({ status }) => status === 'unmanaged' || status === 'selecting'))
      expect([keeper.get(one.communityId), one.providerFirmId]).toEqual([null, null])
    for (const entry of pool) {
      const used = committedBy(
        engagements.filter(({ firmId, status }) => firmId === entry.firmId && COMMITTED.includes(status)),
      )
      for (const resource of RESOURCES) expect(used[resource]).toBeLessThanOrEqual(entry.capacity[resource])
    }
    expect(new Set(cases.map(({ communityId }) => communityId)).size).toBe(cases.length)
  })

  test("[PL4] the officer's sub-district shows each stage, and the provider's account has something to do", () => {
    const grantOf = (username: string) => city.accounts.find((account) => account.username === username)?.grant
    const desk = city.emergency.cases.filter(
      ({ subdistrictCode }) => subdistrictCode === grantOf('officer')?.subdistrictCode,
    )
    const stages = new Set(desk.map(({ status }) => status))
    for (const status of ['at_risk', 'unmanaged', 'selecting', 'emergency', 'handing_over'] as const)
      expect(stages).toContain(status)
    const own = city.emergency.engagements.filter(({ firmId }) => firmId === grantOf('provider')?.firmId)
    const states = new Set(own.map(({ status }) => status))
    for (const status of ['offered', 'active'] as const) expect(states).toContain(status)
  })

  test('[PL4] time has nothing to make up for: no moment of it is due yet, none lies in the future that should be past', () => {
    const { cases, engagements, proofs } = city.emergency
    expect(cases.filter(({ dueAt }) => dueAt !== null && dueAt <= NOW)).toEqual([])
    expect(engagements.filter(({ nextTimerAt }) => nextTimerAt !== null && nextTimerAt <= NOW)).toEqual([])
    const waiting = cases.filter(({ status }) => status === 'unmanaged' || status === 'selecting')
    expect(waiting.filter(({ unmanagedAt }) => NOW - (unmanagedAt ?? 0) > 25 * DAY_MS)).toEqual([])
    const past = [
      ...cases.flatMap(({ unmanagedAt, coveredAt, firstRefuseAt }) => [unmanagedAt, coveredAt, firstRefuseAt]),
      ...proofs.map(({ at }) => at),
    ]
    expect(past.filter((at) => at !== null && at > NOW)).toEqual([])
  })

  describe('loaded', () => {
    let open: OpenDb
    let drop: () => Promise<void>
    beforeAll(async () => {
      const database = await cloneDatabase()
      open = openDb(database.url, { max: 2 })
      drop = () => database.drop()
      await open.db.transaction(async (tx) => {
        await addTenant(tx, config, places)
        await loadDemoCity(tx, city)
        await loadDemoEmergency(tx, city.emergency)
      })
    })
    afterAll(async () => {
      await open.close()
      await drop()
    })

    test('[PL4] every constraint of the database holds, and the engine goes on from there', async () => {
      expect(await open.db.$count(communityCases)).toBe(city.emergency.cases.length)
      const duty = communityDates(() => undefined)
      expect(await duty.run(open.db, NOW)).toBe(0)
      expect(await duty.run(open.db, NOW + 40 * DAY_MS)).toBeGreaterThan(0)
    })
  })
})
