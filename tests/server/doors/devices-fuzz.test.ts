import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chance, pick, seededRandom } from '#domain/random.ts'
import { DEVICE_BINARY, DEVICE_JSON } from '#tests/support/device-messages.ts'
import { type DeviceWorld, openDeviceWorld, type SpokenSocket, secretOf, speak } from '#tests/support/device-world.ts'
import { fixAt } from '#tests/support/fleet-city.ts'
import { mangled } from '#tests/support/mangle.ts'
import { DEVICE_CLOSE } from '#wire/codes.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const SPOILED = 2_000
const NEIGHBOUR = 0
const plenty = { requests: 1_000_000, fixes: 10_000_000, unknown: 1_000_000 }
let world: DeviceWorld

beforeAll(async () => {
  world = await openDeviceWorld(NOW, 30, plenty)
})
afterAll(() => world.close())

const DOCUMENTED: number[] = [...Object.values(DEVICE_CLOSE), 1_002, 1_007, 1_009]
const said = ({ heard }: SpokenSocket) => heard.filter(({ type }) => type !== 'kept').length

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const heapUsed = () => {
  collect()
  return process.memoryUsage().heapUsed
}

/** Sends one frame and answers what came of it: a close code, or null for a frame. */
async function throwAt(device: SpokenSocket, frame: string | Uint8Array): Promise<number | null> {
  const before = said(device)
  device.socket.send(frame)
  const answered = device.hear(() => said(device) > before).then(() => null)
  return Promise.race([answered, device.closed.then(({ code }) => code)])
}

describe('spoiled frames on device sockets', () => {
  test(`[DV3, P7] each of ${SPOILED} is answered or closes with its code; a device beside them loses no fix; memory stays flat`, async () => {
    const random = seededRandom(7, 'sockets')
    const neighbour = await speak(world.url, { authorization: `Bearer ${secretOf(NEIGHBOUR)}` })
    let [sent, device, meter] = [0, null as SpokenSocket | null, 0]
    for (let round = 0; round < SPOILED; round++) {
      // Past the tenth part everything is warm: what grows from here on would go on growing.
      if (round === SPOILED / 10) meter = heapUsed()
      if (!device) {
        device = await speak(world.url)
        // One in three is spoiled before the device has said who it is.
        if (chance(random, 2 / 3))
          device.socket.send(JSON.stringify({ type: 'hello', version: 1, secret: secretOf(1 + (round % 29)) }))
      }
      const bytes = mangled(random, pick(random, chance(random, 0.5) ? DEVICE_JSON : DEVICE_BINARY))
      const code = await throwAt(device, chance(random, 0.5) ? bytes : new TextDecoder().decode(bytes))
      if (code !== null) {
        expect(DOCUMENTED).toContain(code)
        device = null
      } else if (chance(random, 0.1)) {
        device.socket.terminate()
        device = null
      }
      if (round % 10 === 0) {
        neighbour.socket.send(JSON.stringify({ type: 'fixes', n: sent, fixes: [fixAt(NOW + sent * 1_000, sent)] }))
        world.clock.set(NOW + sent * 1_000)
        sent++
      }
    }
    const last = sent - 1
    await neighbour.hear((frame) => frame.type === 'kept' && frame.n === last)
    const acks = neighbour.heard.filter((frame) => frame.type === 'ack')
    expect(acks.map(({ n }) => n)).toEqual(Array.from({ length: sent }, (_, n) => n))
    expect(acks.every(({ verdicts }) => verdicts[0]?.verdict === 'latest')).toBe(true)
    const rows = await world.opened.db.execute<{ n: string }>(
      sql`select count(*) as n from fixes where unit_id = 'a-unit-0'`,
    )
    expect(Number(rows[0]?.n)).toBe(sent)
    expect(heapUsed() - meter).toBeLessThan(8 * 1_048_576)
    neighbour.socket.close()
  })
})
