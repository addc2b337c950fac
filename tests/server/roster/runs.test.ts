import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rosterRuns } from '#db/schema/rosters.ts'
import type { RosterHead, RosterRun } from '#domain/duty-roster.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { PersonRemoved } from '#domain/roster-explained.ts'
import { CLUSTER, type DutyWorld, dutyWorld, entriesOf } from '#tests/support/duty-world.ts'
import { refusal } from '#tests/support/engagement-world.ts'
import type { RosterCard, RosterExplanation, RosterRunState } from '#wire/roster-shapes.ts'

let world: DutyWorld
const lead = <T>(path: string, body: object = {}) => world.say<T>(world.supervisor, path, body)
const look = <T>(path: string) => world.look<T>(world.supervisor, path)

beforeAll(async () => {
  world = await dutyWorld(4)
  const week = Array.from({ length: 168 }, (_, hour) => (hour % 24 >= 8 && hour % 24 < 16 ? 1 : 0))
  await lead(`/api/duty-clusters/${CLUSTER}/demand`, { skill: 'plumbingElectrical', week })
})
afterAll(() => world.end())

async function until(path: string, isDone: (state: RosterRunState) => boolean): Promise<RosterRunState> {
  for (;;) {
    const state = await look<RosterRunState>(`${path}/run`)
    if (isDone(state)) return state
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('a run', () => {
  test('[RP12] tells its best, stops on a word and keeps it, writes no roster, and is taken over by somebody', async () => {
    const head = await world.drafted([])
    const path = `/api/rosters/${head.id}`
    const run = await lead<RosterRun>(`${path}/solve`, { revision: 1, seconds: 60 })
    expect(await refusal(world.supervisor.ask('POST', `${path}/solve`, { revision: 1 }))).toBe('runLive')
    const going = await until(path, ({ best, run: { progress } }) => best !== null && progress.breaks === 0)
    expect(going.run.status).toBe('running')
    expect(await refusal(world.supervisor.ask('POST', `${path}/take`, { revision: 1, runId: run.id }))).toBe('runLive')
    await lead(`${path}/stop`)
    const over = await until(path, ({ run: { endedAt } }) => endedAt !== null)
    expect(over.run).toMatchObject({ status: 'stopped', progress: { breaks: 0 } })
    expect((await look<RosterCard>(path)).roster.entries).toEqual([])
    const after = await lead<RosterHead>(`${path}/take`, { revision: 1, runId: run.id })
    const card = await look<RosterCard>(path)
    expect([card.roster.revision, entriesOf(card.roster)]).toEqual([
      after.revision,
      entriesOf({ entries: over.best ?? [] }),
    ])
    expect(card.score).toMatchObject({ breaks: 0, demandHours: 56, coveredHours: 56 })
    const removed = await look<PersonRemoved[]>(`${path}/n-minus-one`)
    expect(removed.reduce((sum, { hours }) => sum + hours, 0)).toBeLessThanOrEqual(56)
    expect(removed.length).toBeGreaterThan(0)
  })

  test('[RP12] of a server that was killed ends as lost', async () => {
    const head = await world.drafted([])
    const lost = { ...(await run(head.id)), id: 'lost-1', rosterId: head.id, status: 'running' as const, endedAt: null }
    await world.app.db.insert(rosterRuns).values({ ...lost, beatAt: world.app.clock.now() })
    world.app.clock.advance(MINUTE_MS)
    await world.tick()
    expect((await look<RosterRunState>(`/api/rosters/${head.id}/run`)).run.status).toBe('lost')
  })

  test('[RH3] what stayed empty is explained to who makes rosters', async () => {
    const head = await world.drafted([])
    const { empty, score } = await look<RosterExplanation>(`/api/rosters/${head.id}/explanation`)
    expect(score.coveredHours).toBe(0)
    expect(empty).toHaveLength(7)
    expect(empty[0]).toMatchObject({ shiftId: 'D8', hours: [8, 9, 10, 11, 12, 13, 14, 15], barred: [] })
    expect(empty[0]?.remedy?.lifts).toEqual([])
    const manager = await world.app.withRole('manager')
    expect(await refusal(manager.ask('GET', `/api/rosters/${head.id}/explanation`))).toBe('notAllowed')
  })
})

async function run(notRosterId: string) {
  const [any] = await world.app.db.select().from(rosterRuns).where(eq(rosterRuns.status, 'stopped'))
  if (!any || any.rosterId === notRosterId) throw new Error('no run has been stopped yet')
  return any
}
