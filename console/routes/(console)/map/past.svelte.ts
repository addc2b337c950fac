import type { Refusal } from '#console/lib/api.ts'
import { call } from '#console/lib/api.ts'
import type { Instant } from '#domain/instant.ts'
import { type Playback, playback as playbackRoute, type Trail, trail as trailRoute } from '#wire/routes/fleet.ts'

export interface Span {
  from: Instant
  to: Instant
  reason: string
}

/** Real seconds in which the whole span runs off at the slowest speed are left to the person: seconds shown a second. */
export const SPEEDS = [10, 60, 300] as const
const FRAME_MS = 100

type Shown = { kind: 'trail'; trail: Trail } | { kind: 'playback'; playback: Playback } | null

/** What the map shows of the past instead of the present. Every reading has a reason and is recorded by the server. */
class Past {
  #shown: Shown = $state.raw(null)
  #moment: Instant = $state(0)
  #speed: number = $state(60)
  #timer: ReturnType<typeof setInterval> | undefined
  #isPlaying = $state(false)

  get shown(): Shown {
    return this.#shown
  }

  get span(): { from: Instant; to: Instant } | null {
    if (!this.#shown) return null
    return this.#shown.kind === 'trail' ? this.#shown.trail : this.#shown.playback
  }

  get moment(): Instant {
    return this.#moment
  }

  set moment(moment: Instant) {
    this.#moment = moment
  }

  get isPlaying(): boolean {
    return this.#isPlaying
  }

  get speed(): number {
    return this.#speed
  }

  set speed(speed: number) {
    this.#speed = speed
  }

  async readTrail(unitId: string, ticketId: string | null, { from, to, reason }: Span): Promise<Refusal | null> {
    const query = { from, to, reason, ...(ticketId ? { ticketId } : {}) }
    const told = await call(trailRoute, { params: { id: unitId }, query })
    if (!told.ok) return told
    this.#show({ kind: 'trail', trail: told.answer }, told.answer.to)
    return null
  }

  async readPlayback({ from, to, reason }: Span): Promise<Refusal | null> {
    const told = await call(playbackRoute, { query: { from, to, reason } })
    if (!told.ok) return told
    this.#show({ kind: 'playback', playback: told.answer }, told.answer.from)
    return null
  }

  turn(): void {
    if (this.#isPlaying) this.#pause()
    else this.#play()
  }

  close(): void {
    this.#pause()
    this.#shown = null
  }

  #show(shown: Shown, moment: Instant): void {
    this.#pause()
    this.#shown = shown
    this.#moment = moment
  }

  #play(): void {
    const { span } = this
    if (!span) return
    if (this.#moment >= span.to) this.#moment = span.from
    this.#isPlaying = true
    this.#timer = setInterval(() => {
      this.#moment = Math.min(span.to, this.#moment + FRAME_MS * this.#speed)
      if (this.#moment >= span.to) this.#pause()
    }, FRAME_MS)
  }

  #pause(): void {
    clearInterval(this.#timer)
    this.#isPlaying = false
  }
}

export const past = new Past()
