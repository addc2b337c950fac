import { refused } from '#domain/refusal.ts'
import type { Clock } from '#server/clock.ts'
import type { Serve } from '#server/serving.ts'
import * as wire from '#wire/routes/system.ts'

interface System {
  serve: Serve
  clock: Clock
  version: string
  isReady: () => Promise<boolean>
}

/** What the server says of itself: its time, that it lives, and whether it can do its work. */
export function systemRoutes({ serve, clock, version, isReady }: System): void {
  serve(wire.clock, async ({ now }) => ({ now, speed: clock.speed, startedFrom: clock.startedFrom, version }))
  serve(wire.live, async () => ({ ok: true as const }))
  serve(wire.ready, async () => ((await isReady().catch(() => false)) ? { ok: true } : refused('starting')))
}
