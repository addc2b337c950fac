import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { poolEntries } from '#db/schema/pool.ts'
import type { Plan, PlanHead, PlanWeightsVersion } from '#domain/plan.ts'
import { DEFAULT_WEIGHTS } from '#domain/plan-weights.ts'
import type { Asker } from '#tests/support/app.ts'
import { firmId, poolId, refusal, taken } from '#tests/support/engagement-world.ts'
import { type PlanWorld, planWorld } from '#tests/support/plan-world.ts'
import type { PlanHistory, WeightsHistory } from '#wire/plan-shapes.ts'

const ALL = { cleaners: 99, guards: 99, liftOperators: 99, moneyAtRisk: 10_000_000 }
let world: PlanWorld
let city: Asker

beforeAll(async () => {
  world = await planWorld(3, 3)
  city = await world.app.withRole('housingAuthority')
})
afterAll(() => world.end())

const change = (plan: Pick<Plan, 'id' | 'revision'>, body: object) =>
  world.officer.ask('POST', `/api/plans/${plan.id}/change`, { revision: plan.revision, ...body })
const copied = (id: string) => taken<Plan>(world.officer.ask('POST', `/api/plans/${id}/copy`, { name: 'what if' }))
const providersOf = ({ result }: Plan) => [...new Set(result?.places.map(({ providerId }) => providerId))].sort()
const history = (query = '') => taken<WeightsHistory>(world.officer.ask('GET', `/api/plan-weights${query}`))
const newWeights = (who: Asker, body: object) =>
  who.ask('POST', '/api/plan-weights', { note: 'after the pilot', ...body })

describe('a draft that is changed', () => {
  test('[PN3] has a void result, in a copy too, and publishes nothing until it is solved again', async () => {
    const solved = await world.solved()
    expect(solved.status).toBe('solved')
    const lock = { communityId: world.communities[0] as string, providerId: firmId(3) }
    const changed = await taken<Plan>(change(solved, { locks: [lock] }))
    expect(changed).toMatchObject({ status: 'draft', solvedAt: null, revision: solved.revision + 1, locks: [lock] })
    const copy = await copied(solved.id)
    expect(copy).toMatchObject({ status: 'draft', solvedAt: null, copyOf: solved.id, locks: [lock] })
    for (const { id, revision } of [changed, copy]) {
      const body = { revision, reason: 'agreed' }
      expect(await refusal(world.officer.ask('POST', `/api/plans/${id}/publish`, body))).toBe('wrongStage')
      expect(await refusal(world.officer.ask('POST', `/api/plans/${id}/n-minus-one`, {}))).toBe('wrongStage')
      const tried = `/api/plans/${id}/try?communityId=${lock.communityId}&providerId=${lock.providerId}`
      expect(await refusal(world.officer.ask('GET', tried))).toBe('wrongStage')
    }
  })

  test('[PN3] in its name alone keeps its result, and its copy has it too', async () => {
    const solved = await world.solved()
    const named = await taken<Plan>(change(solved, { name: 'for the winter' }))
    expect(named).toMatchObject({ name: 'for the winter', status: 'solved', solvedAt: solved.solvedAt })
    expect(await copied(solved.id)).toMatchObject({
      status: 'solved',
      solvedAt: solved.solvedAt,
      result: solved.result,
    })
  })

  test('[PN3] is another one with each result: who has seen an earlier one neither changes nor publishes it', async () => {
    const { id, revision } = await world.draft(world.officer)
    await taken(world.officer.ask('POST', `/api/plans/${id}/solve`, { revision, seconds: 5 }))
    expect(await world.ended(id)).toBe('done')
    expect((await world.card(id)).plan.revision).toBe(revision + 1)
    const body = { revision, reason: 'agreed' }
    expect(await refusal(world.officer.ask('POST', `/api/plans/${id}/publish`, body))).toBe('conflict')
    expect(await refusal(change({ id, revision }, { name: 'late' }))).toBe('conflict')
  })

  test('[EM1] tells in its log who said what, with names', async () => {
    const { id, revision } = await world.draft(world.officer)
    const locks = [{ communityId: world.communities[0] as string, providerId: firmId(1) }]
    await taken(change({ id, revision }, { locks }))
    const { log, names } = await taken<PlanHistory>(world.officer.ask('GET', `/api/plans/${id}/log`))
    expect(log.map(({ kind, detail }) => [kind, detail?.locks ?? null])).toEqual([
      ['draft', null],
      ['change', locks],
    ])
    expect(names).toEqual({ [world.officer.userId]: world.officer.username })
    const elsewhere = await world.asking('elsewhere', { role: 'subdistrictOfficer', subdistrictCode: 'S2' })
    expect(await refusal(elsewhere.ask('GET', `/api/plans/${id}/log`))).toBe('unknown')
  })
})

describe('what an officer says beforehand', () => {
  test('[PS1] what is reserved at a firm is not planned with', async () => {
    expect(
      providersOf(await world.solved({ reserves: [2, 3].map((n) => ({ providerId: firmId(n), amounts: ALL })) })),
    ).toEqual([firmId(1)])
  })

  test('[PE3] a yellow light is lifted for one plan by a reason, and for no other', async () => {
    const { db } = world.app
    const lit = { yellowSince: world.app.clock.now(), yellowReason: 'complaints' }
    await db
      .update(poolEntries)
      .set(lit)
      .where(eq(poolEntries.id, poolId(1)))
    const reserves = [2, 3].map((n) => ({ providerId: firmId(n), amounts: ALL }))
    const barred = await world.solved({ reserves })
    expect(barred.result).toMatchObject({ uncovered: 3, uncoveredBound: 3 })
    const waivers = [{ providerId: firmId(1), reason: 'nobody else has a night crew' }]
    expect((await world.solved({ reserves, waivers })).result).toMatchObject({ uncovered: 0 })
    await db
      .update(poolEntries)
      .set({ yellowSince: null, yellowReason: null })
      .where(eq(poolEntries.id, poolId(1)))
  })
})

describe('the weights', () => {
  test('[PN8] are added by who plans for the whole city, all that is wrong said at once', async () => {
    const body = { basedOn: 1, weights: DEFAULT_WEIGHTS }
    expect(await refusal(newWeights(world.officer, body))).toBe('notAllowed')
    const wrong = {
      ...DEFAULT_WEIGHTS,
      travel: { perKm: -1, freeKm: 1 },
      balance: [{ fromPercent: 70, perPercent: 55 }],
    }
    const answer = await newWeights(city, { basedOn: 1, weights: wrong, note: '' })
    expect(
      JSON.parse(answer.body)
        .error.fields.map(({ path }: { path: string }) => path)
        .sort(),
    ).toEqual(['/note', '/weights/balance/0/perPercent', '/weights/travel/perKm'])
    expect((await history()).versions.map(({ version }) => version)).toEqual([1])
  })

  test('[PN8] are kept in versions: a draft is measured by its own, and who has not seen the newest is told', async () => {
    const before = await world.solved()
    const weights = { ...DEFAULT_WEIGHTS, quality: { perPoint: 300, goodFrom: 100 } }
    const added = await taken<PlanWeightsVersion>(newWeights(city, { basedOn: 1, weights }))
    expect(added).toMatchObject({ version: 2, weights, note: 'after the pilot', by: { id: city.userId } })
    expect(await refusal(newWeights(city, { basedOn: 1, weights }))).toBe('conflict')
    expect(await world.kinds()).toContain('plan:weightsAdded')

    const after = await world.solved()
    expect([before.weightsVersion, after.weightsVersion]).toEqual([1, 2])
    expect(after.result?.cost).toBeGreaterThan(before.result?.cost as number)
    const byFirst = await world.solved({ weightsVersion: 1 })
    expect(byFirst.result?.cost).toBe(before.result?.cost)
    expect(await refusal(change(byFirst, { weightsVersion: 3 }))).toBe('unknown')

    const all = await history()
    expect(all.versions.map(({ version, at }) => [version, at > 0])).toEqual([
      [2, true],
      [1, false],
    ])
    expect(all.versions[1]?.weights).toEqual(DEFAULT_WEIGHTS)
    expect(all.names).toEqual({ [city.userId]: city.username })
    expect(all.plans[2]).toBe(1)
    expect((await history('?before=2')).versions.map(({ version }) => version)).toEqual([1])
    const measured = await taken<PlanHead[]>(world.officer.ask('GET', '/api/plans?weightsVersion=2'))
    expect(measured.map(({ id }) => id)).toEqual([after.id])
  })
})

describe('the list of plans', () => {
  test('[PN1] goes on page by page, without places, and holds nobody else’s', async () => {
    const first = await taken<PlanHead[]>(world.officer.ask('GET', '/api/plans?limit=2'))
    expect(first).toHaveLength(2)
    const rest = await taken<PlanHead[]>(world.officer.ask('GET', `/api/plans?after=${first[1]?.id}&limit=200`))
    const whole = await taken<PlanHead[]>(world.officer.ask('GET', '/api/plans'))
    expect([...first, ...rest]).toEqual(whole)
    const solved = whole.find(({ result }) => result !== null)
    expect(solved).toMatchObject({ communities: world.communities.length, result: { status: 'optimal' } })
    expect(solved?.result).not.toHaveProperty('places')
    const elsewhere = await world.asking('other', { role: 'subdistrictOfficer', subdistrictCode: 'S2' })
    expect(await taken<PlanHead[]>(elsewhere.ask('GET', '/api/plans'))).toEqual([])
  })
})
