import { and, eq, or } from 'drizzle-orm'
import { toString as qrText } from 'qrcode'
import { withDatabase } from '#cli/database.ts'
import { bindDevice } from '#cli/devices.ts'
import { done, notDone, type Outcome } from '#cli/outcome.ts'
import { chosenTenant } from '#cli/tenant.ts'
import type { DbOrTx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import type { Unit } from '#domain/units.ts'
import type { DeviceOptions } from './device.ts'

export const addDevice = (word: string, { tenant, label }: DeviceOptions): Promise<Outcome> =>
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
