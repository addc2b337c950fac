import { createWriteStream, type WriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { Command } from 'commander'
import { withDatabase } from '#cli/database.ts'
import { badUsage, done, type NotDone, notDone, type Outcome } from '#cli/outcome.ts'
import { startProgress } from '#cli/progress.ts'
import { chosenTenant } from '#cli/tenant.ts'
import { does, tenantOption } from '#cli/verb.ts'
import type { ImportMap, TicketsMap } from '#domain/import-map.ts'
import { isTimeZone } from '#domain/import-time.ts'
import { type Finding, type ImportSummary, importTicketFile } from '#server/intake/import-file.ts'
import { quoted } from '#server/tickets/export.ts'
import { parseImportMap } from '#wire/import-map.ts'

interface Options {
  tenant?: string
  map: string
  timezone?: string
  report?: string
  dryRun?: true
}

const HELP = `
MAP.json names the columns of the file (docs/import-map.md, examples in docs/examples). Several rows with one ticket key make
one ticket with several dispatches. What is imported is history: it wakes no clock, no alarm and no offer. A row is refused
only when a mapped field cannot be read; running the same file again imports nothing twice.`

/** Findings shown on the terminal; --report has them all. */
const MOST_LINES = 20

export function importTicketsCommand(): Command {
  const command = new Command('tickets')
    .description('History of tickets and dispatches from a CSV file with columns of any name.')
    .argument('<file>')
    .addOption(tenantOption())
    .requiredOption('--map <map.json>', 'how to read the columns')
    .option('--timezone <zone>', "zone of the file's times, e.g. Asia/Shanghai; the city's own when left out")
    .option('--dry-run', 'read and report everything, import nothing')
    .option('--report <file.csv>', 'write every refused row and every oddity that was kept')
    .addHelpText('after', HELP)
  return does<Options>(command, (options, file) => importFile(file as string, options))
}

async function importFile(file: string, options: Options): Promise<Outcome> {
  const { timezone, dryRun = false } = options
  if (timezone !== undefined && !isTimeZone(timezone)) return badUsage(`there is no time zone ${timezone}`)
  const read = await readMap(options.map)
  if (!read.ok) return read
  return withDatabase(async ({ db }) => {
    const chosen = await chosenTenant(db, options.tenant)
    if (!chosen.ok) return chosen
    const { tenant } = chosen
    const report = options.report === undefined ? null : await openReport(options.report)
    if (report && 'ok' in report) return report
    const shown: string[] = []
    const asked = { tenant, file, map: read.map, timeZone: timezone ?? tenant.timeZone, now: Date.now(), dryRun }
    const bar = progressBar()
    const answer = await importTicketFile(db, asked, {
      finding: (finding) => {
        report?.write(reportLine(finding))
        if (shown.length < MOST_LINES) shown.push(lineOf(finding))
      },
      progress: bar.at,
    })
    bar.end()
    if (report) await finished(report.end())
    return answer.ok ? outcome(answer.summary, shown, options) : notDone('badFile', answer.says)
  })
}

type ReadMap = { ok: true; map: ImportMap & { tickets: TicketsMap } } | NotDone

async function readMap(file: string): Promise<ReadMap> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    return notDone('badFile', `${file} cannot be read: ${(error as Error).message}`)
  }
  const parsed = parseImportMap(value)
  if (!parsed.ok) {
    const lines = parsed.problems.map(({ path, why }) => `  ${path || '/'}: ${why}`)
    return notDone('badFile', `${file} is no map of columns:`, lines)
  }
  const { tickets } = parsed.map
  return tickets ? { ok: true, map: { ...parsed.map, tickets } } : notDone('badFile', `${file} has no part "tickets"`)
}

/** The bar learns the number of rows from the first count. */
function progressBar() {
  let bar: ReturnType<typeof startProgress> | null = null
  return {
    at: (rows: number, of: number) => {
      bar ??= startProgress('importing', of)
      bar.at(rows)
    },
    end: () => bar?.end(),
  }
}

const BOM = '\uFEFF'

async function openReport(file: string): Promise<WriteStream | NotDone> {
  const stream = createWriteStream(file)
  try {
    await new Promise((resolve, reject) => stream.once('open', resolve).once('error', reject))
  } catch (error) {
    return notDone('badFile', `${file} cannot be written: ${(error as NodeJS.ErrnoException).code}`)
  }
  stream.write(`${BOM}line,ticket,row,column,value,why,says\r\n`)
  return stream
}

const reportLine = ({ line, ticketKey, rowKey, column, value, why, says }: Finding) =>
  `${[String(line), ticketKey, rowKey, column, value, why, says].map(quoted).join(',')}\r\n`

const lineOf = ({ line, column, value, why, says }: Finding) =>
  `  line ${line}: ${why === 'brokenLine' || why === 'columnCount' ? '' : `${column} "${value}" `}${says}`

function outcome(summary: ImportSummary, shown: readonly string[], { dryRun, report }: Options): Outcome {
  const { rows, tickets, joined, dispatches, units, known, refused, outOfOrder, outsideCity } = summary
  const findings = refused + outOfOrder + outsideCity
  const lines = [
    `${dryRun ? 'would import' : 'imported'} ${tickets} tickets with ${dispatches} dispatches from ${rows} rows; ${units} units are new`,
    ...(joined > 0 ? [`${joined} tickets that were here already got further rows`] : []),
    ...(known > 0 ? [`${known} rows were here already`] : []),
    ...(findings > 0
      ? [`${refused} rows refused; ${outOfOrder} kept with moments out of order, ${outsideCity} outside the city`]
      : []),
    ...shown,
    ...(findings > shown.length ? [report ? `  … all of them in ${report}` : '  … --report FILE writes them all'] : []),
  ]
  if (rows > 0 && refused === rows) return notDone('badFile', 'no row could be read', lines)
  return done({ ...summary, dryRun: dryRun === true }, ...lines)
}
