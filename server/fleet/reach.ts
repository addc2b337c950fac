/** Which units' pages hold an open socket: an offer reaches them. A unit may have several pages open. */
export class Reach {
  readonly #pages = new Map<string, number>()
  /** What was last told of a unit, for those that changed since. */
  readonly #toldBefore = new Map<string, boolean>()

  enter(unitId: string): void {
    const pages = this.#pages.get(unitId) ?? 0
    if (pages === 0) this.#changes(unitId, false)
    this.#pages.set(unitId, pages + 1)
  }

  leave(unitId: string): void {
    const pages = this.#pages.get(unitId) ?? 0
    if (pages === 1) this.#changes(unitId, true)
    if (pages > 1) this.#pages.set(unitId, pages - 1)
    else this.#pages.delete(unitId)
  }

  isReachable(unitId: string): boolean {
    return this.#pages.has(unitId)
  }

  /** Units whose reach is another than at the last call; one that left and came back in between is not among them. */
  takeChanged(): string[] {
    const changed = [...this.#toldBefore].filter(([unitId, before]) => before !== this.isReachable(unitId))
    this.#toldBefore.clear()
    return changed.map(([unitId]) => unitId)
  }

  #changes(unitId: string, before: boolean) {
    if (!this.#toldBefore.has(unitId)) this.#toldBefore.set(unitId, before)
  }
}
