import type { Instant } from '#domain/instant.ts'
import { route } from '#wire/route.ts'
import { shape } from '#wire/shapes.ts'

/** The server's one clock: how `hongguan replay` learns whether time moves as its files need. */
export interface ClockFace {
  now: Instant
  /** Real seconds × speed = served seconds; 1 on a live server. */
  speed: number
  /** The moment the clock was started from; null on a live server. */
  startedFrom: Instant | null
  version: string
}

export const clock = route({
  method: 'GET',
  path: '/api/clock',
  action: 'public',
  summary: 'Server time and its speed',
  answer: shape<ClockFace>('ClockFace'),
})
export const live = route({
  method: 'GET',
  path: '/health/live',
  action: 'public',
  summary: 'The process runs',
  answer: shape<{ ok: true }>('Ok'),
})
export const ready = route({
  method: 'GET',
  path: '/health/ready',
  action: 'public',
  summary: 'Database reachable, engine beating',
  answer: shape<{ ok: boolean }>('Ok'),
})
