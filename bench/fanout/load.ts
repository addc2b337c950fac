import type { Socket } from 'node:net'
import { RECORD_BYTES, writeRecord } from './trunk.ts'
import { type Posts, placeAt, SLOTS, sharedNow, slotOf, UNITS } from './world.ts'

const STEP_MS = 5

/** Sends `perSecond` fixes, every unit in its turn, on the hour of a fixed plan: a late timer sends what is due and no less. */
export function startLoad(trunk: Socket, posts: Posts, sentAt: Float64Array, perSecond: number): () => void {
  const startedAt = sharedNow()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.floor(((sharedNow() - startedAt) / 1_000) * perSecond) - sent
    if (due <= 0) return
    const buffer = Buffer.alloc(due * RECORD_BYTES)
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    const [at, now] = [Date.now(), sharedNow()]
    for (let each = 0; each < due; each++, sent++) {
      const [n, k] = [(sent * STRIDE) % UNITS, Math.floor(sent / UNITS)]
      const [lng, lat] = placeAt(posts, n, k)
      sentAt[n * SLOTS + slotOf(k)] = now
      writeRecord(view, each * RECORD_BYTES, n, at, lng, lat)
    }
    trunk.write(buffer)
  }, STEP_MS)
  return () => clearInterval(timer)
}

/** Coprime with the number of units: each comes once a round, and neighbours do not come together. */
const STRIDE = 7_919
