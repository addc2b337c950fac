import { Command, Option } from 'commander'
import { PLACE_COLUMNS, UNIT_COLUMNS } from '#cli/imports/columns.ts'
import type { Outcome } from '#cli/outcome.ts'
import { does, tenantOption } from '#cli/verb.ts'
import type { OpenDb } from '#db/connect.ts'
import type { Tenant, TileSource } from '#domain/places.ts'
import { SKILLS, TRAVEL_MODES, UNIT_KINDS } from '#domain/units.ts'
import { importTicketsCommand } from './import-tickets.ts'

interface Options {
  tenant?: string
  datum: TileSource['datum']
}

const PLACES_HELP = `
CSV with the columns ${PLACE_COLUMNS.join(', ')} and, if known, firm (the name of the firm that looks after it).
neighbourhood is the official code; a community of the same code is changed, so a second run only mends.`

const UNITS_HELP = `
CSV with the columns ${UNIT_COLUMNS.join(', ')} and, if it has one, firm (its name).
kind: ${UNIT_KINDS.join(', ')}; mode: ${TRAVEL_MODES.join(', ')}; community: its code;
skills, with | between them: ${SKILLS.join(', ')}.
A unit of the same callsign is changed; new ones are off duty, and no position is taken before their consent.`

export function importCommand(): Command {
  const places = new Command('places')
    .description('Residential communities from a CSV file: taken whole or refused with every problem at once.')
    .argument('<file>')
    .addOption(tenantOption())
    .addOption(new Option('--datum <datum>', 'of lng and lat').choices(['WGS84', 'GCJ02', 'BD09']).default('WGS84'))
    .addHelpText('after', PLACES_HELP)
  const units = new Command('units')
    .description('Units from a CSV file: taken whole or refused with every problem at once.')
    .argument('<file>')
    .addOption(tenantOption())
    .addHelpText('after', UNITS_HELP)
  does<Options>(places, async ({ tenant, datum }, file) => {
    const { importCommunities } = await import('#cli/imports/communities.ts')
    return inTenant(tenant, ({ db }, one) => importCommunities(db, one, file as string, datum))
  })
  does<Options>(units, async ({ tenant }, file) => {
    const { importUnits } = await import('#cli/imports/units.ts')
    return inTenant(tenant, ({ db }, one) => importUnits(db, one, file as string, Date.now()))
  })
  return new Command('import')
    .description('Data in.')
    .addCommand(places)
    .addCommand(units)
    .addCommand(importTicketsCommand())
}

async function inTenant(
  code: string | undefined,
  doing: (open: OpenDb, tenant: Tenant) => Promise<Outcome>,
): Promise<Outcome> {
  const [{ withDatabase }, { chosenTenant }] = await Promise.all([import('#cli/database.ts'), import('#cli/tenant.ts')])
  return withDatabase(async (open) => {
    const chosen = await chosenTenant(open.db, code)
    return chosen.ok ? doing(open, chosen.tenant) : chosen
  })
}
