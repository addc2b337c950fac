import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { events } from '#db/schema/feed.ts'
import { units } from '#db/schema/fleet.ts'
import { dispatches, importedRows, ticketLog, tickets } from '#db/schema/tickets.ts'
import type { ImportMap, TicketsMap } from '#domain/import-map.ts'
import { type Finding, importTicketFile } from '#server/intake/import-file.ts'
import { tenantByCode } from '#server/places/queries.ts'
import { CITY, type DispatchWorld, dispatchWorld } from '#tests/support/dispatch-world.ts'
import { aTicketsMap } from '#tests/support/import-rows.ts'
import { insertPlaces } from '#tests/support/ticket-world.ts'

const NOW = Date.UTC(2026, 2, 1)
const HEAD = 'Call,Row,Unit,Lat,Lng,Type,T1,T2,T3,T4,T5,T6,Text,Street,Town,Estate'
const folder = mkdtempSync(join(tmpdir(), 'import-'))
let world: DispatchWorld

beforeAll(async () => {
  world = await dispatchWorld()
  await insertPlaces(world.db)
})
afterAll(async () => {
  await world.end()
  rmSync(folder, { recursive: true })
})
beforeEach(async () => {
  for (const table of [dispatches, ticketLog, importedRows, tickets, units, events]) await world.db.delete(table)
})

/** One line: call, row, unit, its five moments after the report, and whatever differs. */
const line = (
  call: string,
  row: string,
  unit: string,
  times = '110,120,130,140,200',
  { type = 'Lamp', t1 = '100', lat = '41.8', estate = '' } = {},
) => `${call},${row},${unit},${lat},123.4,${type},${t1},${times},dark,Main,Town,${estate}`

async function run(
  content: string | Buffer | readonly string[],
  { tickets: map = {}, ...more }: { tickets?: Partial<TicketsMap> } & Partial<Omit<ImportMap, 'tickets'>> = {},
) {
  const file = join(folder, 'file.csv')
  writeFileSync(file, Array.isArray(content) ? `${[HEAD, ...content].join('\n')}\n` : (content as string))
  const tenant = await tenantByCode(world.db, CITY)
  if (!tenant) throw new Error('no tenant')
  const findings: Finding[] = []
  const progress: number[][] = []
  const answer = await importTicketFile(
    world.db,
    {
      tenant,
      file,
      map: { source: 'test', ...more, tickets: aTicketsMap(map) },
      timeZone: 'UTC',
      now: NOW,
      dryRun: false,
    },
    { finding: (finding) => findings.push(finding), progress: (...at) => progress.push(at) },
  )
  return { answer, findings, progress, summary: answer.ok ? answer.summary : null, says: answer.ok ? '' : answer.says }
}

const ticketRows = () => world.db.select().from(tickets).orderBy(asc(tickets.number))

describe('a file of tickets', () => {
  test('[IM3] whose rows of one call stand apart makes one ticket of them', async () => {
    const rest = Array.from({ length: 450 }, (_, i) => line(`c${i}`, `r${i}`, 'E9'))
    const { summary, progress } = await run([
      line('apart', 'a1', 'E1'),
      ...rest,
      line('apart', 'a2', 'E2', '110,120,130,135,210'),
    ])
    expect(summary).toMatchObject({ rows: 452, tickets: 451, dispatches: 452, units: 3 })
    const [apart] = (await ticketRows()).filter(({ onSiteAt }) => onSiteAt === 135_000)
    expect(apart).toMatchObject({ closedAt: 210_000 })
    expect(progress.at(-1)).toEqual([452, 452])
    const numbers = (await ticketRows()).map(({ number }) => number)
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] as number) + i))
  })

  test('[IM1] refuses the rows that cannot be read, each field by its line, and takes the others of the same call', async () => {
    const { summary, findings } = await run([
      line('c1', 'r1', 'E1'),
      line('c1', 'r2', 'E2', '110,noon,130,140,200'),
      line('c2', 'r3', 'E1', undefined, { lat: 'x', t1: '' }),
      'c3,r4,too,short',
      line('c4', '', 'E1'),
    ])
    expect(summary).toMatchObject({ rows: 5, refused: 4, tickets: 1, dispatches: 1 })
    expect(findings.map(({ line: at, column, value, why }) => [at, column, value, why])).toEqual([
      [3, 'T3', 'noon', 'unreadable'],
      [4, 'T1', '', 'missing'],
      [4, 'Lat', 'x', 'unreadable'],
      [5, '', '4 cells, 16 columns', 'columnCount'],
      [6, 'Row', '', 'missing'],
    ])
  })

  test('[IM4] mended and run again brings in what was refused, into the ticket it belongs to, and nothing twice', async () => {
    const good = line('c1', 'r1', 'E1')
    await run([good, line('c1', 'r2', 'E2', '110,120,noon,,200')])
    const { summary } = await run([good, line('c1', 'r2', 'E2', '110,120,125,133,200')])
    expect(summary).toMatchObject({ tickets: 0, joined: 1, dispatches: 1, known: 1 })
    const [ticket, ...others] = await ticketRows()
    expect(others).toEqual([])
    expect(ticket).toMatchObject({ onSiteAt: 133_000, enRouteAt: 125_000 })
    const log = await world.db.select().from(ticketLog).orderBy(asc(ticketLog.n))
    expect(log.map(({ n, kind }) => [n, kind]).slice(-2)).toEqual([
      [6, 'depart'],
      [7, 'arrive'],
    ])
    expect((await run([good, line('c1', 'r2', 'E2', '110,120,125,133,200')])).summary).toMatchObject({
      joined: 0,
      known: 2,
    })
  })

  test('[IM4] that repeats a row has it once; the same keys of another source are other tickets', async () => {
    expect((await run([line('c1', 'r1', 'E1'), line('c1', 'r1', 'E1')])).summary).toMatchObject({
      dispatches: 1,
      known: 1,
    })
    expect((await run([line('c1', 'r1', 'E1')], { source: 'other' })).summary).toMatchObject({ tickets: 1, units: 0 })
  })

  test('[IM4] read by two at once is imported once', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => line(`c${i}`, `r${i}`, `E${i % 7}`))
    const both = await Promise.all([run(rows), run(rows)])
    expect(both.map(({ summary }) => summary?.tickets ?? 0).reduce((sum, n) => sum + n)).toBe(300)
    expect(await ticketRows()).toHaveLength(300)
    expect(await world.db.select().from(units)).toHaveLength(7)
  })

  test('[IM5] keeps points outside the city and names of communities it does not know, and says so', async () => {
    const { summary, findings } = await run(
      [
        line('c1', 'r1', 'E1', undefined, { lat: '10' }),
        line('c2', 'r2', 'E1', undefined, { estate: 'nowhere' }),
        line('c3', 'r3', 'E1', undefined, { estate: 'community-2' }),
      ],
      { tickets: { community: 'Estate' } },
    )
    expect(summary).toMatchObject({ tickets: 3, refused: 0, outsideCity: 1 })
    expect(findings.map(({ line: at, column, value, why }) => [at, column, value, why])).toEqual([
      [2, 'Lat', '10, 123.4', 'outsideCity'],
      [3, 'Estate', 'nowhere', 'unknownCommunity'],
    ])
    expect((await ticketRows()).map(({ neighbourhoodCode, firmId }) => [neighbourhoodCode, firmId])).toEqual([
      [null, null],
      [null, null],
      ['N2', 'firm-2'],
    ])
  })

  test('[IM3] gives dispatches to units the city knows by the same callsign', async () => {
    await run([line('c1', 'r1', 'E1')])
    const [unit] = await world.db.select().from(units)
    await run([line('c2', 'r2', 'E1')])
    expect(await world.db.select().from(units)).toEqual([unit])
    expect(new Set((await world.db.select().from(dispatches)).map(({ unitId }) => unitId))).toEqual(new Set([unit?.id]))
  })

  test('[IM8] tells a ticket that is not over to those whose it is', async () => {
    await run(
      [
        line('c1', 'r1', '', ',,,,', { estate: 'community-2' }),
        line('c2', 'r2', 'E1', undefined, { estate: 'community-1' }),
      ],
      { tickets: { community: 'Estate' } },
    )
    const told = await world.db.select().from(events).where(eq(events.kind, 'ticket:imported')).orderBy(asc(events.seq))
    expect(
      told.map(({ audience, state }) => [
        audience.neighbourhoodCode,
        audience.firmIds,
        (state.tickets ?? []).map(({ status }) => status),
      ]),
    ).toEqual([
      [null, [], []],
      ['N2', ['firm-2'], ['reported']],
    ])
  })

  test('[IM1] may be GB18030, with a byte order mark, other separators and quoted line ends', async () => {
    const head = HEAD.replaceAll(',', ';')
    const quoted = line('c1', 'r1', 'E1').replaceAll(',', ';').replace('dark', '"dark\n""and"" wet"')
    const { summary, findings } = await run(
      `\uFEFF${head}\r\n\r\n${quoted}\r\n${line('c2', '', 'E1').replaceAll(',', ';')}\r\n`,
      { delimiter: ';' },
    )
    expect(summary).toMatchObject({ rows: 2, tickets: 1, refused: 1 })
    expect(findings[0]?.line).toBe(5)
    expect((await ticketRows())[0]?.description).toBe('Lamp: dark\n"and" wet')
    const gb = Buffer.concat([
      Buffer.from(`${HEAD}\n`),
      Buffer.from(line('c3', 'r3', 'E1').replace('dark', 'X')),
      Buffer.from('\n'),
    ])
    const at = gb.indexOf('X')
    const chinese = Buffer.concat([gb.subarray(0, at), Buffer.from([0xc3, 0xc5]), gb.subarray(at + 1)])
    expect((await run(chinese, { encoding: 'gb18030' })).summary).toMatchObject({ tickets: 1 })
    expect((await ticketRows()).at(-1)?.description).toBe('Lamp: 门')
    expect((await run(chinese)).says).toContain('is not in the encoding')
  })

  test('[IM1] with an open quote loses those lines only, and says where', async () => {
    const { summary, findings } = await run([
      line('c1', 'r1', 'E1'),
      line('c2', 'r2', 'E1').replace('dark', '"dark'),
      line('c3', 'r3', 'E1'),
    ])
    expect(summary).toMatchObject({ tickets: 1, refused: 1 })
    expect(findings).toMatchObject([{ why: 'brokenLine' }])
  })

  test('[IM6] that lacks columns, has one twice, is empty or is not there is refused whole', async () => {
    const lacking = await run('Call,Row,Unit\n1,2,3\n')
    expect(lacking.says).toContain('lacks the columns "Lat" (/tickets/location), "Lng"')
    expect((await run(`${HEAD},Row\n`)).says).toContain('has the column Row twice')
    expect((await run('')).says).toContain('is empty')
    const tenant = await tenantByCode(world.db, CITY)
    const asked = {
      file: join(folder, 'none.csv'),
      map: { source: 'a', tickets: aTicketsMap() },
      timeZone: 'UTC',
      now: NOW,
      dryRun: false,
    }
    const listener = { finding: () => undefined, progress: () => undefined }
    const answer = tenant && (await importTicketFile(world.db, { ...asked, tenant }, listener))
    expect(answer).toMatchObject({ ok: false, says: expect.stringContaining('ENOENT') })
    expect(await ticketRows()).toEqual([])
  })
})
