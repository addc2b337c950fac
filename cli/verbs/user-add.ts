import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { eq, or } from 'drizzle-orm'
import { withDatabase } from '#cli/database.ts'
import { newApiKey } from '#cli/keys.ts'
import { done, notDone, type Outcome } from '#cli/outcome.ts'
import { chosenTenant } from '#cli/tenant.ts'
import type { Db } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import type { Grant } from '#domain/access.ts'
import { addUser } from '#server/people/accounts.ts'
import { MAX_PASSWORD, MIN_PASSWORD } from '#server/people/auth.ts'
import type { UserOptions } from './user.ts'

export async function addAccount(name: string, options: UserOptions): Promise<Outcome> {
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

async function grantOf(db: Db, tenant: string, options: UserOptions): Promise<Grant> {
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

async function passwordFor({ passwordStdin }: UserOptions): Promise<Password> {
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
