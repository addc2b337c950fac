import type { Db } from '#db/connect.ts'
import type { FeedRange } from '#domain/feed.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { Reader } from '#server/serving.ts'
import { rangeFor } from './entitled.ts'
import { eventsAfter, headOf } from './log.ts'

export const MOST_EVENTS = 1_000

/** FD5: everything after `since` that the reader may see; refused when the log cannot lead from there to here. */
export async function readSince(
  db: Db,
  reader: Reader,
  since: number,
  epoch: string,
  limit = MOST_EVENTS,
): Promise<FeedRange | Refused<'historyLost'>> {
  return db.transaction(
    async (tx) => {
      const head = await headOf(tx, reader.tenant)
      if (!head || head.epoch !== epoch || since > head.seq || since + 1 < head.oldest) return refused('historyLost')
      const events = await eventsAfter(tx, reader.tenant, since, limit)
      const to = events.length < limit ? head.seq : (events.at(-1)?.seq ?? head.seq)
      return rangeFor(reader.grants, reader.tenant, { epoch, from: since + 1, to }, events)
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}
