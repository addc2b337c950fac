import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ArrivalClaim } from '#domain/arrival.ts'

/**
 * AR4: what the QR at a community's gate says. Derived from the server's secret, so there is nothing to guess and no row to
 * keep; another secret makes every printed code wrong.
 */
export const siteCodeOf = (secret: string, communityId: string): string =>
  createHmac('sha256', secret).update(`site ${communityId}`).digest('base64url').slice(0, 22)

/** A scan may bring the whole address of the QR or the code alone. */
export function checkSiteCode(
  secret: string,
  communityId: string | null,
  said: string | undefined,
): ArrivalClaim['siteCode'] {
  if (said === undefined || said.trim() === '') return 'none'
  if (communityId === null) return 'wrong'
  const expected = Buffer.from(siteCodeOf(secret, communityId))
  const given = Buffer.from(said.trim().split(/[/=#]/).at(-1) ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected) ? 'right' : 'wrong'
}
