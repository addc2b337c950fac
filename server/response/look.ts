/** One look at a time; a wish during one is met by another that begins after it, for the first may have passed it by. */
export class Look {
  readonly #look: () => Promise<void>
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null

  constructor(look: () => Promise<void>) {
    this.#look = look
  }

  wanted(): Promise<void> {
    if (!this.#running) {
      this.#running = this.#look().finally(() => {
        this.#running = null
      })
      return this.#running
    }
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = null
        return this.wanted()
      })
    return this.#next
  }

  async ended(): Promise<void> {
    while (this.#running) await this.#running.catch(() => undefined)
  }
}
