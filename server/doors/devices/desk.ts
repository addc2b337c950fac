import type { Fix } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'
import type { FixVerdict } from '#domain/judge.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { DeviceCounters } from './counters.ts'
import type { DeviceLimits } from './limits.ts'

export interface Device {
  ok: true
  id: string
  unitId: string
}

/** What stands behind the doors of devices; app.ts says who does it. */
export interface DeviceDesk {
  /** From memory alone: null = not known yet, ask. */
  known(secret: string, now: Instant): Device | null
  identify(secret: string, now: Instant): Promise<Device | Refused<'unknownDevice' | 'revokedDevice'>>
  take(unitId: string, fixes: readonly Fix[], now: Instant): { verdicts: FixVerdict[]; kept: Promise<boolean> }
  onRevoked(tell: (deviceId: string) => void): void
}

export interface Reception {
  desk: DeviceDesk
  limits: DeviceLimits
  counters: DeviceCounters
}

export type Received =
  | { ok: true; verdicts: FixVerdict[]; kept: Promise<boolean> }
  | { ok: false; why: 'tooMany'; retryAfterMs: number }

/** The one way in for the fixes of every device door: limit, judge, count. */
export function receive(at: Reception, device: Device, fixes: readonly Fix[], now: Instant): Received {
  const retryAfterMs = at.limits.spend(device.id, fixes.length, now)
  if (retryAfterMs > 0) {
    at.counters.refused('tooMany')
    return { ok: false, why: 'tooMany', retryAfterMs }
  }
  const taken = at.desk.take(device.unitId, fixes, now)
  at.counters.judged(fixes, taken.verdicts)
  return { ok: true, ...taken }
}

/**
 * DV1: whose secret it is. An address that has tried too many secrets nobody has may try no more of them; devices that are
 * known are served from there all the same, for a whole town may sit behind one address.
 */
export async function deviceOf(
  at: Reception,
  secret: string | null,
  address: string,
  now: Instant,
): Promise<Device | Refused<'unknownDevice' | 'revokedDevice' | 'tooMany'>> {
  const known = secret === null ? null : at.desk.known(secret, now)
  if (known) return known
  if (!at.limits.mayTry(address, now)) return counted(at, refused('tooMany'))
  const device = secret === null ? refused('unknownDevice' as const) : await at.desk.identify(secret, now)
  if (device.ok) return device
  at.limits.missed(address, now)
  return counted(at, device)
}

function counted<R extends Refused<string>>(at: Reception, refusal: R): R {
  at.counters.refused(refusal.why)
  return refusal
}
