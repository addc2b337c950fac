import { Command } from 'commander'
import { does } from '#cli/verb.ts'

const AFTER_ADD = `
The file is JSON: code, name, locale, timeZone, bbox, centre, emergencyNumbers, places (wire/tenant-config.ts is its schema,
docs/examples/san-francisco.json an example). Each list of places may also be the path of a JSON file beside it.`

export function tenantCommand(): Command {
  const add = new Command('add')
    .description('Adds a city from its configuration file: taken whole or refused with every problem at once.')
    .argument('<file>', 'configuration file')
    .option('--demo', 'with made-up firms, units and communities in proportion, all marked synthetic')
    .addHelpText('after', AFTER_ADD)
  const list = new Command('list').description('Lists the cities.')
  does<{ demo?: true }>(add, async ({ demo }, file) => {
    const { addFromFile } = await import('./tenant-files.ts')
    return addFromFile(file as string, demo === true)
  })
  does(list, async () => {
    const { listTenants } = await import('./tenant-files.ts')
    return listTenants()
  })
  return new Command('tenant')
    .description('Cities of this installation. A second city is a second tenant, by data alone.')
    .addCommand(add)
    .addCommand(list)
}
