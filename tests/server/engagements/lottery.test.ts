import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emergencyLog, lotterySecrets, selections } from '#db/schema/engagements.ts'
import { events } from '#db/schema/feed.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import { checkLottery, type LotteryRecord } from '#domain/lottery-check.ts'
import type { Selection } from '#domain/selection.ts'
import { type Asker, grantFor } from '#tests/support/app.ts'
import { hongguan } from '#tests/support/command-line.ts'
import {
  type EngagementWorld,
  engagementWorld,
  moreCommunities,
  partyOf,
  poolId,
  refusal,
  taken,
} from '#tests/support/engagement-world.ts'

let world: EngagementWorld
let parties: Asker[]
let stranger: Asker
let spare: string[]

beforeAll(async () => {
  world = await engagementWorld(4)
  parties = [
    await world.asking('committee', { ...grantFor('neighbourhoodWorker') }),
    await world.asking('auditor-1', { role: 'auditor' }),
  ]
  stranger = await world.asking('auditor-2', { role: 'auditor' })
  spare = await moreCommunities(world.app, 6)
})
afterAll(() => world.end())

const post = <T = Selection>(who: Asker, path: string, body: object) => taken<T>(who.ask('POST', path, body))
const tick = () => world.app.app.engine.tick()
const recordOf = (id: string) => taken<LotteryRecord>(world.app.ask('GET', `/api/lotteries/${id}`))

/** A lottery among all four firms, frozen. */
async function frozen(body: object = {}): Promise<Selection> {
  const community = await world.unmanaged(spare.pop() as string)
  const candidates = [1, 2, 3, 4].map((n) => ({ poolEntryId: poolId(n) }))
  const { id } = await post(world.officer, `/api/communities/${community}/selections`, { mode: 'lottery', candidates })
  return post(world.officer, `/api/selections/${id}/freeze`, { parties: parties.map(({ userId }) => userId), ...body })
}

const commit = (id: string, who: Asker) =>
  who.ask('POST', `/api/selections/${id}/commit`, { commitment: partyOf(id, who).commitment })
const reveal = (id: string, who: Asker) =>
  who.ask('POST', `/api/selections/${id}/reveal`, { value: partyOf(id, who).value })

describe('a lottery on the server', () => {
  test('[LO1] once frozen is public with everything but the secret, which is nowhere to be seen', async () => {
    const { id, status, lottery } = await frozen()
    expect(status).toBe('frozen')
    const [kept] = await world.app.db.select().from(lotterySecrets).where(eq(lotterySecrets.selectionId, id))
    const secret = kept?.secret as string
    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    const record = await recordOf(id)
    expect(record.lottery).toEqual(lottery)
    expect(record.lottery).toMatchObject({ secret: null, drawn: null, announcement: expect.stringMatching(/^\w{64}$/) })
    const told = [
      await world.app.db.select().from(events),
      await world.app.db.select().from(emergencyLog),
      await world.app.db.select().from(selections),
      (await world.officer.ask('GET', `/api/selections/${id}`)).body,
    ]
    expect(JSON.stringify(told)).not.toContain(secret)
  })

  test('[LO2, LO6] is drawn with the last word; its record holds, and the officer can only take the order as it is', async () => {
    const { id } = await frozen()
    const [first, second] = parties as [Asker, Asker]
    expect(await refusal(commit(id, stranger))).toBe('notParty')
    expect(await refusal(world.officer.ask('POST', `/api/selections/${id}/cancel`, { reason: 'unlucky' }))).toBe(
      'bound',
    )
    await taken(commit(id, first))
    expect(await refusal(commit(id, first))).toBe('alreadyGiven')
    expect(await refusal(reveal(id, first))).toBe('tooEarly')
    await taken(commit(id, second))
    await taken(reveal(id, first))
    const drawn = await taken<Selection>(reveal(id, second))
    expect(drawn.status).toBe('drawn')
    const record = await recordOf(id)
    expect(checkLottery(record)).toMatchObject({ ok: true, leftOut: [], drawn: record.lottery.drawn })
    const order = record.lottery.drawn as string[]
    const decide = (ranked: string[]) =>
      world.officer.ask('POST', `/api/selections/${id}/decide`, { ranked, reason: 'as drawn' })
    expect(await refusal(decide([...order].reverse()))).toBe('notInOrder')
    expect(await refusal(world.officer.ask('POST', `/api/selections/${id}/cancel`, { reason: 'unlucky' }))).toBe(
      'bound',
    )
    await taken(decide(order))
    expect(await world.newest(drawn.communityId)).toMatchObject({ poolEntryId: order[0], status: 'offered', rank: 1 })
  })

  test('[LO3] a silent party is left out: the engine draws at the deadline, once, and marks a late draw', async () => {
    const { id } = await frozen({ commitHours: 2, revealHours: 2 })
    const [first, second] = parties as [Asker, Asker]
    await taken(commit(id, first))
    world.app.clock.advance(2 * HOUR_MS)
    await tick()
    expect(await refusal(commit(id, second))).toBe('tooLate')
    await taken(reveal(id, first))
    const record = await recordOf(id)
    expect(checkLottery(record)).toMatchObject({ ok: true, revealed: [first.userId], leftOut: [second.userId] })
    await tick()
    expect((await recordOf(id)).lottery.seed).toBe(record.lottery.seed)

    const silent = await frozen({ commitHours: 2, revealHours: 2 })
    await taken(commit(silent.id, first))
    world.app.clock.advance(DAY_MS)
    await Promise.all([tick(), tick()])
    const log = await world.app.db.select().from(emergencyLog).where(eq(emergencyLog.subjectId, silent.id))
    const draws = log.filter(({ kind }) => kind === 'draw')
    expect(draws.map(({ detail }) => [detail?.late, detail?.values])).toEqual([[true, 0]])
    expect(checkLottery(await recordOf(silent.id)).ok).toBe(true)
  })

  test('[LO8] waits for its public source, is rung for when it is due, and is drawn with its value', async () => {
    const at = world.app.clock.now() + 3 * DAY_MS
    const { id, communityId } = await frozen({ parties: [], source: { name: 'state lottery', at } })
    const give = (who: Asker) => who.ask('POST', `/api/selections/${id}/source`, { value: '04 11 17 23' })
    expect(await refusal(give(world.officer))).toBe('tooEarly')
    world.app.clock.set(at)
    await tick()
    expect(await world.openAlarms(communityId)).toContain('lotterySourceDue')
    expect(await refusal(give(stranger))).toBe('notAllowed')
    await taken(give(world.officer))
    expect(await world.openAlarms(communityId)).not.toContain('lotterySourceDue')
    expect(checkLottery(await recordOf(id))).toMatchObject({ ok: true })
  })

  test('[EL6] overtaken by the owners’ own firm is ended with its secret published, and is not drawn', async () => {
    const { id, communityId } = await frozen()
    const settle = { outcome: 'managed', firmId: 'testville-f2', reason: 'the owners have hired' }
    await taken(world.officer.ask('POST', `/api/communities/${communityId}/settle`, settle))
    world.app.clock.advance(10 * DAY_MS)
    await tick()
    const { lottery } = await recordOf(id)
    const [kept] = await world.app.db.select().from(lotterySecrets).where(eq(lotterySecrets.selectionId, id))
    expect(lottery).toMatchObject({ secret: kept?.secret, drawn: null })
  })
})

describe('hongguan verify lottery', () => {
  test('[LO9] recomputes a draw from the database and from a saved file, and tells a draw that was tampered with', async () => {
    const { id } = await frozen()
    for (const who of parties) await taken(commit(id, who))
    const folder = mkdtempSync(join(tmpdir(), 'hongguan-draw-'))
    const [file, spoiled, broken] = ['draw.json', 'spoiled.json', 'broken.json'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    const database = { DATABASE_URL: world.app.url }
    expect(await hongguan(['verify', 'lottery', id], database)).toMatchObject({ status: 1, stdout: '' })
    for (const who of parties) await taken(reveal(id, who))
    const kept = await hongguan(['verify', 'lottery', id, '--save', file], database)
    expect(kept).toMatchObject({ status: 0, stdout: expect.stringContaining(`draw ${id} holds`) })
    const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
    const alone = await hongguan(['verify', 'lottery', '--file', file, '--json'], nowhere)
    expect(alone.status).toBe(0)
    const record: LotteryRecord = JSON.parse(readFileSync(file, 'utf8'))
    expect(JSON.parse(alone.stdout)).toMatchObject({ ok: true, drawn: record.lottery.drawn })
    const { lottery } = record
    writeFileSync(
      spoiled,
      JSON.stringify({ ...record, lottery: { ...lottery, drawn: [...(lottery.drawn ?? [])].reverse() } }),
    )
    writeFileSync(broken, JSON.stringify({ ...record, lottery: { ...lottery, values: 'none' } }))
    const found = await hongguan(['verify', 'lottery', '--file', spoiled], nowhere)
    expect(found).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('FAILS the order') })
    const unread = await hongguan(['verify', 'lottery', '--file', broken], nowhere)
    expect(unread).toMatchObject({ status: 1, stderr: expect.stringContaining('/lottery/values') })
    expect((await hongguan(['verify', 'lottery'], nowhere)).status).toBe(2)
  })
})
