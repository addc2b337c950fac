import type { Db } from '#db/connect.ts'
import type { TimedTicket } from '#domain/response-facts.ts'
import type { VerifiedPage } from '#wire/routes/response.ts'
import { COLUMNS } from './columns.ts'
import { copied } from './follow.ts'
import { timedTicketsAfter, timedTicketsOf } from './queries.ts'
import type { CopyReading, Response } from './response.ts'

const PAGE = 10_000
/** No tenant has as many tickets. */
const BEYOND = 2 ** 31 - 1

type Wrong = VerifiedPage['wrong'][number]

/**
 * RT13: the next tickets after a number, as PostgreSQL tells them now, beside their rows in the copy, every column. A ticket that
 * changed in between is looked at once more. Null: there is no copy yet.
 */
export async function verifiedAfter(
  db: Db,
  response: Response,
  tenant: string,
  after: number,
): Promise<VerifiedPage | null> {
  await response.current(tenant)
  const tickets = await timedTicketsAfter(db, tenant, after, PAGE)
  const last = tickets.at(-1)?.number ?? null
  const span = { after, to: tickets.length < PAGE ? BEYOND : (last ?? BEYOND) }
  const wrong = await response.ask(tenant, (reading) => compared(db, reading, tenant, tickets, span))
  if (!wrong) return null
  return { tickets: tickets.length, last, wrong: wrong.length > 0 ? await again(db, response, tenant, wrong) : [] }
}

async function again(db: Db, response: Response, tenant: string, wrong: readonly Wrong[]): Promise<Wrong[]> {
  await response.current(tenant)
  const numbers = wrong.map(({ number }) => number)
  const tickets = await timedTicketsOf(db, tenant, { ids: [], numbers })
  return (await response.ask(tenant, (reading) => compared(db, reading, tenant, tickets, { numbers }))) ?? []
}

type Rows = Map<string, { number: number; cells: string[] }>

async function compared(
  db: Db,
  reading: CopyReading,
  tenant: string,
  tickets: readonly TimedTicket[],
  which: { after: number; to: number } | { numbers: readonly number[] },
): Promise<Wrong[]> {
  const rows = await copied({ db, tenant, words: reading.words }, tickets, reading.position.timeZone)
  const expected: Rows = new Map(
    rows.map((row) => {
      const { number, round } = row.fact
      return [`${number} ${round}`, { number, cells: COLUMNS.map(({ value }) => String(value(row))) }]
    }),
  )
  const kept = await keptRows(reading, which)
  const missing = [...expected].flatMap(([key, { number }]) => (kept.has(key) ? [] : [wrongly(number, 'missing')]))
  const others = [...kept].flatMap(([key, { number, cells }]) => {
    const told = expected.get(key)
    if (!told) return [wrongly(number, 'surplus')]
    const columns = COLUMNS.flatMap(({ name }, i) => (cells[i] === told.cells[i] ? [] : [name]))
    return columns.length > 0 ? [wrongly(number, 'different', columns)] : []
  })
  return [...missing, ...others]
}

const wrongly = (number: number, why: Wrong['why'], columns: string[] = []): Wrong => ({ number, why, columns })

async function keptRows(
  { columns, facts }: CopyReading,
  which: { after: number; to: number } | { numbers: readonly number[] },
): Promise<Rows> {
  const where =
    'numbers' in which ? `number in (${which.numbers.join(', ')})` : `number > ${which.after} and number <= ${which.to}`
  const found = await columns(`select ${COLUMNS.map(({ name }) => name).join(', ')} from ${facts} where ${where}`)
  const count = found[0]?.length ?? 0
  return new Map(
    Array.from({ length: count }, (_, i) => {
      const cells = found.map((column) => String(column[i]))
      const [number = '', round = ''] = cells
      return [`${number} ${round}`, { number: Number(number), cells }]
    }),
  )
}
