import { Command, Option } from 'commander'
import { positive, wholeNumber } from '#cli/verb.ts'

/** What every `hongguan solve` takes. */
export interface SolveOptions {
  format: string
  seconds: number
  steps?: number
  seed: number
  out?: string
}

/** A sub-verb of `solve` with the options all of them have; the first format is meant where none is given. */
export function solveVerb(name: string, what: string, formats: readonly [string, ...string[]]): Command {
  return new Command(name)
    .description(`${what} Anytime: the best plan when the seconds are over, with the bound that is proved.`)
    .argument('<file>', 'the problem')
    .addOption(new Option('--format <name>', 'how the file is written').choices(formats).default(formats[0]))
    .option('--seconds <number>', 'how long it may take', positive, 60)
    .option('--steps <number>', 'how many steps at most: the same seed and steps give the same plan', wholeNumber)
    .option('--seed <number>', 'of everything that is drawn', wholeNumber, 1)
    .addOption(new Option('--threads <number>', 'threads of the solver').choices(['1']).default('1'))
    .option('--out <file>', 'where the plan is written; only if there is one')
    .addHelpText('after', AFTER)
}

const AFTER = `
--json prints one line {"objective","bound","gap","status","seconds"}: gap = (objective − bound) / max(1, |objective|),
status = optimal | feasible | infeasible | unknown. Exit status: 0 with a plan, 1 without, 2 bad usage or a malformed file.`
