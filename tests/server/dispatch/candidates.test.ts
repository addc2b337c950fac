import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dispatches, tickets } from '#db/schema/tickets.ts'
import { haversineM, offsetM } from '#domain/geo.ts'
import { between, seededRandom, wholeBetween } from '#domain/random.ts'
import { rank } from '#domain/rank.ts'
import { estimatedEtaMs, TRAVEL } from '#domain/travel.ts'
import type { Unit } from '#domain/units.ts'
import { candidatesFor } from '#server/dispatch/candidates.ts'
import { osrmRouter } from '#server/dispatch/router.ts'
import { aDispatch, aFix, aTicket, aUnit, SITE, T0 } from '#tests/support/dispatch-rows.ts'
import { type DispatchWorld, dispatchWorld } from '#tests/support/dispatch-world.ts'

const UNITS = 11_000
const NOW = T0 + 60_000

/** A city of units around the site, the same for every run. */
function city(): Unit[] {
  const random = seededRandom(5341, 'candidates')
  return Array.from({ length: UNITS }, (_, index) => {
    const [postLng, postLat] = offsetM(SITE, between(random, -20_000, 20_000), between(random, -20_000, 20_000))
    return aUnit({
      id: `unit-${index}`,
      index,
      callsign: `管家 ${index}`,
      kind: index % 10 === 0 ? 'housekeeper' : 'volunteer',
      skills: wholeBetween(random, 0, 2) === 0 ? ['unlocking', 'generalHelp'] : ['generalHelp'],
      duty: wholeBetween(random, 0, 9) === 0 ? 'offDuty' : 'onDuty',
      dutySince: T0 - 3_600_000,
      mode: index % 3 === 0 ? 'foot' : 'ebike',
      postLng,
      postLat,
    })
  })
}

/** Most of them report, some long ago; half have their page open. */
function report({ fleet }: DispatchWorld, units: readonly Unit[]): void {
  const random = seededRandom(5341, 'fixes')
  for (const { id, index, postLng, postLat } of units) {
    const [lng, lat] = offsetM([postLng, postLat], between(random, -500, 500), between(random, -500, 500))
    const at = NOW - wholeBetween(random, 0, 200_000)
    const { receivedAt: _, ...fix } = aFix({ at, lng, lat })
    if (index % 7 !== 0) fleet.take(id, [fix], at)
    if (index % 2 === 0) fleet.reach.enter(id)
  }
}

describe('candidates for a ticket', () => {
  const units = city()
  const ticket = aTicket({ neededSkills: ['unlocking'] })
  let world: DispatchWorld

  beforeAll(async () => {
    world = await dispatchWorld({ units })
    report(world, units)
    await world.db.insert(tickets).values([ticket, aTicket({ id: 'ticket-2', number: 2, status: 'en_route' })])
  })
  afterAll(() => world.end())
  beforeEach(async () => {
    await world.db.delete(dispatches)
  })

  const ask = (most = 20) => candidatesFor(world.db, world.fleet, null, ticket, most, NOW)

  test('[RK10] of 11,000 units the best twenty are exactly those that ranking all of them would put first', async () => {
    const everybody = rank(
      ticket,
      units
        .filter(({ duty }) => duty !== 'offDuty')
        .map((unit) => {
          const fix = world.fleet.last(unit.id)
          const point = fix ? ([fix.lng, fix.lat] as const) : ([unit.postLng, unit.postLat] as const)
          const distanceM = haversineM(point, SITE)
          return {
            unit,
            freshness: fix
              ? NOW - fix.receivedAt > 60_000
                ? ('stale' as const)
                : ('fresh' as const)
              : ('ghost' as const),
            seenAt: fix?.receivedAt ?? null,
            distanceM,
            etaMs: estimatedEtaMs(distanceM, unit.kind, unit.mode),
            isReachable: world.fleet.isReachable(unit.id),
            openTasks: 0,
            openOffers: 0,
            before: null,
            isServing: false,
          }
        }),
      NOW,
    )
    const { candidates, router } = await ask()
    expect(router).toBe('estimate')
    expect(candidates).toEqual(everybody.slice(0, 20))
  })

  test('[RK10] answers for 11,000 units within half a second', async () => {
    await ask()
    const startedAt = performance.now()
    for (let i = 0; i < 5; i++) await ask()
    const each = (performance.now() - startedAt) / 5
    expect(each).toBeLessThan(500)
  })

  test('[RK3, RK6] tasks and offers elsewhere weigh, this ticket bars, and the barred stand beside the best', async () => {
    const [first, second, third, fourth] = (await ask()).candidates
    const idOf = (candidate: typeof first) => candidate?.unit.id ?? ''
    await world.db
      .insert(dispatches)
      .values([
        aDispatch({ id: 'd1', unitId: idOf(first), ticketId: 'ticket-2', status: 'en_route' }),
        aDispatch({ id: 'd2', unitId: idOf(second) }),
        aDispatch({ id: 'd3', unitId: idOf(third), status: 'declined' }),
        aDispatch({ id: 'd4', unitId: idOf(fourth), ticketId: 'ticket-2' }),
      ])
    const { candidates } = await ask()
    const found = (id: string) => candidates.find(({ unit }) => unit.id === id)
    const codes = (id: string) => found(id)?.reasons.map(({ code }) => code) ?? []
    expect(found(idOf(second))?.barred).toBe('offeredAlready')
    expect(candidates.at(-1)?.unit.id).toBe(idOf(second))
    expect(codes(idOf(fourth))).toContain('offeredElsewhere')
    // Fifteen minutes are worth more than being next door: both have left the first twenty.
    expect(found(idOf(first))).toBeUndefined()
    const declined = await ask(100)
    expect(declined.candidates.find(({ unit }) => unit.id === idOf(third))?.reasons[0]?.code).toBe('declinedBefore')
  })

  test('[RK6] a no to an earlier round is forgotten', async () => {
    const [first] = (await ask()).candidates
    await world.db
      .insert(dispatches)
      .values(aDispatch({ unitId: first?.unit.id ?? '', status: 'declined', offeredAt: T0 - 1 }))
    const again = { ...ticket, round: 2, placedAt: T0 }
    const { candidates } = await candidatesFor(world.db, world.fleet, null, again, 20, NOW)
    expect(candidates[0]).toEqual(first)
  })
})

describe('with a router', () => {
  let world: DispatchWorld
  let server: Server
  let url: string
  let asked: string[] = []
  let answer: (sources: number) => unknown = () => ({})
  const ticket = aTicket()

  const near = aUnit({ id: 'near', index: 1, callsign: '1', mode: 'car', postLng: offsetM(SITE, 300, 0)[0] })
  const far = aUnit({ id: 'far', index: 2, callsign: '2', mode: 'car', postLng: offsetM(SITE, 900, 0)[0] })

  beforeAll(async () => {
    world = await dispatchWorld({ units: [near, far] })
    await world.db.insert(tickets).values(ticket)
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      const sources = new URL(request.url ?? '', 'http://router').searchParams.get('sources')?.split(';').length ?? 0
      const body = answer(sources)
      if (body !== undefined) response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await world.end()
  })
  beforeEach(() => {
    asked = []
  })

  const ask = (patienceMs = 800) => candidatesFor(world.db, world.fleet, osrmRouter(url, patienceMs), ticket, 20, NOW)

  test('[RK2, RK9] the routed way replaces the estimate, and may turn neighbours round', async () => {
    // A river lies between the near unit and the site.
    answer = () => ({ code: 'Ok', durations: [[600], [100]], distances: [[5_000], [1_000]] })
    const { candidates, router } = await ask()
    expect(router).toBe('osrm')
    expect(candidates.map(({ unit, etaMs }) => [unit.id, etaMs])).toEqual([
      ['far', TRAVEL.turnoutMs.housekeeper + 100_000],
      ['near', TRAVEL.turnoutMs.housekeeper + 600_000],
    ])
    expect(asked[0]).toMatch(
      /^\/table\/v1\/driving\/[\d.,;]+\?sources=0;1&destinations=2&annotations=duration,distance$/,
    )
  })

  test('[RK9] a unit without a way keeps its estimate', async () => {
    answer = () => ({ code: 'Ok', durations: [[null], [100]], distances: [[null], [1_000]] })
    const { candidates, router } = await ask()
    expect(router).toBe('osrm')
    const eta = candidates.find(({ unit }) => unit.id === 'near')?.etaMs
    expect(eta).toBe(estimatedEtaMs(haversineM([near.postLng, near.postLat], SITE), 'housekeeper', 'car'))
  })

  test.each<[string, (sources: number) => unknown]>([
    ['is silent', () => undefined],
    ['finds nothing', () => ({ code: 'NoTable' })],
    ['answers something else', () => ['?']],
    ['knows no distances', () => ({ code: 'Ok', durations: [[1], [1]] })],
  ])('[RK9] when the router %s the estimate stands and the answer says so', async (_, said) => {
    answer = said
    const { candidates, router } = await ask(60)
    expect(router).toBe('estimate')
    expect(candidates.map(({ unit }) => unit.id)).toEqual(['near', 'far'])
  })

  test('[RK9] a router that cannot be reached costs nothing but the estimate', async () => {
    const { router } = await candidatesFor(world.db, world.fleet, osrmRouter('http://127.0.0.1:9'), ticket, 20, NOW)
    expect(router).toBe('estimate')
  })
})
