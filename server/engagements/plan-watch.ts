import { SECOND_MS } from '#domain/instant.ts'
import type { Clock } from '#server/clock.ts'
import type { Duty } from '#server/engine/duty.ts'
import type { Wake } from '#server/serving.ts'
import { silentRuns } from './plan-run-queries.ts'
import { endLost } from './plan-runner.ts'

/** A run beats twice a second of real time; silent for so long, nobody works at it any more. */
const SILENT_MS = 30 * SECOND_MS

/** PN3: runs of a server that was killed end as lost, and their plans are what they were. */
export const lostRuns = ({ speed }: Clock, wake: Wake): Duty => ({
  name: 'lostRuns',
  everyMs: 5 * SECOND_MS,
  run: async (db, now) => {
    const silent = await silentRuns(db, now - SILENT_MS * speed)
    for (const run of silent) {
      await endLost(db, run, 'lost', now)
      wake(run.tenant)
    }
    return 0
  },
})
