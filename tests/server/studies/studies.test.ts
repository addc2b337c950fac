import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { studies } from '#db/schema/studies.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { Study } from '#domain/study.ts'
import { csvOfStudy } from '#server/studies/csv.ts'
import { lostStudies } from '#server/studies/runner.ts'
import { type Asker, CITY, OTHER_CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'

let world: TestApp
let manager: Asker

beforeAll(async () => {
  world = await startTestApp()
  manager = await world.withRole('manager')
})
afterAll(() => world.end())

const STATIONS = {
  districts: ['D1'],
  skill: null,
  unitKind: 'housekeeper',
  mode: 'ebike',
  posts: 1,
  objective: 'covering',
  demand: 'households',
  days: 90,
  withinMin: 5,
  keepsStanding: false,
  slack: 1.5,
}

async function ended(id: string): Promise<Study> {
  for (;;) {
    const study: Study = (await manager.ask('GET', `/api/studies/${id}`)).json()
    if (study.endedAt !== null) return study
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('a study of stations', () => {
  let id: string

  test('[ST1, ST2] is reckoned of the chosen districts beside the server, and its answer stays', async () => {
    const asked = await manager.ask('POST', '/api/studies/stations', { asked: STATIONS, seconds: 2 })
    expect(asked.statusCode).toBe(200)
    id = asked.json().id
    const study = await ended(id)
    expect(study).toMatchObject({ status: 'done', answer: { places: 2, demand: 800, covered: 800, isProved: true } })
  })

  test('[ST1] of a district that has no community is refused, and nonsense with all its faults at once', async () => {
    const nowhere = { asked: { ...STATIONS, districts: ['D9'] } }
    expect((await manager.ask('POST', '/api/studies/stations', nowhere)).json().error.code).toBe('planEmpty')
    const wrong = await manager.ask('POST', '/api/studies/stations', { asked: { ...STATIONS, posts: 0, slack: 0 } })
    expect(wrong.json().error.fields.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining([expect.stringMatching(/posts/), expect.stringMatching(/slack/)]),
    )
  })

  test('[ST3] is kept by its name, found again, and given out as CSV', async () => {
    await manager.ask('POST', `/api/studies/${id}/keep`, { name: '一区一岗' })
    const list = (await manager.ask('GET', '/api/studies?kind=stations')).json()
    expect(list).toHaveLength(1)
    expect(list[0]).toMatchObject({ id, name: '一区一岗' })
    expect(list[0].answer).toBeUndefined()
    const csv = await manager.ask('GET', `/api/exports/studies/${id}`)
    expect(csv.body.trimEnd().split('\r\n')).toHaveLength(2)
    expect(csv.body).toContain(`${CITY}-c`)
  })

  test('[ST3] is nobody’s in another city, and a dispatcher asks for none', async () => {
    const other = await world.withRole('manager', OTHER_CITY)
    expect((await other.ask('GET', `/api/studies/${id}`)).json().error.code).toBe('unknown')
    expect((await other.ask('POST', `/api/studies/${id}/stop`, {})).json().error.code).toBe('unknown')
    const dispatcher = await world.withRole('dispatcher')
    const refused = await dispatcher.ask('POST', '/api/studies/stations', { asked: STATIONS })
    expect(refused.json().error.code).toBe('notAllowed')
    const auditor = await world.withRole('auditor')
    expect((await auditor.ask('GET', `/api/studies/${id}`)).statusCode).toBe(200)
    expect((await auditor.ask('POST', `/api/studies/${id}/keep`, { name: 'x' })).statusCode).toBe(403)
  })

  test('[ST2] that nobody works at any more ends as lost; one that has ended cannot be stopped', async () => {
    const [row] = await world.db.select().from(studies).where(eq(studies.id, id))
    await world.db
      .insert(studies)
      .values({ ...(row as NonNullable<typeof row>), id: 'dead', status: 'running', endedAt: null, beatAt: T0 })
    await lostStudies(world.clock).run(world.db, T0 + MINUTE_MS)
    expect((await manager.ask('GET', '/api/studies/dead')).json().status).toBe('lost')
    expect((await manager.ask('POST', `/api/studies/${id}/stop`, {})).json().error.code).toBe('wrongStage')
  })

  test('[ST3] a text that a spreadsheet would reckon with is told to be one', async () => {
    const study = await ended(id)
    if (study.kind !== 'stations' || !study.answer) throw new Error('no stations')
    const posts = study.answer.posts.map((post) => ({ ...post, communityId: '=1+1' }))
    expect(csvOfStudy({ ...study, answer: { ...study.answer, posts } })).toContain("'=1+1,")
  })
})

describe('a study of policies', () => {
  test('[ST2] of a city without enough history says so by having no rows', async () => {
    const asked = { days: 30, withinMin: 5, seeds: 2, policies: ['eta'], more: [], posts: null, onDuty: null }
    const { id } = (await manager.ask('POST', '/api/studies/policy', { asked })).json()
    expect(await ended(id)).toMatchObject({ status: 'done', answer: { rows: [], calls: 0, calibration: null } })
  })
})
