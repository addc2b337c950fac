import { call } from '#console/lib/api.ts'
import { serverTime } from '#console/lib/server-time.svelte.ts'
import type { LngLat } from '#domain/places.ts'
import type { BodyOf } from '#wire/route.ts'
import { reportFixes } from '#wire/routes/fleet.ts'

type PageFix = BodyOf<typeof reportFixes>['fixes'][number]

const SEND_EVERY_MS = 5_000
/** The server takes no more at once; in a tunnel the newest are kept. In memory only: whereabouts are not left on a phone. */
const MOST_FIXES = 100

export type PositionState = 'off' | 'waiting' | 'on' | 'denied' | 'failed'

/** Why the phone's own position cannot be had at all, or null. */
export const isPositionPossible = () => window.isSecureContext && 'geolocation' in navigator

/** The phone's position, watched and sent while duty or a task is open and consent stands. The page decides when. */
export class OwnPosition {
  #state: PositionState = $state('off')
  #here: LngLat | null = $state.raw(null)
  #accuracyM: number | null = $state(null)
  #buffer: PageFix[] = $state.raw([])
  #watch: number | null = null
  #timer: ReturnType<typeof setInterval> | null = null
  #unitId = ''

  get state(): PositionState {
    return this.#state
  }

  get here(): LngLat | null {
    return this.#here
  }

  get accuracyM(): number | null {
    return this.#accuracyM
  }

  get waiting(): number {
    return this.#buffer.length
  }

  start(unitId: string): void {
    if (this.#watch !== null || !isPositionPossible()) return
    this.#unitId = unitId
    this.#state = 'waiting'
    this.#watch = navigator.geolocation.watchPosition(
      (position) => this.#take(position),
      (error) => {
        this.#state = error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'
      },
      { enableHighAccuracy: true, maximumAge: 0 },
    )
    this.#timer = setInterval(() => void this.#flush(), SEND_EVERY_MS)
  }

  /** At once, and what has not been sent is forgotten: a withdrawn consent reaches back to it. */
  stop(): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch)
    if (this.#timer) clearInterval(this.#timer)
    this.#watch = null
    this.#timer = null
    this.#buffer = []
    this.#here = null
    this.#accuracyM = null
    this.#state = 'off'
  }

  #take({ coords, timestamp }: GeolocationPosition): void {
    this.#state = 'on'
    this.#here = [coords.longitude, coords.latitude]
    this.#accuracyM = coords.accuracy
    const fix: PageFix = {
      // Phone clocks are often wrong and the page knows the server's: only the age is the phone's.
      at: serverTime.exact() - Math.max(0, Date.now() - timestamp),
      lng: coords.longitude,
      lat: coords.latitude,
      accuracyM: coords.accuracy,
      ...(coords.speed !== null && coords.speed >= 0 && { speedMps: coords.speed }),
      ...(coords.heading !== null && coords.heading >= 0 && { headingDeg: coords.heading % 360 }),
    }
    this.#buffer = [...this.#buffer, fix].slice(-MOST_FIXES)
  }

  async #flush(): Promise<void> {
    const fixes = this.#buffer
    if (fixes.length === 0) return
    const told = await call(reportFixes, { body: { unitId: this.#unitId, fixes } })
    if (this.#watch === null) return
    if (told.ok) this.#buffer = this.#buffer.filter((fix) => !fixes.includes(fix))
    // The server's word on consent and duty stands above what this page believes; the feed brings the page after it.
    else if (told.why !== 'unreachable' && told.why !== 'tooMany' && told.why !== 'overloaded') this.#buffer = []
  }
}
