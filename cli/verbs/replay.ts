import { Command, Option } from 'commander'
import { runningServer } from '#cli/data-folder.ts'
import { badUsage, type Done, done, type NotDone, notDone, type Outcome } from '#cli/outcome.ts'
import { startProgress } from '#cli/progress.ts'
import { pairProblem } from '#cli/replay/pair.ts'
import type { Prepared, ReplayOptions } from '#cli/replay/prepare.ts'
import type { Replayed } from '#cli/replay/run.ts'
import { does, positive, tenantOption } from '#cli/verb.ts'
import type { ImportMap } from '#domain/import-map.ts'
import { isTimeZone } from '#domain/import-time.ts'

const AFTER = `
Positions go in by the device socket, each unit on its own; calls by the report door, marked as replayed. Each file's first row is
laid on the same moment. The judged rules stay as they are, so time must move with the files:

  a server started for the replay runs its clock from the files' first moment at the same speed:
    npx hongguan start --clock 2008-05-22T07:00:00Z --speed 60
    npx hongguan replay --tenant san-francisco --fixes cabs.csv.gz --tickets calls.csv --map map.json --speed 60 --create-units
  a live server takes them only from now on and at real speed:
    npx hongguan replay --tenant san-francisco --fixes cabs.csv.gz --map map.json --speed 1 --shift-to now

Any other pair of --shift-to and --speed is refused with its reason. MAP.json: docs/import-map.md.`

export function replayCommand(): Command {
  const command = new Command('replay')
    .description('Drives a running server with recorded positions and reports, through its real doors.')
    .addOption(tenantOption())
    .option('--fixes <file.csv.gz>', 'recorded positions, in the order of their times')
    .option('--tickets <file.csv>', 'recorded calls')
    .requiredOption('--map <map.json>', 'which column is what')
    .option('--speed <number>', 'served seconds in one real second', positive, 1)
    .addOption(new Option('--shift-to <moment>', 'lay the files on a live server’s clock').choices(['now']))
    .option('--create-units', 'make units for the names in the file that the city does not know')
    .option('--timezone <zone>', 'of times that name none; the city’s when left out')
    .option('--hours <number>', 'only so many hours of the files', positive)
    .option('--url <address>', 'the server; the one running on this data folder when left out')
    .addHelpText('after', AFTER)
  return does<ReplayOptions>(command, replay)
}

async function replay(options: ReplayOptions): Promise<Outcome> {
  const early = earlyRefusal(options)
  if (early) return early
  const [{ readMap }, { prepare }, { withServersDatabase }] = await Promise.all([
    import('#cli/replay/files.ts'),
    import('#cli/replay/prepare.ts'),
    import('#cli/database.ts'),
  ])
  const read = await readMap(options.map)
  if (!read.ok) return read
  const lacking = lackingPart(options, read.map)
  if (lacking) return lacking
  const url = options.url ?? runningServer()?.url
  if (!url) return notDone('noServer', 'no server runs on this data folder: start one, or name one with --url')
  let prepared: Prepared | null = null
  const outcome = await withServersDatabase(async ({ db }): Promise<Outcome> => {
    const found = await prepare(db, options, read.map, url)
    if ('ok' in found) return found
    prepared = found
    return done(null)
  })
  return prepared ? drive(prepared) : outcome
}

function earlyRefusal({ fixes, tickets, shiftTo, speed, timezone }: ReplayOptions): NotDone | null {
  if (!fixes && !tickets) return badUsage('name --fixes, --tickets or both')
  if (timezone !== undefined && !isTimeZone(timezone)) return badUsage(`there is no time zone ${timezone}`)
  return pairProblem({ shiftToNow: shiftTo === 'now', speed })
}

function lackingPart(options: ReplayOptions, map: ImportMap): NotDone | null {
  for (const part of ['fixes', 'tickets'] as const)
    if (options[part] && !map[part])
      return notDone('badFile', `${options.map} has no part "${part}" that says how to read ${options[part]}`)
  return null
}

async function drive({ replay: prepared, rows, notes }: Prepared): Promise<Outcome> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const progress = startProgress('replay', rows)
  for (const note of notes) process.stderr.write(`${note}\n`)
  const { runReplay } = await import('#cli/replay/run.ts')
  const replayed = await runReplay({ ...prepared, progress, signal: stop.signal })
  progress.end()
  return summary(replayed, stop.signal.aborted)
}

function summary(replayed: Replayed, isStopped: boolean): Outcome {
  const { positions, reports, devicesRefused } = replayed
  const words = Object.entries(positions.verdicts).map(([word, count]) => `${count} ${word}`)
  const refusals = Object.entries(reports.refused).map(([why, count]) => `${count} ${why}`)
  const lines = [
    ...(isStopped ? ['stopped before the end'] : []),
    `positions: ${positions.sent} sent, ${positions.settled} settled${words.length > 0 ? ` (${words.join(', ')})` : ''}`,
    `reports: ${reports.sent} sent, ${reports.taken} taken${refusals.length > 0 ? ` (refused: ${refusals.join(', ')})` : ''}`,
  ]
  const answer: Done = done(replayed, ...lines)
  if (positions.lost === 0 && devicesRefused === 0) return answer
  return notDone('failed', `${positions.lost} positions were lost, ${devicesRefused} devices were turned away`, lines)
}
