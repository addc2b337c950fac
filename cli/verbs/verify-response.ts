import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { call, type Door } from '#cli/api.ts'
import { askedDataFolder, runningServer } from '#cli/data-folder.ts'
import { withDatabase } from '#cli/database.ts'
import { programKey } from '#cli/keys.ts'
import { done, type NotDone, notDone, type Outcome } from '#cli/outcome.ts'
import { startProgress } from '#cli/progress.ts'
import { chosenTenant } from '#cli/tenant.ts'
import type { Db } from '#db/connect.ts'
import { placeOf } from '#db/embedded.ts'
import { tickets } from '#db/schema/tickets.ts'
import { COPY_FILE, openResponse } from '#server/response/response.ts'
import { verifiedAfter } from '#server/response/verify.ts'
import { realTicker } from '#server/ticker.ts'
import { type VerifiedPage, verifyResponse } from '#wire/routes/response.ts'

/** Differences shown on the terminal; `--json` has them all. */
const MOST_LINES = 20

type Ask = (after: number) => Promise<VerifiedPage | NotDone>

/** RT13: every row of the copy beside PostgreSQL; exit status 1 when one is another. */
export const verifyCopy = (code: string | undefined): Promise<Outcome> =>
  withDatabase(async ({ db }) => {
    const chosen = await chosenTenant(db, code)
    if (!chosen.ok) return chosen
    const tenant = chosen.tenant.code
    const all = await db.$count(tickets, eq(tickets.tenant, tenant))
    const server = runningServer()
    if (!server) return withOwnCopy(db, tenant, (ask) => compare(ask, all))
    const door = { url: server.url, tenant, apiKey: await keyOf(db, tenant) }
    return compare((after) => askServer(door, after), all)
  })

async function compare(ask: Ask, all: number): Promise<Outcome> {
  const bar = startProgress('comparing', all)
  const wrong: VerifiedPage['wrong'] = []
  let compared = 0
  try {
    for (let after: number | null = 0; after !== null; ) {
      const page: VerifiedPage | NotDone = await ask(after)
      if ('ok' in page) return page
      wrong.push(...page.wrong)
      compared += page.tickets
      bar.at(compared)
      after = page.last
    }
  } finally {
    bar.end()
  }
  const lines = wrong.slice(0, MOST_LINES).map(({ number, why, columns }) => `  #${number} ${why} ${columns.join(' ')}`)
  if (wrong.length > 0)
    return notDone('failed', `${wrong.length} rows of the copy are not as PostgreSQL tells them:`, lines)
  return done({ tickets: compared, wrong: 0 }, `${compared} tickets compared: the copy is what PostgreSQL tells`)
}

/** No server holds the copy: this process brings it up to date and looks itself. */
async function withOwnCopy(db: Db, tenant: string, doing: (ask: Ask) => Promise<Outcome>): Promise<Outcome> {
  const log = pino({ level: 'warn' }, pino.destination(2))
  const file = join(placeOf(askedDataFolder()), COPY_FILE)
  const response = openResponse({ db, ticker: realTicker, log, file })
  try {
    return await doing(async (after) => {
      const page = await verifiedAfter(db, response, tenant, after)
      return page ?? notDone('starting', 'the copy could not be built')
    })
  } finally {
    await response.stop()
  }
}

const keyOf = (db: Db, tenant: string) =>
  programKey(db, { username: `verify-${tenant}`, displayName: 'hongguan verify', role: 'auditor', tenant }, Date.now())

async function askServer(door: Door, after: number): Promise<VerifiedPage | NotDone> {
  const called = await call(door, verifyResponse, { query: { after } })
  return called.ok ? called.answer : notDone(called.why, called.says)
}
