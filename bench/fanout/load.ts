import type { Socket } from 'node:net'
import { RECORD_BYTES, writeRecord } from './trunk.ts'
import { type Posts, placeAt, SLOTS, sharedNow, slotOf, UNITS } from './world.ts'

/** Fixes come in bursts, as from a gateway: what one wake-up of the trunk costs must not drown what a fix costs. */
const STEP_MS = 50

/** Coprime with the number of units: each comes once a round, and neighbours do not come together. */
const STRIDE = 7_919

/** So many fixes a second for so long; the last one goes on. */
export interface Phase {
  perSecond: number
  seconds: number
}

/** Sends every unit in its turn, by a fixed plan: a late timer sends what is due and no less. */
export function startLoad(trunk: Socket, posts: Posts, sentAt: Float64Array, phases: readonly Phase[]): () => void {
  const startedAt = sharedNow()
  let sent = 0
  const timer = setInterval(() => {
    const due = plannedBy((sharedNow() - startedAt) / 1_000, phases) - sent
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

function plannedBy(seconds: number, phases: readonly Phase[]): number {
  let [rest, planned] = [seconds, 0]
  for (const [n, phase] of phases.entries()) {
    const inPhase = n === phases.length - 1 ? rest : Math.min(rest, phase.seconds)
    planned += inPhase * phase.perSecond
    rest -= inPhase
    if (rest <= 0) break
  }
  return Math.floor(planned)
}
