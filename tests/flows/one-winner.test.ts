import { randomUUID } from 'node:crypto'
import { and, asc, eq, gt } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { events } from '#db/schema/feed.ts'
import { units } from '#db/schema/fleet.ts'
import { dispatches } from '#db/schema/tickets.ts'
import { seededRandom, shuffled } from '#domain/random.ts'
import { headOf } from '#server/feed/log.ts'
import { issueApiKey } from '#server/people/api-keys.ts'
import { realTicker } from '#server/ticker.ts'
import { CITY, grantFor, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import { type OpenConsole, openConsole } from '#tests/support/console-socket.ts'
import { residentsOf } from '#tests/support/residents.ts'
import { IDEMPOTENCY_HEADER, TENANT_HEADER } from '#wire/route.ts'

const CROWD = 200
const FIRST_INDEX = 100
const unitIds = Array.from({ length: CROWD }, (_, n) => `${CITY}-crowd-${n}`)

interface Member {
  unitId: string
  headers: Record<string, string>
  page: OpenConsole
}

let app: TestApp
let address: string
let crowd: Member[]

beforeAll(async () => {
  app = await startTestApp({ parts: { ticker: realTicker } })
  const [model] = await app.db
    .select()
    .from(units)
    .where(eq(units.id, `${CITY}-u1`))
  if (!model) throw new Error('the small city has no unit 1')
  const made = unitIds.map((id, n) => ({ ...model, id, index: FIRST_INDEX + n, callsign: `crowd ${n}` }))
  await app.db.insert(units).values(made)
  // The fleet reads its units when it starts.
  await app.restart()
  address = await app.app.listen()
  crowd = []
  for (const unitId of unitIds) crowd.push(await member(unitId))
})
afterAll(async () => {
  for (const { page } of crowd ?? []) page.socket.disconnect()
  await app?.end()
})

/** A field account of its own, with an open page. */
async function member(unitId: string): Promise<Member> {
  const userId = await app.account(unitId, { ...grantFor('fieldWorker'), unitId })
  const key = await issueApiKey(app.app.auth, userId, unitId)
  const headers = { authorization: `Bearer ${key}`, [TENANT_HEADER]: CITY }
  const page = await openConsole(address, headers, CITY)
  if (typeof page === 'string') throw new Error(page)
  return { unitId, headers, page }
}

async function said<T>(method: string, path: string, headers: Record<string, string>, body: object): Promise<T> {
  const answer = await fetch(`${address}${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json', [IDEMPOTENCY_HEADER]: randomUUID() },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as T
}

/** A placed ticket, offered to the whole crowd at once. */
async function offeredToAll(): Promise<{ ticketId: string; dispatchIds: Map<string, string> }> {
  const { headers } = await app.withRole('dispatcher')
  const { ticket } = await residentsOf(app).reported({ category: 'burstPipe', description: 'water on the stairs' })
  await said('POST', `/api/tickets/${ticket.id}/triage`, headers, { class: 'ordinary' })
  await said('POST', `/api/tickets/${ticket.id}/place`, headers, {})
  const offer = { unitIds, mode: 'batch', ttlMs: 300_000 }
  const { dispatches: made } = await said<{ dispatches: { id: string; unitId: string }[] }>(
    'POST',
    `/api/tickets/${ticket.id}/offers`,
    headers,
    offer,
  )
  return { ticketId: ticket.id, dispatchIds: new Map(made.map(({ id, unitId }) => [unitId, id])) }
}

interface Answer {
  dispatch?: { unitId: string; status: string }
  error?: { code: string }
}

/** How this unit's own page was told that its offer went, once it has been. */
const toldOf = ({ page, unitId }: Member, ticketId: string) =>
  page.ranges
    .flatMap((range) => range.events)
    .filter(({ kind }) => kind === 'ticket:accepted')
    .flatMap(({ state }) => state.dispatches ?? [])
    .find((dispatch) => dispatch.unitId === unitId && dispatch.ticketId === ticketId)?.status

describe('one winner', () => {
  test(`[P3] of ${CROWD} units that accept one offer at once over HTTP one wins, and every other is told so at once on its own page`, async () => {
    const { ticketId, dispatchIds } = await offeredToAll()
    expect(dispatchIds.size).toBe(CROWD)
    const before = (await headOf(app.db, CITY))?.seq ?? 0
    const rush = shuffled(seededRandom(200, 'rush'), crowd)
    const answers = await Promise.all(
      rush.map(({ unitId, headers }) =>
        said<Answer>('POST', `/api/dispatches/${dispatchIds.get(unitId)}/accept`, headers, {}),
      ),
    )
    const winners = answers.flatMap(({ dispatch }) => (dispatch ? [dispatch] : []))
    expect(winners).toMatchObject([{ status: 'accepted' }])
    expect(answers.filter(({ error }) => error?.code === 'alreadyTaken').length).toBe(CROWD - 1)

    const winner = winners[0]?.unitId as string
    const losers = unitIds.filter((id) => id !== winner).sort()
    const kept = await app.db.select().from(dispatches).where(eq(dispatches.ticketId, ticketId))
    expect(kept.filter(({ status }) => status === 'accepted').map(({ unitId }) => unitId)).toEqual([winner])
    const lost = kept.filter(({ status }) => status === 'lost').map(({ unitId }) => unitId)
    expect(lost.sort()).toEqual(losers)

    const news = await app.db
      .select()
      .from(events)
      .where(and(eq(events.tenant, CITY), gt(events.seq, before)))
      .orderBy(asc(events.seq))
    expect(news.map(({ kind }) => kind)).toEqual(['ticket:accepted'])
    const named = news[0]?.state.dispatches?.filter(({ status }) => status === 'lost').map(({ unitId }) => unitId)
    expect(named?.sort()).toEqual(losers)
    expect(news[0]?.audience.unitIds).toEqual(expect.arrayContaining(unitIds))

    for (const each of crowd) {
      await each.page.until(() => toldOf(each, ticketId) !== undefined)
      expect(toldOf(each, ticketId)).toBe(each.unitId === winner ? 'accepted' : 'lost')
    }
    expect(app.clock.now()).toBe(T0)
  })
})
