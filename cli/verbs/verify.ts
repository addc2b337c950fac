import { Command } from 'commander'
import { badUsage } from '#cli/outcome.ts'
import { does, tenantOption } from '#cli/verb.ts'

export interface VerifyLotteryOptions {
  file?: string
  save?: string
}

const AFTER_LOTTERY = `
Nothing is taken on trust: hashes, seed and order are computed again from what was published. The record of a draw is also at
/api/lotteries/ID of a running server; saved as a file it can be checked anywhere, without a database.`

export function verifyCommand(): Command {
  const lottery = new Command('lottery')
    .description('Computes a draw among providers again and says whether it holds.')
    .argument('[id]', 'the choosing whose draw it is')
    .option('--file <json>', 'a saved record instead of an id; no database is asked')
    .option('--save <json>', 'write the record to a file, for others to check')
    .addHelpText('after', AFTER_LOTTERY)
  does<VerifyLotteryOptions>(lottery, async (options, id) => {
    if ((id === undefined) === (options.file === undefined))
      return badUsage('say either an id or --file, one of the two')
    if (options.file !== undefined) return (await import('./verify-lottery.ts')).verifyFile(options.file)
    return (await import('./verify-lottery-kept.ts')).verifyKept(id as string, options.save)
  })
  const response = new Command('response')
    .description('Compares the fast copy behind the response times with the database, ticket by ticket.')
    .addOption(tenantOption())
  does<{ tenant?: string }>(response, async ({ tenant }) => (await import('./verify-response.ts')).verifyCopy(tenant))
  return new Command('verify')
    .description('Checks what was promised to be checkable.')
    .addCommand(lottery)
    .addCommand(response)
}
