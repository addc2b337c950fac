/** Which units' pages hold an open socket: an offer reaches them. A unit may have several pages open. */
export class Reach {
  readonly #pages = new Map<string, number>()
  readonly #joined = new Set<string>()
  readonly #left = new Set<string>()

  enter(unitId: string): void {
    const pages = this.#pages.get(unitId) ?? 0
    this.#pages.set(unitId, pages + 1)
    if (pages > 0) return
    // One that comes back before anybody was told has never been away.
    if (!this.#left.delete(unitId)) this.#joined.add(unitId)
  }

  leave(unitId: string): void {
    const pages = this.#pages.get(unitId) ?? 0
    if (pages > 1) this.#pages.set(unitId, pages - 1)
    if (pages !== 1) return
    this.#pages.delete(unitId)
    if (!this.#joined.delete(unitId)) this.#left.add(unitId)
  }

  isReachable(unitId: string): boolean {
    return this.#pages.has(unitId)
  }

  /** What changed since the last call. */
  takeChange(): { joined: string[]; left: string[] } | null {
    if (this.#joined.size + this.#left.size === 0) return null
    const change = { joined: [...this.#joined], left: [...this.#left] }
    this.#joined.clear()
    this.#left.clear()
    return change
  }
}
