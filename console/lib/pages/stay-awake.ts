/** Keeps the screen on while wanted: a page whose screen is off takes no position and sounds no offer. */
export class StayAwake {
  #lock: WakeLockSentinel | null = null
  #wanted = false

  static readonly isPossible = () => window.isSecureContext && 'wakeLock' in navigator

  want(on: boolean): void {
    this.#wanted = on
    if (!StayAwake.isPossible()) return
    if (on) void this.#take()
    else void this.#lock?.release()
  }

  /** The browser takes the lock away whenever the page is hidden; call when it is seen again. */
  again(): void {
    if (this.#wanted && document.visibilityState === 'visible') void this.#take()
  }

  async #take(): Promise<void> {
    if (this.#lock && !this.#lock.released) return
    this.#lock = await navigator.wakeLock.request('screen').catch(() => null)
    if (!this.#wanted) await this.#lock?.release()
  }
}
