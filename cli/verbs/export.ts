import { Command } from 'commander'
import { badUsage } from '#cli/outcome.ts'
import { does, moment, tenantOption } from '#cli/verb.ts'

export interface ExportOptions {
  tenant?: string
  from?: number
  to?: number
  json?: true
}

export function exportCommand(): Command {
  const tickets = new Command('tickets')
    .description('Writes the tickets of a city as CSV (UTF-8 with BOM): all of them, or those reported in a span.')
    .argument('[file]', 'where to; the standard output when left out')
    .addOption(tenantOption())
    .option('--from <moment>', 'reported at or after', moment)
    .option('--to <moment>', 'reported at or before', moment)
  does<ExportOptions>(tickets, async (options, file) => {
    if (file === undefined && options.json)
      return badUsage('--json needs a FILE: the CSV and the document would be mixed on the standard output')
    const { exportTickets } = await import('./export-tickets.ts')
    return exportTickets(file, options)
  })
  return new Command('export').description('Data out.').addCommand(tickets)
}
