import type { Shop } from '#server/serving.ts'
import { acknowledgeAlarm, feedSince, feedSnapshot } from '#wire/routes/feed.ts'
import { acknowledge } from './acknowledge.ts'
import { readSince } from './since.ts'
import type { Snapshots } from './snapshot.ts'

export function feedRoutes({ db, serve, wake, snapshots }: Shop & { snapshots: Snapshots }): void {
  serve(feedSnapshot, ({ reader, now }) => snapshots.of(reader, now))

  serve(feedSince, ({ reader, query }) => readSince(db, reader, query.since, query.epoch, query.limit))

  serve(acknowledgeAlarm, async ({ params, reader, actor, command, now }) => {
    const answer = await acknowledge(db, command, params.id, reader, actor, now)
    if (answer.ok) wake(reader.tenant)
    return answer
  })
}
