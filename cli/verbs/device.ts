import { Command } from 'commander'
import { and, eq, or } from 'drizzle-orm'
import { toString as qrText } from 'qrcode'
import { withDatabase } from '#cli/database.ts'
import { bindDevice } from '#cli/devices.ts'
import { done, notDone, type Outcome } from '#cli/outcome.ts'
import { chosenTenant } from '#cli/tenant.ts'
import { does, tenantOption } from '#cli/verb.ts'
import type { DbOrTx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import type { Unit } from '#domain/units.ts'

interface Options {
  tenant?: string
  label: string
}

const AFTER = `
The secret is what the device says who it is with: in Traccar Client type it as the device identifier and
http://ADDRESS:PORT/osmand as the server; in OwnTracks it is the password, any user name, mode HTTP, http://ADDRESS:PORT/owntracks;
a program of your own opens ws://ADDRESS:PORT/devices (docs/protocol-devices.md). The QR code holds the secret.`

export function deviceCommand(): Command {
  const add = new Command('add')
    .description('Binds a device to a unit and shows its secret once: only a hash of it is kept.')
    .argument('<unit>', 'the unit’s id or callsign')
    .option('--label <text>', 'what the device is called in lists', 'device')
    .addOption(tenantOption())
    .addHelpText('after', AFTER)
  return new Command('device')
    .description('Phones and trackers.')
    .addCommand(does<Options>(add, (options, unit) => addDevice(unit as string, options)))
}

const addDevice = (word: string, { tenant, label }: Options): Promise<Outcome> =>
  withDatabase(async ({ db }) => {
    const chosen = await chosenTenant(db, tenant)
    if (!chosen.ok) return chosen
    const { code } = chosen.tenant
    const unit = await unitOf(db, code, word)
    if (!unit) return notDone('unknown', `there is no unit ${word} in ${code}`)
    const { id, secret } = await bindDevice(db, unit, label, Date.now())
    const qr = await qrText(secret, { type: 'utf8', errorCorrectionLevel: 'M' })
    return done(
      { deviceId: id, unitId: unit.id, callsign: unit.callsign, label, secret },
      `bound ${label} to ${unit.callsign} (${unit.id})`,
      '',
      qr.trimEnd(),
      '',
      `secret  ${secret}`,
      'It is shown this once.',
    )
  })

async function unitOf(db: DbOrTx, tenant: string, word: string): Promise<Unit | null> {
  const [unit] = await db
    .select()
    .from(units)
    .where(and(eq(units.tenant, tenant), or(eq(units.id, word), eq(units.callsign, word))))
  return unit ?? null
}
