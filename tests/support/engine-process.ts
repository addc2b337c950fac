/** An engine in a process of its own, for tests that kill it: `node engine-process.ts <database url> <now>`. */
import { openDb } from '#db/connect.ts'
import { movableClock } from '#server/clock.ts'
import { makeEngine } from '#server/engine/engine.ts'
import { slaTimers } from '#server/tickets/timers.ts'

const [url = '', now = '0'] = process.argv.slice(2)
const { db } = openDb(url, { max: 1 })
const duties = [slaTimers(() => undefined)]
const onError = (_duty: string, error: unknown) => {
  throw error
}
await makeEngine({ db, clock: movableClock(Number(now)), duties, onError }).tick()
process.exit(0)
