import { Command } from 'commander'
import { runningServer } from '#cli/data-folder.ts'
import { notDone } from '#cli/outcome.ts'
import { does, positive, tenantOption, wholeNumber } from '#cli/verb.ts'
import { policyCommand } from './simulate-policy.ts'

/** The demo's own city (db/demo/city.ts), unless another one is asked for. */
const DEMO_SEED = 5341

export interface SimulateOptions {
  tenant?: string
  url?: string
  speed?: number
  seed: number
  sockets: number
  quiet?: true
}

const AFTER = `
Works at the real doors of a running server: units report by device socket or as Traccar phones do, residents call, a control room of
two accounts (simulator, simulator-phone) sends units and records what they say by phone. Only units that are themselves marked
synthetic are moved or answered for; what people at the consoles do with them is answered too. Calls follow the city's clock: two rush
hours, rain in July and August, the start of the heating. Stop with Ctrl-C.`

export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description('Moves the synthetic units of a city and reports its tickets, until stopped.')
    .addOption(tenantOption())
    .option('--url <address>', 'the server; the one running on this data folder when left out')
    .option('--speed <number>', 'refuse unless the server’s clock runs at this speed', positive)
    .option('--seed <number>', 'another seed, another city life', wholeNumber, DEMO_SEED)
    .option(
      '--sockets <number>',
      'units with a device socket of their own; the others post as phones do',
      wholeNumber,
      300,
    )
    .option('--quiet', 'say nothing while running')
    .addHelpText('after', AFTER)
    // Both have --tenant and --json: each takes what stands behind its own name.
    .enablePositionalOptions()
    .addCommand(policyCommand())
  return does<SimulateOptions>(command, async (options) => {
    const url = options.url ?? runningServer()?.url
    if (!url)
      return notDone(
        'noServer',
        'no server runs on this data folder: start one with `npm start`, or name one with --url',
      )
    const { simulateCity } = await import('./simulate-city.ts')
    return simulateCity(options, url)
  })
}
