import type { Instant } from '#domain/instant.ts'
import type { ErrorAnswer } from '#wire/codes.ts'
import { type ClockFace, clock } from '#wire/routes/system.ts'
import { call, type Door } from './api.ts'
import { type NotDone, notDone } from './outcome.ts'

/** The server's clock seen from here: asked once, then counted on at its speed. */
export interface ServerTime {
  now(): Instant
  speed: number
  startedFrom: Instant | null
  version: string
  /** Asks again: two clocks drift apart over days, and a server may have been started anew. */
  refresh(): Promise<void>
}

export async function serverTime(door: Door): Promise<ServerTime | NotDone> {
  const asked = await call(door, clock)
  if (!asked.ok) return notDone(asked.why satisfies ErrorAnswer['error']['code'] | 'noServer', asked.says)
  let face: ClockFace = asked.answer
  let readAt = performance.now()
  return {
    now: () => Math.round(face.now + (performance.now() - readAt) * face.speed),
    speed: face.speed,
    startedFrom: face.startedFrom,
    version: face.version,
    refresh: async () => {
      const again = await call(door, clock)
      if (!again.ok) return
      face = again.answer
      readAt = performance.now()
    },
  }
}
