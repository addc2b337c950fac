import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { placesOf } from '#db/places/places-of.ts'
import { feedHeads } from '#db/schema/feed.ts'
import { addTenant } from '#server/places/add-tenant.ts'
import { CITY, OTHER_CITY, startTestApp, type TestApp, testCity } from '#tests/support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.end())

async function add(code: string) {
  const config = testCity(code)
  const placed = placesOf(config)
  if (!placed.ok) throw new Error('bad configuration')
  return app.db.transaction((tx) => addTenant(tx, config, placed.places))
}

describe('places', () => {
  test('[PL9] a tenant is added by data alone, with the head of its own feed, and its code once', async () => {
    expect(await add('third')).toEqual({ ok: true })
    expect(await add('third')).toEqual({ ok: false, why: 'codeTaken' })
    const heads = await app.db.select().from(feedHeads)
    expect(heads.map(({ tenant }) => tenant).sort()).toEqual([OTHER_CITY, CITY, 'third'].sort())
    expect(new Set(heads.map(({ epoch }) => epoch)).size).toBe(3)
    const admin = await app.withRole('cityAdmin', 'third').catch(() => null)
    expect((await admin?.ask('GET', '/api/places/tree'))?.json().districts).toHaveLength(2)
  })

  test('every tenant shows its face before anybody has signed in, and nothing that is not shown anyway', async () => {
    const faces = (await app.ask('GET', '/api/tenants')).json()
    expect(faces.find(({ code }: { code: string }) => code === CITY)).toEqual({
      code: CITY,
      name: { zh: CITY, en: CITY },
      bbox: [123, 41, 124, 42],
      centre: [123.5, 41.5],
      timeZone: 'Asia/Shanghai',
      locale: 'zh-CN',
      emergencyNumbers: { fire: '119', police: '110', medical: '120', gas: '119' },
      tileSources: [],
      termMonths: 6,
    })
  })

  test("are those of the reader's tenant, though the codes are the same in another", async () => {
    for (const tenant of [CITY, OTHER_CITY]) {
      const reader = await app.withRole('auditor', tenant)
      const tree = (await reader.ask('GET', '/api/places/tree')).json()
      expect(
        [...tree.districts, ...tree.subdistricts, ...tree.neighbourhoods].every(
          (place: { tenant: string }) => place.tenant === tenant,
        ),
      ).toBe(true)
      const all = (await reader.ask('GET', '/api/places/communities')).json()
      expect(all.map(({ id }: { id: string }) => id)).toEqual([1, 2, 3].map((n) => `${tenant}-c${n}`))
      const some = (await reader.ask('GET', '/api/places/communities?subdistrict=S2')).json()
      expect(some).toHaveLength(1)
      expect((await reader.ask('GET', '/api/places/outline')).json()).toEqual({
        type: 'FeatureCollection',
        features: [],
      })
    }
  })
})
