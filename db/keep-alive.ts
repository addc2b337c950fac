const LOOK_EVERY_MS = 500

/** Looks after something that must run: when it has died, starts it again until that succeeds. Answers how to stop looking. */
export function keepAlive(isRunning: () => boolean, start: () => Promise<void>): () => Promise<void> {
  let starting: Promise<void> | null = null
  const timer = setInterval(() => {
    if (starting || isRunning()) return
    // What the dead one still held (shared memory) may take a moment to go: the next look tries again.
    starting = start()
      .catch(() => undefined)
      .finally(() => {
        starting = null
      })
  }, LOOK_EVERY_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await starting
  }
}
