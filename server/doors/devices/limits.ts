import { type Instant, MINUTE_MS } from '#domain/instant.ts'

export interface PerMinute {
  requests: number
  fixes: number
  /** Requests with a secret nobody has, from one address. */
  unknown: number
}

export const PER_MINUTE: PerMinute = { requests: 120, fixes: 1_200, unknown: 30 }

interface Bucket {
  level: number
  at: Instant
}

/** Leaky buckets by name: a minute's worth may come at once, then as many as leak away. */
class Buckets {
  readonly #size: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(size: number) {
    this.#size = size
  }

  /** Milliseconds until so much fits; 0 = it fits now. A clock that steps back leaks nothing and harms nobody. */
  waitFor(name: string, amount: number, now: Instant): number {
    const over = this.#level(name, now) + amount - this.#size
    return over <= 0 ? 0 : Math.ceil((over / this.#size) * MINUTE_MS)
  }

  fill(name: string, amount: number, now: Instant): void {
    this.#buckets.set(name, { level: this.#level(name, now) + amount, at: now })
  }

  /** Forgets whoever has been quiet for a minute: the map holds no more than a minute's callers. */
  prune(now: Instant): void {
    for (const name of this.#buckets.keys()) if (this.#level(name, now) === 0) this.#buckets.delete(name)
  }

  get count() {
    return this.#buckets.size
  }

  #level(name: string, now: Instant): number {
    const bucket = this.#buckets.get(name)
    if (!bucket) return 0
    return Math.max(0, bucket.level - (Math.max(0, now - bucket.at) / MINUTE_MS) * this.#size)
  }
}

/** DV2: how much one device, and one address without a device, may ask of the server. */
export class DeviceLimits {
  readonly #requests: Buckets
  readonly #fixes: Buckets
  readonly #unknown: Buckets

  constructor(perMinute: PerMinute = PER_MINUTE) {
    this.#requests = new Buckets(perMinute.requests)
    this.#fixes = new Buckets(perMinute.fixes)
    this.#unknown = new Buckets(perMinute.unknown)
  }

  /** Counts one request with its fixes and answers 0, or counts nothing and answers when to come back. */
  spend(deviceId: string, fixes: number, now: Instant): number {
    const wait = Math.max(this.#requests.waitFor(deviceId, 1, now), this.#fixes.waitFor(deviceId, fixes, now))
    if (wait > 0) return wait
    this.#requests.fill(deviceId, 1, now)
    this.#fixes.fill(deviceId, fixes, now)
    return 0
  }

  /** Counts a secret that nobody has. */
  missed(address: string, now: Instant): void {
    this.#unknown.fill(address, 1, now)
  }

  /** Too many such secrets came from there to try another. */
  mayTry(address: string, now: Instant): boolean {
    return this.#unknown.waitFor(address, 1, now) === 0
  }

  prune(now: Instant): void {
    for (const buckets of [this.#requests, this.#fixes, this.#unknown]) buckets.prune(now)
  }

  /** How many callers are remembered. */
  get size() {
    return this.#requests.count + this.#unknown.count
  }
}
