import { EXIT } from '#cli/outcome.ts'
import { quitEmbedded } from '#db/embedded.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Waits for the first Ctrl-C (or TERM, HUP). A second one does not wait for a clean stop any longer, but leaves no Postgres behind. */
export function untilAsked(dataDir: string): Promise<void> {
  return new Promise((resolve) => {
    let asked = 0
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        asked++
        if (asked === 1) return resolve()
        quitEmbedded(dataDir)
        process.exit(EXIT.failed)
      })
    }
  })
}
