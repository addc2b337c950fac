import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Outcome, tell } from './outcome.ts'

/** Gives a command its work: whatever comes of it is told, and becomes the exit status. */
export function does<Options extends object>(
  command: Command,
  doing: (options: Options, ...args: string[]) => Promise<Outcome>,
): Command {
  return command.option('--json', 'one JSON document on stdout, for machines').action(async (...given: unknown[]) => {
    const args = given.slice(0, -2) as string[]
    const options = given.at(-2) as Options & { json?: boolean }
    process.exitCode = tell(await doing(options, ...args), options.json === true)
  })
}

export const tenantOption = () => new Option('--tenant <code>', 'the city, where there are several')

export function positive(text: string): number {
  const number = Number(text)
  if (!(number > 0) || !Number.isFinite(number)) throw new InvalidArgumentError('It must be a number above 0.')
  return number
}

export function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number.')
  return number
}

/** An ISO 8601 moment with its zone, as epoch milliseconds: a moment without a zone means another one on another machine. */
export function moment(text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms) || !/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text))
    throw new InvalidArgumentError('It must be a moment with its zone, e.g. 2008-05-22T07:00:00Z.')
  return ms
}
