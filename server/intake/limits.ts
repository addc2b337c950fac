import { isIPv6 } from 'node:net'
import { type Instant, MINUTE_MS } from '#domain/instant.ts'

/**
 * IN1: how many reports without an account are taken in any ten minutes. A family may share an address and a burst main
 * rings from thirty doors; a machine that floods the queue does not get far. Fire, gas, crime and medical cases are counted
 * apart, so that no flood of other reports keeps one out.
 */
export const REPORT_LIMITS = { windowMs: 10 * MINUTE_MS, byAddress: 5, byCommunity: 30 }

/** Photos of one ticket in all, from its resident and from everybody. */
export const PHOTO_LIMITS = { byResident: 12, inAll: 40 }

export interface ReportLimits {
  /**
   * Counts one report and answers null, or leaves it uncounted and answers how long until one would be taken. The community is
   * null where a report names none.
   */
  take(report: { address: string; communityId: string | null; isEmergency: boolean }, now: Instant): number | null
}

/** In the memory of one process: with several behind a balancer each counts its own share. */
export function reportLimits({ windowMs, byAddress, byCommunity } = REPORT_LIMITS): ReportLimits {
  const taken = new Map<string, Instant[]>()
  const recent = (key: string, now: Instant) => (taken.get(key) ?? []).filter((at) => at > now - windowMs)
  const forget = (now: Instant) => {
    for (const key of taken.keys()) if (recent(key, now).length === 0) taken.delete(key)
  }
  let sweptAt = Number.NEGATIVE_INFINITY
  return {
    take({ address, communityId, isEmergency }, now) {
      if (now - sweptAt > windowMs) {
        forget(now)
        sweptAt = now
      }
      const kind = isEmergency ? 'emergency' : 'ordinary'
      const counts: [string, number][] = [[`${kind} from ${householdOf(address)}`, byAddress]]
      if (communityId !== null) counts.push([`${kind} in ${communityId}`, byCommunity])
      const waits = counts.map(
        ([key, most]) => (recent(key, now).at(-most) ?? Number.NEGATIVE_INFINITY) + windowMs - now,
      )
      const waitMs = Math.max(...waits)
      if (waitMs > 0) return waitMs
      for (const [key] of counts) taken.set(key, [...recent(key, now), now])
      return null
    },
  }
}

/** A household gets a whole /64 of IPv6: counting single addresses there would count nothing. */
function householdOf(address: string): string {
  if (!isIPv6(address) || address.toLowerCase().startsWith('::ffff:')) return address.replace(/^::ffff:/i, '')
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter((group) => group !== '')
  const rest = tail === undefined ? [] : tail.split(':').filter((group) => group !== '')
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...rest]
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
