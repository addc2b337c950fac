import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commands, events } from '#db/schema/feed.ts'
import { requesters, tickets } from '#db/schema/tickets.ts'
import { DAY_MS } from '#domain/instant.ts'
import { REPORT_LIMITS } from '#server/intake/limits.ts'
import { hashOfToken } from '#server/tickets/routes.ts'
import { CITY, startTestApp, type TestApp } from '#tests/support/app.ts'
import { afresh, codeOf, OTHER_SLUG, residentsOf, SLUG } from '#tests/support/residents.ts'
import { alarmRows, logRows } from '#tests/support/ticket-world.ts'

let app: TestApp
let report: Residents['report']
let reported: Residents['reported']
let seen: Residents['seen']
type Residents = ReturnType<typeof residentsOf>

beforeAll(async () => {
  app = await startTestApp()
  ;({ report, reported, seen } = residentsOf(app))
})
beforeEach(() => afresh(app))
afterAll(() => app.end())

describe('a community behind its link', () => {
  test('[IN4] tells its name, its city and the numbers to call, and nothing of its people', async () => {
    const answer = await app.ask('GET', `/api/r/${SLUG}`)
    expect(answer.json()).toEqual({
      tenant: CITY,
      tenantName: { zh: CITY, en: CITY },
      locale: 'zh-CN',
      timeZone: 'Asia/Shanghai',
      slug: SLUG,
      name: '示范小区 1',
      synthetic: true,
      emergencyNumbers: { fire: '119', police: '110', medical: '120', gas: '119' },
      servedBy: null,
    })
    expect(codeOf(await app.ask('GET', '/api/r/no-such-place'))).toBe('unknown')
  })
})

describe('a report without an account', () => {
  test('[IN2] becomes a ticket of its community, and its link opens that ticket alone', async () => {
    const first = await reported({ requesterName: '住户', requesterPhone: '1', address: '2 号楼' })
    const second = await reported()
    expect(first.ticket).toMatchObject({
      channel: 'resident',
      communityId: `${CITY}-c1`,
      neighbourhoodCode: 'N11',
      status: 'reported',
      address: '2 号楼',
      reportedBy: { kind: 'resident', id: null },
    })
    expect(second.ticket.address).toBe('示范小区 1')
    expect(first.token).toMatch(/^[A-Za-z0-9_-]{24}$/)
    expect(first.token).not.toBe(second.token)
    expect((await seen(first.token)).number).toBe(first.ticket.number)
    expect((await seen(second.token)).number).toBe(second.ticket.number)
    expect(codeOf(await app.ask('GET', `/api/t/${first.token.slice(0, -1)}x`))).toBe('unknown')
    expect((await alarmRows(app.db, first.ticket.id)).map(({ kind }) => kind)).toEqual(['newTicket'])
  })

  test('[IN2] its token is kept as a hash only, nowhere else in the database', async () => {
    const { token, ticket } = await reported()
    const [kept] = await app.db.select().from(requesters).where(eq(requesters.ticketId, ticket.id))
    expect(kept?.tokenHash).toBe(hashOfToken(token))
    const everything = JSON.stringify([await app.db.select().from(commands), await app.db.select().from(events)])
    expect(everything).not.toContain(token)
  })

  test('[IN2] sent again under its key, from another network too, it is the same ticket with the same link', async () => {
    const key = randomUUID()
    const first = await report({}, { key, from: '10.9.0.1' })
    const again = await report({}, { key, from: '10.9.0.2' })
    expect(again.json()).toEqual(first.json())
    expect(await app.db.select().from(tickets)).toHaveLength(1)
    expect(codeOf(await report({ description: 'another' }, { key }))).toBe('keyReused')
    expect(codeOf(await report({}, { key: 'short' }))).toBe('missingKey')
  })

  test('[IN2] its link ends thirty days after the ticket', async () => {
    const { token, ticket } = await reported()
    app.clock.advance(40 * DAY_MS)
    expect((await seen(token)).number).toBe(ticket.number)
    await app.db.update(tickets).set({ status: 'closed', updatedAt: app.clock.now() })
    app.clock.advance(30 * DAY_MS)
    expect((await seen(token)).status).toBe('closed')
    app.clock.advance(1)
    expect(codeOf(await app.ask('GET', `/api/t/${token}`))).toBe('linkExpired')
  })

  test.each([
    ['fire', '119'],
    ['gas', '119'],
    ['crime', '110'],
    ['medical', '120'],
  ])('[IN3] of %s rings as P0, and the number shown is in the log', async (category, number) => {
    const { ticket } = await reported({ category, emergencyShown: true })
    expect(ticket).toMatchObject({ priority: 'P0', handedOffTo: number, handedOffAt: app.clock.now() })
    expect((await logRows(app.db, ticket.id)).map(({ kind }) => kind)).toEqual(['report', 'handOff'])
    expect((await alarmRows(app.db, ticket.id)).map(({ kind }) => kind)).toEqual(['emergencyReport'])
  })

  test('[IN3] without the number having been shown no hand-off is claimed, nor for a lamp', async () => {
    const { ticket: fire } = await reported({ category: 'fire' })
    const { ticket: lamp } = await reported({ emergencyShown: true })
    expect([fire.handedOffTo, lamp.handedOffTo]).toEqual([null, null])
    expect(fire.priority).toBe('P0')
  })

  test('[CM2] with wrong fields is told all of them at once', async () => {
    const answer = await report({ category: 'cats', description: '', requesterPhone: 'call me' })
    expect(codeOf(answer)).toBe('invalidFields')
    const paths = answer.json().error.fields.map(({ path }: { path: string }) => path)
    expect(paths.sort()).toEqual(['/category', '/description', '/requesterPhone'])
    for (const description of ['a\0b', 'half a flame \ud83d'])
      expect(codeOf(await report({ description }))).toBe('invalidFields')
  })
})

describe('limits of reports', () => {
  const { byAddress, byCommunity, windowMs } = REPORT_LIMITS
  const times = (n: number, one: (i: number) => Promise<{ json(): { error?: { code: string } } }>) =>
    Promise.all(Array.from({ length: n }, (_, i) => one(i))).then((all) => all.map(codeOf))

  test('[IN1] an address has so many in ten minutes, wherever it reports', async () => {
    const from = '10.1.1.1'
    const answers = await times(byAddress, (i) => report({}, { from, slug: i % 2 ? SLUG : OTHER_SLUG }))
    expect(new Set(answers)).toEqual(new Set(['taken']))
    const refusal = await report({}, { from })
    expect([refusal.statusCode, codeOf(refusal)]).toEqual([429, 'tooMany'])
    expect(refusal.headers['retry-after']).toBe(String(windowMs / 1_000))
    expect(codeOf(await report({}, { from: '10.1.1.2' }))).toBe('taken')
    app.clock.advance(windowMs - 1)
    expect((await report({}, { from })).headers['retry-after']).toBe('1')
    app.clock.advance(1)
    expect(codeOf(await report({}, { from }))).toBe('taken')
  })

  test('[IN1] a community has so many, whoever they come from', async () => {
    await times(byCommunity, () => report())
    expect(codeOf(await report())).toBe('tooMany')
    expect(codeOf(await report({}, { slug: OTHER_SLUG }))).toBe('taken')
    app.clock.advance(windowMs)
    expect(codeOf(await report())).toBe('taken')
  })

  test('[IN1] no flood of other reports keeps a fire out', async () => {
    const from = '10.1.2.1'
    await times(byAddress + 1, () => report({}, { from }))
    expect(codeOf(await report({ category: 'fire' }, { from }))).toBe('taken')
  })

  test('[IN1] a repeat of a report that was taken is not one more, and one that was refused leaves nothing', async () => {
    const from = '10.1.3.1'
    const key = randomUUID()
    for (let i = 0; i < byAddress + 2; i++) expect(codeOf(await report({}, { from, key }))).toBe('taken')
    await times(byAddress - 1, () => report({}, { from }))
    const refused = randomUUID()
    expect(codeOf(await report({}, { from, key: refused }))).toBe('tooMany')
    app.clock.advance(windowMs)
    expect(codeOf(await report({}, { from, key: refused }))).toBe('taken')
    expect(await app.db.select().from(tickets)).toHaveLength(byAddress + 1)
  })

  test('[IN1] neighbours in one IPv6 network are one address', async () => {
    const answers = await times(byAddress + 1, (i) => report({}, { from: `2001:db8:1:2::${i + 1}` }))
    expect(answers.filter((code) => code === 'tooMany')).toHaveLength(1)
    expect(codeOf(await report({}, { from: '2001:db8:1:3::1' }))).toBe('taken')
  })
})
