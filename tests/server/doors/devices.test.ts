import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { devices } from '#db/schema/fleet.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import { type DeviceWorld, openDeviceWorld, secretOf, speak } from '#tests/support/device-world.ts'
import { fixAt } from '#tests/support/fleet-city.ts'
import { encodeFixes, encodeHello } from '#wire/device-binary.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
let world: DeviceWorld

beforeAll(async () => {
  world = await openDeviceWorld(NOW, 40, { requests: 20, fixes: 200, unknown: 5 })
})
afterAll(() => world.close())

const hello = (index: number) => JSON.stringify({ type: 'hello', version: 1, secret: secretOf(index) })
const fixesFrame = (n: number, ...fixes: object[]) => JSON.stringify({ type: 'fixes', n, fixes })
const kept = async (index: number) =>
  Number(
    (
      await world.opened.db.execute<{ n: string }>(
        sql`select count(*) as n from fixes where unit_id = ${`a-unit-${index}`}`,
      )
    )[0]?.n,
  )
const counted = async (name: string) => (await world.registry.getSingleMetric(name)?.get())?.values ?? []
const form = (index: number, over = '') =>
  `id=${secretOf(index)}&lat=41.8&lon=123.43&timestamp=${NOW / 1_000}&accuracy=5${over}`

describe('the device socket', () => {
  test('[DV3, FL14] JSON: hello, fixes, a verdict each, and `kept` once they are on disk', async () => {
    const device = await speak(world.url)
    device.socket.send(hello(0))
    expect(await device.hear((frame) => frame.type === 'welcome')).toMatchObject({
      version: 1,
      now: NOW,
      maxFixes: 100,
    })
    device.socket.send(
      fixesFrame(7, fixAt(NOW - 5_000, 0), fixAt(NOW, 9), fixAt(NOW - 2_000, 5), fixAt(NOW + 400_000, 5)),
    )
    expect(await device.hear((frame) => frame.type === 'ack')).toEqual({
      type: 'ack',
      n: 7,
      verdicts: [
        { verdict: 'latest' },
        { verdict: 'latest' },
        { verdict: 'trail', why: 'older' },
        { verdict: 'refused', why: 'future' },
      ],
    })
    await device.hear((frame) => frame.type === 'kept' && frame.n === 7)
    expect(await kept(0)).toBe(3)
    expect(world.fleet.last('a-unit-0')).toMatchObject({ at: NOW, source: 'device' })
    device.socket.close()
  })

  test('[DV3] binary: the same, answered in kind; the simulator is named as such', async () => {
    const device = await speak(world.url)
    device.socket.send(encodeHello(secretOf(1), 'simulator'))
    await device.hear((frame) => frame.type === 'welcome')
    device.socket.send(encodeFixes(3, [fixAt(NOW, 0)]))
    expect(await device.hear((frame) => frame.type === 'ack')).toEqual({
      type: 'ack',
      n: 3,
      verdicts: [{ verdict: 'latest' }],
    })
    await device.hear((frame) => frame.type === 'kept')
    expect(world.fleet.last('a-unit-1')?.source).toBe('simulator')
    device.socket.close()
  })

  test('the secret may come with the upgrade instead of a hello', async () => {
    const device = await speak(world.url, { authorization: `Bearer ${secretOf(2)}` })
    await device.hear((frame) => frame.type === 'welcome')
    device.socket.send(fixesFrame(1, fixAt(NOW, 0)))
    await device.hear((frame) => frame.type === 'ack')
    device.socket.close()
  })

  test('[DV1] an unknown secret, none at all, and a revoked one are refused by code', async () => {
    const before =
      (await counted('hongguan_device_refusals_total')).find(({ labels }) => labels.code === 'unknownDevice')?.value ??
      0
    const stranger = await speak(world.url)
    stranger.socket.send(JSON.stringify({ type: 'hello', version: 1, secret: 'nobody has this' }))
    expect(await stranger.closed).toEqual({ code: 4100, reason: 'unknownDevice' })
    expect(stranger.heard.at(-1)).toMatchObject({ type: 'error', code: 'unknownDevice' })
    const silent = await speak(world.url)
    silent.socket.send(fixesFrame(1, fixAt(NOW, 0)))
    expect((await silent.closed).code).toBe(4100)
    const after = (await counted('hongguan_device_refusals_total')).find(
      ({ labels }) => labels.code === 'unknownDevice',
    )?.value
    expect(after).toBe(before + 1)
  })

  test('[DV1] revoking closes open sockets at once and refuses the next', async () => {
    const device = await speak(world.url)
    device.socket.send(hello(3))
    await device.hear((frame) => frame.type === 'welcome')
    await world.opened.db.update(devices).set({ revokedAt: NOW }).where(sql`id = 'device-3'`)
    world.fleet.devices.revoked('device-3')
    expect(await device.closed).toEqual({ code: 4101, reason: 'revokedDevice' })
    const again = await speak(world.url)
    again.socket.send(hello(3))
    expect((await again.closed).code).toBe(4101)
  })

  test('[DV1] a device revoked by another process is closed at the next look', async () => {
    const device = await speak(world.url)
    device.socket.send(hello(4))
    await device.hear((frame) => frame.type === 'welcome')
    await world.opened.db.update(devices).set({ revokedAt: NOW }).where(sql`id = 'device-4'`)
    await world.fleet.devices.refresh(NOW)
    expect((await device.closed).code).toBe(4101)
  })

  test('[DV3] a bad frame is named and survived, the tenth in a row ends it; another version ends it at once', async () => {
    const device = await speak(world.url)
    device.socket.send(hello(5))
    device.socket.send(JSON.stringify({ type: 'fixes', n: 3, fixes: [{}] }))
    expect(await device.hear((frame) => frame.type === 'error')).toMatchObject({ code: 'badFrame', n: 3 })
    for (let n = 0; n < 9; n++) device.socket.send('{')
    expect(await device.closed).toEqual({ code: 4102, reason: 'badFrame' })
    const newer = await speak(world.url)
    newer.socket.send('{"type":"hello","version":9}')
    expect((await newer.closed).code).toBe(4104)
  })

  test('[DV3] a frame beyond 64 KB ends it with 4103, one far beyond with 1009', async () => {
    for (const [bytes, code] of [
      [70_000, 4_103],
      [200_000, 1_009],
    ] as const) {
      const device = await speak(world.url)
      device.socket.send(' '.repeat(bytes))
      expect((await device.closed).code).toBe(code)
    }
  })

  test('[DV2] beyond its limit a device is told when to come back, then shown out; its neighbour is not', async () => {
    const [device, neighbour] = [await speak(world.url), await speak(world.url)]
    device.socket.send(hello(6))
    neighbour.socket.send(hello(7))
    for (let n = 0; n < 23; n++) device.socket.send(fixesFrame(n, fixAt(NOW + n, n)))
    expect(await device.hear((frame) => frame.type === 'error')).toMatchObject({
      code: 'tooMany',
      n: 20,
      retryAfterMs: 3_000,
    })
    expect((await device.closed).code).toBe(4001)
    neighbour.socket.send(fixesFrame(1, fixAt(NOW, 0)))
    await neighbour.hear((frame) => frame.type === 'ack')
    neighbour.socket.close()
  })

  test('[DV2] of five sockets of one device the oldest goes', async () => {
    const mine = []
    for (let n = 0; n < 5; n++) {
      const device = await speak(world.url, { authorization: `Bearer ${secretOf(8)}` })
      await device.hear((frame) => frame.type === 'welcome')
      mine.push(device)
    }
    expect((await mine[0]?.closed)?.code).toBe(4001)
    for (const { socket } of mine) socket.close()
  })

  test('[FL9] off duty the verdict says so and nothing is kept', async () => {
    await world.opened.db.execute(sql`update units set duty = 'offDuty' where id = 'a-unit-9'`)
    await world.fleet.reload(['a-unit-9'])
    const device = await speak(world.url, { authorization: `Bearer ${secretOf(9)}` })
    device.socket.send(fixesFrame(1, fixAt(NOW, 0)))
    expect(await device.hear((frame) => frame.type === 'ack')).toMatchObject({
      verdicts: [{ verdict: 'refused', why: 'offDutyFix' }],
    })
    expect(await kept(9)).toBe(0)
    device.socket.close()
  })
})

describe('phones', () => {
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${world.url}${path}`, { method: 'POST', body, headers })

  test('[WF3, DV4] OsmAnd by GET, by POST without a body, by form and by JSON: 200 and on disk', async () => {
    const answers = [
      await fetch(`${world.url}/osmand?${form(10)}`),
      await post(`/osmand?${form(11)}`, ''),
      await post('/osmand', form(12), { 'content-type': 'application/x-www-form-urlencoded' }),
      await post(
        '/osmand',
        JSON.stringify({
          device_id: secretOf(13),
          location: { timestamp: new Date(NOW).toISOString(), coords: { latitude: 41.8, longitude: 123.43 } },
        }),
        { 'content-type': 'application/json' },
      ),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    for (const index of [10, 11, 12, 13]) expect(await kept(index)).toBe(1)
  })

  test('[WF4, DV4] OwnTracks: Basic password is the secret; other types are answered and ignored', async () => {
    const basic = { authorization: `Basic ${Buffer.from(`whoever:${secretOf(14)}`).toString('base64')}` }
    const message = { _type: 'location', lat: 41.8, lon: 123.43, tst: NOW / 1_000, tid: 'a-unit-15' }
    for (const body of [message, { _type: 'waypoint' }]) {
      const answer = await post('/owntracks', JSON.stringify(body), basic)
      expect([answer.status, await answer.json()]).toEqual([200, []])
    }
    expect([await kept(14), await kept(15)]).toEqual([1, 0])
  })

  test('[DV4] a fix that is judged useless is answered 200, or the phone would send it for ever', async () => {
    expect(
      (await fetch(`${world.url}/osmand?${form(16, '')}`.replace('41.8', '0').replace('123.43', '0'))).status,
    ).toBe(200)
    expect(await kept(16)).toBe(0)
  })

  test('[DV1, DV2] an unknown phone is refused; after too many, strangers there wait and known phones do not', async () => {
    world.clock.advance(2 * MINUTE_MS)
    const strangers = []
    for (let n = 0; n < 7; n++) strangers.push(await fetch(`${world.url}/osmand?${form(900 + n)}`))
    expect(strangers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429])
    expect(strangers.at(-1)?.headers.get('retry-after')).toBe('60')
    expect((await fetch(`${world.url}/osmand?${form(17)}`)).status).toBe(200)
    world.clock.set(NOW)
  })

  test('[DV2] a phone over its limit is told when to come back', async () => {
    const asked = Array.from({ length: 21 }, (_, n) => {
      const at = String(NOW / 1_000)
      return fetch(`${world.url}/osmand?${form(18).replace(at, String(NOW / 1_000 + n))}`)
    })
    const answers = await Promise.all(asked)
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([[429, '3']])
  })

  test('[WF1] a malformed message is refused by code', async () => {
    for (const [answer, code] of [
      [await post('/osmand', '{'), 'badJson'],
      [await post('/osmand', 'lat=1'), 'badRequest'],
      [await post('/osmand', JSON.stringify({ device_id: 's', location: 5 })), 'badRequest'],
    ] as const) {
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { code } })
    }
    expect((await post('/osmand', `{"device_id":"${'x'.repeat(80_000)}"}`)).status).toBe(413)
  })

  test('[DV4] devices hear that the server stops', async () => {
    const device = await speak(world.url, { authorization: `Bearer ${secretOf(19)}` })
    await device.hear((frame) => frame.type === 'welcome')
    world.door.stop()
    expect(await device.closed).toEqual({ code: 4002, reason: 'serverStopping' })
  })
})
