import { Command, InvalidArgumentError, Option } from 'commander'
import { does, tenantOption } from '#cli/verb.ts'
import { ROLES, type Role } from '#domain/access.ts'

export interface UserOptions {
  role: Role
  tenant?: string
  district?: string
  subdistrict?: string
  neighbourhood?: string
  firm?: string
  unit?: string
  label?: string
  passwordStdin?: true
  apiKey?: true
}

/** A resident needs no account: the link of the ticket is what lets it in. */
const ACCOUNT_ROLES = ROLES.filter((role) => role !== 'resident')

function username(text: string): string {
  if (/^[a-zA-Z0-9_.-]{3,40}$/.test(text)) return text
  throw new InvalidArgumentError('It must have 3 to 40 letters, digits, dots, dashes or underscores.')
}

export function userCommand(): Command {
  const add = new Command('add')
    .description(
      'Adds an account with one role in one city. A password that is not given is made up and printed this once.',
    )
    .argument('<name>', 'what the person types to sign in', username)
    .addOption(new Option('--role <role>', 'what the account may do').choices(ACCOUNT_ROLES).makeOptionMandatory())
    .addOption(tenantOption())
    .option('--district <code>', 'of a district’s account')
    .option('--subdistrict <code>', 'of a sub-district officer')
    .option('--neighbourhood <code>', 'of a neighbourhood worker')
    .option('--firm <id>', 'of a provider manager')
    .option('--unit <unit>', 'of a field worker or volunteer: the unit’s id or callsign')
    .option('--label <text>', 'what others see: role and number, never a person’s name')
    .option('--password-stdin', 'read the password from the first line of the standard input')
    .option('--api-key', 'a key for a program instead of a password; sent as Authorization: Bearer KEY')
  does<UserOptions>(add, async (options, name) => {
    const { addAccount } = await import('./user-add.ts')
    return addAccount(name as string, options)
  })
  return new Command('user').description('Accounts.').addCommand(add)
}
