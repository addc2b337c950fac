import { Command, InvalidArgumentError, Option } from 'commander'
import { badUsage, type NotDone, type Outcome } from '#cli/outcome.ts'
import { does, positive, tenantOption, wholeNumber } from '#cli/verb.ts'
import { isTimeZone } from '#domain/import-time.ts'
import type { LngLat } from '#domain/places.ts'
import { POLICIES, type Policy } from '#domain/policy.ts'

export interface PolicyOptions {
  tenant?: string
  calls?: string
  map?: string
  timezone?: string
  unitType?: string
  policy?: Policy[]
  seeds: number
  within: number
  addUnit?: LngLat[]
  addType?: string
  posts?: string
  roster?: string
}

const AFTER = `
What was sent to each call, and for how long, is taken from the record; which unit goes is decided by the policy:
  nearest      the nearest free one, as the crow flies
  eta          the one that is there first, turnout (none on the road) and speed reckoned in
  cover        as eta, but a unit that alone covers a part of the city is spared where another one is in time too
  reposition   as cover, and idle units are sent where they restore most cover
Speeds, turnouts and their scatter are read off every second five hours; policies are judged on the others, where "nearest" is also
compared with what really happened. That error is printed first: no difference smaller than it should be believed of another city.

  npx hongguan simulate policy --calls calls.csv --map docs/examples/sffd.map.json --timezone America/Los_Angeles --unit-type "Unit Type"
  npx hongguan simulate policy --tenant shenyang        (the city's own tickets)

--posts FILE: CSV lines "lng,lat"; --roster FILE: JSON {"unit": [["from", "to"], …]} with ISO 8601 moments.`

export function policyCommand(): Command {
  const command = new Command('policy')
    .description('What would have happened: recorded calls, and who would have been sent by another rule.')
    .addOption(tenantOption())
    .option('--calls <file.csv>', 'recorded calls; the city’s own tickets when left out')
    .option('--map <map.json>', 'which column is what (docs/import-map.md)')
    .option('--timezone <zone>', 'of the times in the file')
    .option('--unit-type <column>', 'column that says what sort of unit was sent')
    .addOption(new Option('--policy <name...>', 'only these, beside nearest').choices(POLICIES))
    .option('--seeds <number>', 'runs of each policy, for the confidence intervals', wholeNumber, 20)
    .option('--within <minutes>', 'the promise', positive, 5)
    .option('--add-unit <lng,lat...>', 'one more unit here, on duty always', spots)
    .option('--add-type <name>', 'of which sort; the one that is first on site most often when left out')
    .option('--posts <file.csv>', 'where units of that sort wait instead')
    .option('--roster <file.json>', 'when units are on duty instead')
    .addHelpText('after', AFTER)
  return does<PolicyOptions>(command, async (options): Promise<Outcome> => {
    const early = earlyRefusal(options)
    if (early) return early
    const { simulatePolicies } = await import('#cli/policy/run.ts')
    return simulatePolicies(options)
  })
}

function spots(text: string, before: LngLat[] = []): LngLat[] {
  const [lng = Number.NaN, lat = Number.NaN, ...more] = text.split(',').map(Number)
  if (more.length > 0 || !(Math.abs(lng) <= 180) || !(Math.abs(lat) <= 90))
    throw new InvalidArgumentError('It must be a longitude and a latitude, e.g. 123.43,41.80.')
  return [...before, [lng, lat]]
}

function earlyRefusal({ calls, map, timezone, seeds, unitType }: PolicyOptions): NotDone | null {
  if (calls !== undefined && (map === undefined || timezone === undefined))
    return badUsage('--calls needs --map and --timezone: the file does not say what its columns and times mean')
  if (calls === undefined && (map ?? timezone ?? unitType) !== undefined)
    return badUsage('--map, --timezone and --unit-type say how to read --calls, which is missing')
  if (timezone !== undefined && !isTimeZone(timezone)) return badUsage(`there is no time zone ${timezone}`)
  return seeds >= 2 ? null : badUsage('--seeds must be at least 2: there is no confidence interval of one run')
}
