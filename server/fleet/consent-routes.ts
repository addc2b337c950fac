import { randomUUID } from 'node:crypto'
import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { consents } from '#db/schema/fleet.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask } from '#server/serving.ts'
import * as wire from '#wire/routes/fleet.ts'
import * as kept from './queries.ts'
import type { FleetShop } from './routes.ts'
import { permits } from './unit-routes.ts'

const FACE = {
  unitId: consents.unitId,
  textVersion: consents.textVersion,
  givenAt: consents.givenAt,
  withdrawnAt: consents.withdrawnAt,
}

export function consentRoutes(shop: FleetShop): void {
  const { db, serve, fleet, wake } = shop
  serve(wire.giveConsent, async (ask) => {
    const answer = await carryOut(db, ask.command, ask.now, (tx) => giveConsent(tx, ask))
    if (isRefused(answer)) return answer as Refused<'unknown' | 'consentStands' | 'keyReused'>
    await fleet.reload([ask.body.unitId])
    wake(ask.tenant)
    return answer as wire.Consent
  })
  serve(wire.withdrawConsent, async (ask) => {
    const answer = await carryOut(db, ask.command, ask.now, (tx) => withdrawConsent(tx, ask))
    if (!answer.ok) return answer
    await fleet.reload([ask.body.unitId])
    wake(ask.tenant)
    return answer
  })
  serve(wire.consents, async ({ tenant, reader, params }) => {
    const unit = await kept.unitById(db, tenant, params.id)
    if (!unit || !permits(reader, 'trail.readOwn', unit)) return refused('unknown')
    return db.select(FACE).from(consents).where(eq(consents.unitId, unit.id)).orderBy(desc(consents.givenAt))
  })
}

/** FL17: what was agreed to, in which words, when and by whom; another text is another consent and ends the one before. */
async function giveConsent(
  tx: Tx,
  ask: Ask<typeof wire.giveConsent>,
): Promise<wire.Consent | Refused<'unknown' | 'consentStands'>> {
  const { tenant, reader, body, now } = ask
  const unit = await kept.unitForUpdate(tx, tenant, body.unitId)
  if (!unit || !permits(reader, 'consent.give', unit)) return refused('unknown')
  const [standing] = await tx.select().from(consents).where(isStanding(unit.id))
  if (standing?.textVersion === body.textVersion) return refused('consentStands')
  if (standing) await tx.update(consents).set({ withdrawnAt: now }).where(isStanding(unit.id))
  const consent: wire.Consent = { unitId: unit.id, textVersion: body.textVersion, givenAt: now, withdrawnAt: null }
  await tx.insert(consents).values({ ...consent, id: randomUUID(), tenant, givenBy: reader.userId })
  if (!unit.tracked) await kept.recordUnit(tx, { ...unit, tracked: true }, 'unit:changed', ask)
  return consent
}

async function withdrawConsent(
  tx: Tx,
  ask: Ask<typeof wire.withdrawConsent>,
): Promise<{ ok: true } | Refused<'unknown'>> {
  const { tenant, reader, body, now } = ask
  const unit = await kept.unitForUpdate(tx, tenant, body.unitId)
  if (!unit || !permits(reader, 'consent.give', unit)) return refused('unknown')
  await tx.update(consents).set({ withdrawnAt: now }).where(isStanding(unit.id))
  if (unit.tracked) await kept.recordUnit(tx, { ...unit, tracked: false }, 'unit:changed', ask)
  return { ok: true }
}

const isStanding = (unitId: string) => and(eq(consents.unitId, unitId), isNull(consents.withdrawnAt))
