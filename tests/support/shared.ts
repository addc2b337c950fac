import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'

/** Real data that is not part of the project and lies beside the checkout where there is any. */
const SHARED = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

export const sharedPath = (path: string) => `${SHARED}${path}`

/**
 * A `describe` that needs folders of the shared data. Where they are absent its tests are skipped and say so;
 * with HONGGUAN_REQUIRE_SHARED=1 they run, and fail on the missing file.
 */
export function describeWithShared(name: string, folders: readonly string[], body: () => void) {
  const missing = folders.filter((folder) => !existsSync(sharedPath(folder)))
  const isSkipped = missing.length > 0 && process.env.HONGGUAN_REQUIRE_SHARED !== '1'
  describe.skipIf(isSkipped)(isSkipped ? `${name} (skipped: no ${missing.join(', ')} in ../shared/data)` : name, body)
}
