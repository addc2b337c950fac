import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Command, Option } from 'commander'
import { eq, or } from 'drizzle-orm'
import { withDatabase } from '#cli/database.ts'
import { newApiKey } from '#cli/keys.ts'
import { badUsage, done, notDone, type Outcome } from '#cli/outcome.ts'
import { chosenTenant } from '#cli/tenant.ts'
import { does, tenantOption } from '#cli/verb.ts'
import type { Db } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { type Grant, ROLES, type Role } from '#domain/access.ts'
import { addUser } from '#server/people/accounts.ts'
import { MAX_PASSWORD, MIN_PASSWORD } from '#server/people/auth.ts'

interface Options {
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

const USERNAME = /^[a-zA-Z0-9_.-]{3,40}$/

export function userCommand(): Command {
  const add = new Command('add')
    .description(
      'Adds an account with one role in one city. A password that is not given is made up and printed this once.',
    )
    .argument('<name>', 'what the person types to sign in')
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
  return new Command('user')
    .description('Accounts.')
    .addCommand(does<Options>(add, (options, name) => addAccount(name as string, options)))
}

async function addAccount(name: string, options: Options): Promise<Outcome> {
  if (!USERNAME.test(name)) return badUsage('a name has 3 to 40 letters, digits, dots, dashes or underscores')
  const password = options.apiKey ? null : await passwordFor(options)
  if (password !== null && (password.text.length < MIN_PASSWORD || password.text.length > MAX_PASSWORD))
    return notDone('invalidFields', `a password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters`)
  return withDatabase(async ({ db }) => {
    const chosen = await chosenTenant(db, options.tenant)
    if (!chosen.ok) return chosen
    const { tenant } = chosen
    const grant = await grantOf(db, tenant.code, options)
    const wanted = { username: name, displayName: options.label ?? name, password: password?.text ?? null, grant }
    const made = await addUser(db, wanted, Date.now())
    if (!('userId' in made)) return notDone(made.why, SAYS[made.why] ?? made.why)
    const apiKey = options.apiKey ? await newApiKey(db, made.userId, name) : null
    const shown = password?.isMadeUp ? password.text : null
    return done(
      {
        userId: made.userId,
        username: name,
        tenant: tenant.code,
        role: options.role,
        ...(shown && { password: shown }),
        ...(apiKey && { apiKey }),
      },
      `added ${name} as ${options.role} in ${tenant.code}`,
      ...(shown ? [`password  ${shown}`] : []),
      ...(apiKey ? [`API key   ${apiKey}`, 'It is shown this once.'] : []),
    )
  })
}

const SAYS: Partial<Record<string, string>> = {
  usernameTaken: 'there is an account of this name already',
  grantIncomplete: 'this role needs its area: --subdistrict, --neighbourhood, --firm or --unit',
  unknown: 'there is no such place, firm or unit in this city',
}

async function grantOf(db: Db, tenant: string, options: Options): Promise<Grant> {
  return {
    tenant,
    role: options.role,
    districtCode: options.district ?? null,
    subdistrictCode: options.subdistrict ?? null,
    neighbourhoodCode: options.neighbourhood ?? null,
    firmId: options.firm ?? null,
    unitId: options.unit === undefined ? null : await unitIdOf(db, options.unit),
    ticketId: null,
  }
}

/** By id or callsign; a word that is neither stays as it is and is refused as unknown further on. */
async function unitIdOf(db: Db, word: string): Promise<string> {
  const [found] = await db
    .select({ id: units.id })
    .from(units)
    .where(or(eq(units.id, word), eq(units.callsign, word)))
  return found?.id ?? word
}

interface Password {
  text: string
  isMadeUp: boolean
}

async function passwordFor({ passwordStdin }: Options): Promise<Password> {
  if (passwordStdin) return { text: await firstLine(), isMadeUp: false }
  const typed = process.stdin.isTTY && process.stderr.isTTY ? await asked('Password (empty: one is made up): ') : ''
  return typed === ''
    ? { text: randomBytes(12).toString('base64url'), isMadeUp: true }
    : { text: typed, isMadeUp: false }
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line
  return ''
}

/** Asks on the terminal without showing what is typed. */
async function asked(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, next) => next() })
  const prompt = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  process.stderr.write(question)
  const answer = await prompt.question('')
  prompt.close()
  process.stderr.write('\n')
  return answer
}
