import type { Db } from '#db/connect.ts'
import type { Instant } from '#domain/instant.ts'

/** Something that happens because time passes. */
export interface Duty {
  name: string
  /** Does what is due and answers how much that was; asked again at once until it answers 0. Each thing once, whoever else runs it (EN2). */
  run(db: Db, now: Instant): Promise<number>
  /** When the next thing is due, so that the engine wakes on time; left out, it looks at least every half second. */
  nextAt?(db: Db, now: Instant): Promise<Instant | null>
  /** For housekeeping: not more often than this. */
  everyMs?: number
}
