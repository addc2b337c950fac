import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertRows } from '#db/insert-rows.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { ticketLog, tickets } from '#db/schema/tickets.ts'
import { DAY_MS, MINUTE_MS } from '#domain/instant.ts'
import { wilson } from '#domain/intervals.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { seededRandom, wholeBetween } from '#domain/random.ts'
import type { Rating } from '#domain/rating.ts'
import { causeOf } from '#domain/response-causes.ts'
import type { LogEntry, Ticket } from '#domain/ticket.ts'
import { appendEvent } from '#server/feed/append.ts'
import { issueApiKey } from '#server/people/api-keys.ts'
import { type Asker, CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import { aTicket } from '#tests/support/dispatch-rows.ts'
import { aPoolEntry } from '#tests/support/engagement-rows.ts'
import { TENANT_HEADER } from '#wire/route.ts'
import type { BreachAnswer, RankingAnswer } from '#wire/routes/ranking.ts'
import type { RatingLine, RatingList } from '#wire/routes/ratings.ts'
import type { RatesAnswer } from '#wire/routes/response.ts'

let app: TestApp
let manager: Asker
let officer: Asker
let rows: Ticket[]

/** Firm 1 is slow and firm 2 quick; every leg is drawn, some are missing. */
function someTickets(): Ticket[] {
  const random = seededRandom(7)
  return Array.from({ length: 160 }, (_, i) => {
    const firm = i % 2 === 0 ? 1 : 2
    const reportedAt = T0 - (1 + (i % 25)) * DAY_MS
    const accept = wholeBetween(random, 10, firm === 1 ? 400 : 90)
    const depart = accept + wholeBetween(random, 0, 120)
    const arrive = depart + wholeBetween(random, 30, firm === 1 ? 900 : 200)
    const never = i % 16 === 0
    const at = (seconds: number) => reportedAt + seconds * 1_000
    return aTicket({
      ...{ id: `t${i + 1}`, number: i + 1, tenant: CITY, reportedAt, createdAt: reportedAt, updatedAt: reportedAt },
      ...{ communityId: `${CITY}-c${firm}`, districtCode: `D${firm}`, subdistrictCode: `S${firm}` },
      ...{ firmId: `${CITY}-f${firm}`, unitId: `${CITY}-u${firm}`, address: `${i}` },
      ...{ status: never ? 'cancelled' : 'closed', arriveBreached: never, visitedAt: T0 },
      acceptedAt: i % 11 === 0 ? null : at(accept),
      enRouteAt: i % 7 === 0 ? null : at(depart),
      onSiteAt: never ? null : at(arrive),
      resolvedAt: never ? null : at(arrive + 600),
    })
  })
}

/** What the call-backs heard: of firm 1 that half is solved. */
const visitOf = ({ id, number, firmId }: Ticket): LogEntry => ({
  ...{ ticketId: id, n: 1, kind: 'visit', dispatchId: null, at: T0, actor: { kind: 'engine', id: null } },
  ...{ class: 'ordinary', policyVersion: '5341-2023', grade: null, reason: null },
  detail: firmId === `${CITY}-f1` ? { solved: number % 4 === 1, satisfied: true } : { solved: true, satisfied: true },
})

beforeAll(async () => {
  app = await startTestApp()
  app.clock.set(T0)
  manager = await app.withRole('manager')
  officer = await app.withRole('subdistrictOfficer')
  rows = someTickets()
  await app.db.insert(poolEntries).values(aPoolEntry({ id: 'pool-1', tenant: CITY, firmId: `${CITY}-f1` }))
  await app.db.transaction(async (tx) => {
    await insertRows(tx, tickets, rows)
    await tx.insert(ticketLog).values(rows.map(visitOf))
    const audience = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmIds: [], unitIds: [] }
    const actor = { kind: 'import' as const, id: 't' }
    const event = { tenant: CITY, kind: 'ticket:imported' as const, at: T0, actor, audience }
    await appendEvent(tx, { ...event, state: { history: rows.map(({ number }) => number) } })
  })
})
afterAll(() => app.end())

const got = async <T>(url: string, who = manager): Promise<T> => {
  const answer = await who.ask('GET', url)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json() as T
}
const status = async (url: string, who: Asker) => (await who.ask('GET', url)).statusCode

describe('a ranking', () => {
  const ranking = (query: string, who = manager) => got<RankingAnswer>(`/api/response/ranking?${query}`, who)
  const secondsOf = (firm: number) =>
    rows
      .filter(({ firmId, onSiteAt }) => firmId === `${CITY}-f${firm}` && onSiteAt !== null)
      .map(({ onSiteAt, reportedAt }) => ((onSiteAt ?? 0) - reportedAt) / 1_000)
      .sort((a, b) => a - b)

  test('[RT15] has for each percentile the two order statistics that a second count chooses', async () => {
    for (const [measure, share] of [
      ['p50', 0.5],
      ['p90', 0.9],
    ] as const)
      for (const row of (await ranking(`by=provider&measure=${measure}`)).rows) {
        const times = secondsOf(row.key.endsWith('f1') ? 1 : 2)
        expect(row.n).toBe(times.length)
        // Pascal's triangle with chances in it, row after row.
        let chances = [1]
        for (let i = 0; i < times.length; i++)
          chances = Array.from(
            { length: i + 2 },
            (_, k) => (chances[k - 1] ?? 0) * share + (chances[k] ?? 0) * (1 - share),
          )
        const below = (k: number) => chances.slice(0, k).reduce((sum, each) => sum + each, 0)
        const ranks = times.map((_, i) => i + 1)
        const [low, high] = [ranks.findLast((k) => below(k) <= 0.025), ranks.find((k) => below(k) >= 0.975)]
        expect([row.low, row.high]).toEqual([times[(low ?? 0) - 1] ?? null, times[(high ?? 0) - 1] ?? null])
      }
  })

  test('[RT16] puts the clearly quicker first, and both in one place where chance could tell them apart', async () => {
    const placed = async (query: string) =>
      (await ranking(query)).rows.map(({ key, best, worst }) => [key, best, worst]).sort()
    expect(await placed('by=provider&measure=p90')).toEqual([
      [`${CITY}-f1`, 2, 2],
      [`${CITY}-f2`, 1, 1],
    ])
    expect(await placed('by=community&measure=satisfaction')).toEqual([
      [`${CITY}-c1`, 1, 2],
      [`${CITY}-c2`, 1, 2],
    ])
    expect(await placed('by=unit&measure=solution')).toEqual([
      [`${CITY}-u1`, 2, 2],
      [`${CITY}-u2`, 1, 1],
    ])
    const few = await ranking(`by=area&level=subdistrict&from=${T0 - DAY_MS}&to=${T0}`)
    for (const row of few.rows) expect(row).toMatchObject({ value: null, low: null, high: null, best: null })
    expect(few.rows.every(({ n }) => n > 0 && n < 5)).toBe(true)
  })

  test('[RT15] of a rate is Wilson’s interval of its own counts', async () => {
    const { rows: rated } = await got<RatesAnswer>('/api/response/rates?by=provider')
    for (const row of (await ranking('by=provider&measure=response')).rows) {
      const { n, kept } = rated.find(({ key }) => key === row.key)?.rates.response ?? { n: 0, kept: 0 }
      expect(row).toMatchObject({ n, value: kept / n, ...wilson(kept, n) })
    }
    const csv = await manager.ask('GET', '/api/exports/response-ranking.csv?by=provider&measure=response')
    expect(csv.body.split('\r\n')[0]).toBe('\uFEFFkey,n,value,low,high,best,worst')
    expect(csv.body.split('\r\n')).toHaveLength(4)
  })

  test('[RT18] another area stands beside with all the same filters', async () => {
    const n = async (query: string) => (await got<{ total: { n: number } }>(`/api/response?${query}`)).total.n
    const span = `from=${T0 - 9 * DAY_MS}&to=${T0}`
    const { total } = await got<{ total: { n: number; before: { n: number } } }>(
      `/api/response?subdistrict=S1&beforeSubdistrict=S2&${span}`,
    )
    expect(total).toMatchObject({
      ...{ n: await n(`subdistrict=S1&${span}`), before: { n: await n(`subdistrict=S2&${span}`) } },
    })
  })
})

describe('broken promises', () => {
  const breaches = (query: string, who = manager) => got<BreachAnswer>(`/api/response/breaches?${query}`, who)

  test('[RT17] are as many as the response rate says, each with the cause that the rule names', async () => {
    const answer = await breaches('limit=500')
    const { total } = await got<RatesAnswer>('/api/response/rates')
    expect([answer.judged, answer.judged - answer.n]).toEqual([total.rates.response.n, total.rates.response.kept])
    expect(answer.breaches).toHaveLength(answer.n)
    for (const { number, cause } of answer.breaches) {
      const { reportedAt, acceptedAt, enRouteAt, onSiteAt } = rows[number - 1] as Ticket
      const since = (at: number | null) => (at === null ? null : at - reportedAt)
      const legs = { acceptMs: since(acceptedAt), departMs: since(enRouteAt), arriveMs: since(onSiteAt) }
      expect([number, cause]).toEqual([number, causeOf({ promiseMs: 5 * MINUTE_MS, ...legs })])
    }
    expect(new Set(answer.causes.map(({ cause }) => cause)).size).toBeGreaterThan(3)
    for (const { cause, n } of answer.causes) {
      const those = await breaches(`cause=${cause}&limit=500`)
      expect(those.breaches).toHaveLength(n)
      expect(those.breaches.every((each) => each.cause === cause)).toBe(true)
    }
    expect(answer.breaches[0]?.id).toBe(`t${answer.breaches[0]?.number}`)
  })

  test('[RT14] are shown to whoever may drill, within their reach', async () => {
    expect((await breaches('', officer)).breaches.every(({ subdistrict }) => subdistrict === 'S1')).toBe(true)
    const provider = await app.withRole('providerManager')
    expect(await status('/api/response/breaches', provider)).toBe(403)
    expect((await got<RankingAnswer>('/api/response/ranking?by=provider', provider)).rows).toHaveLength(1)
    expect(await status('/api/response/ranking', await app.withRole('fieldWorker'))).toBe(403)
  })
})

describe('a firm’s rating', () => {
  const PERIOD = '2026-02'
  const firm = (n: number) => `${CITY}-f${n}`
  const list = (who = officer) => got<RatingList>(`/api/ratings?period=${PERIOD}`, who)
  const lineOf = async (n: number, who = officer) =>
    (await list(who)).lines.find((line) => line.firm.id === firm(n)) as RatingLine
  const decide = async (body: object, who = officer) => {
    const answer = await who.ask('POST', '/api/ratings', { period: PERIOD, light: false, reason: null, ...body })
    return answer.statusCode === 200 ? (answer.json() as Rating) : (answer.json().error.code as string)
  }
  const managerOf = async (firmId: string) => {
    const bare = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, unitId: null, ticketId: null }
    const userId = await app.account('rival', { tenant: CITY, role: 'providerManager', ...bare, firmId })
    const headers = {
      authorization: `Bearer ${await issueApiKey(app.app.auth, userId, 'rival')}`,
      [TENANT_HEADER]: CITY,
    }
    return { ask: (method: 'POST', url: string, body: object) => app.ask(method, url, body, headers) }
  }
  const entry = async (): Promise<PoolEntry> => (await got<{ entry: PoolEntry }>('/api/pool/pool-1', officer)).entry

  test('[RG1] is of the month’s tickets by the city’s calendar, the same whoever looks', async () => {
    const line = await lineOf(1)
    const inMonth = rows.filter(
      ({ firmId, reportedAt }) => firmId === firm(1) && new Date(reportedAt + 8 * 3_600_000).getUTCMonth() === 1,
    )
    expect(line.rates.solution.n).toBe(inMonth.length)
    expect(line.rates.solution.kept).toBe(inMonth.filter(({ number }) => number % 4 === 1).length)
    expect(line).toMatchObject({ band: 'fail', decided: null, yellowSince: null, entryId: 'pool-1' })
    expect(line.triggers[0]).toMatchObject({ kind: 'failed', score: line.score })
    expect((await lineOf(1, manager)).rates).toEqual(line.rates)
  })

  test('[RG4] is read by whoever may read the firm and decided by whoever reviews it', async () => {
    const provider = await app.withRole('providerManager')
    expect((await list(provider)).lines.map((line) => line.firm.id)).toEqual([firm(1)])
    const { stamp } = await lineOf(1)
    const said = { firmId: firm(1), stamp, verdict: 'confirmed', reason: 'seen' }
    expect(await decide(said, provider)).toBe('notAllowed')
    expect(await decide(said, manager)).toBe('notAllowed')
    // A firm outside the pool is at home nowhere: the city's alone.
    const other = await lineOf(2, await app.withRole('housingAuthority'))
    expect(await decide({ ...said, firmId: firm(2), stamp: other.stamp })).toBe('notAllowed')
    expect(await status(`/api/ratings?period=${PERIOD}`, await app.withRole('neighbourhoodWorker'))).toBe(403)
    expect(await status(`/api/firms/${firm(2)}/ratings`, provider)).toBe(404)
  })

  test('[RG3] is decided on what was seen, and confirmed reaches the pool: a fail lights the yellow light', async () => {
    const { stamp, score } = await lineOf(1)
    const said = { firmId: firm(1), stamp, verdict: 'confirmed' }
    expect(await decide({ ...said, stamp: 'other', reason: 'x' })).toBe('previewStale')
    expect(await decide(said)).toBe('missingReason')
    expect(await decide({ ...said, verdict: 'dismissed' })).toBe('missingReason')
    expect(await decide({ ...said, verdict: 'dismissed', reason: 'a strike' })).toMatchObject({ lit: false })
    expect(await entry()).toMatchObject({ yellowSince: null })
    const rating = (await decide({ ...said, reason: 'half of it unsolved' })) as Rating
    expect(rating).toMatchObject({
      score,
      band: 'fail',
      lit: true,
      verdict: 'confirmed',
      decidedBy: { id: officer.userId },
    })
    expect(rating.evidence.projects).toMatchObject([{ communityId: `${CITY}-c1`, band: 'fail' }])
    expect(rating.evidence.tickets).toHaveLength(5)
    expect(await entry()).toMatchObject({ ratingBand: 'fail', yellowSince: T0, yellowReason: 'half of it unsolved' })
    const card = await got<{ log: { kind: string }[] }>('/api/pool/pool-1', officer)
    expect(card.log.map(({ kind }) => kind)).toEqual(['rating'])
    const told = await got<Rating[]>(`/api/firms/${firm(1)}/ratings`, officer)
    expect(told.map(({ verdict }) => verdict).sort()).toEqual(['confirmed', 'dismissed'])
    expect((await lineOf(1)).decided?.period).toBe(PERIOD)
  })

  test('[PV4] the light is cleared only after a later rating that is no fail', async () => {
    const clear = async () => {
      const answer = await officer.ask('POST', '/api/pool/pool-1/yellow-light', { lit: false, reason: 'better' })
      return answer.statusCode === 200 ? 'taken' : answer.json().error.code
    }
    expect(await clear()).toBe('notRerated')
    app.clock.advance(DAY_MS)
    const again = { partyBuilding: 80, quality: 80 }
    await officer.ask('POST', '/api/pool/pool-1/score', { ...again, ratingBand: 'fail' })
    expect(await clear()).toBe('notRerated')
    await officer.ask('POST', '/api/pool/pool-1/score', { ...again, ratingBand: 'pass' })
    expect(await clear()).toBe('taken')
  })

  test('[RG3] comes with a firm that joins the pool later', async () => {
    const housing = await app.withRole('housingAuthority')
    const { stamp, band } = await lineOf(2, housing)
    const said = { firmId: firm(2), stamp, verdict: 'confirmed', light: true, reason: 'left a site' }
    expect(await decide(said, housing)).toMatchObject({ band: 'excellent', lit: true })
    const rival = await managerOf(firm(2))
    const offer = {
      ...{ firmId: firm(2), subdistrictCode: 'S2', lng: 123.4, lat: 41.4, services: ['basicCleaning'], tier: 'basic' },
      ...{ capacity: { cleaners: 1, guards: 1, liftOperators: 0, moneyAtRisk: 0 }, districtCodes: ['D2'] },
      ...{ price: 1, openingCost: 0 },
    }
    const applied = await rival.ask('POST', '/api/pool', offer)
    expect(applied.json()).toMatchObject({ ratingBand: band, yellowReason: 'left a site', version: 1 })
  })
})
