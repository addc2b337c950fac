export type Hit =
  | { kind: 'ticket'; id: string }
  | { kind: 'unit'; index: number }
  | { kind: 'cluster'; id: number; lng: number; lat: number }
  | { kind: 'community'; id: string }
  | { kind: 'provider'; id: string }

interface Target {
  x: number
  y: number
  radius: number
  hit: Hit
}

/** Thumbs and mice are allowed to miss by this much. */
const SLACK_PX = 6

/** What was painted where, so that a pointer can be told what is under it. What was painted last lies on top. */
export class Hits {
  #targets: Target[] = []

  clear(): void {
    this.#targets = []
  }

  add(x: number, y: number, radius: number, hit: Hit): void {
    this.#targets.push({ x, y, radius, hit })
  }

  /** Whether anything painted so far reaches into a circle. */
  isNear(x: number, y: number, radius: number): boolean {
    return this.#targets.some((target) => Math.hypot(target.x - x, target.y - y) < target.radius + radius)
  }

  at(x: number, y: number): Hit | null {
    let best: Target | null = null
    let bestGap = Number.POSITIVE_INFINITY
    for (const target of this.#targets) {
      const gap = Math.hypot(target.x - x, target.y - y) - target.radius
      if (gap <= SLACK_PX && gap <= bestGap) {
        best = target
        // Everything under the pointer itself is equally near: the topmost wins.
        bestGap = Math.max(gap, 0)
      }
    }
    return best?.hit ?? null
  }
}
