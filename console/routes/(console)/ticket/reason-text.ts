import { countdown, span } from '#console/lib/format.ts'
import { m } from '#console/lib/paraglide/messages.js'
import { words } from '#console/lib/words.ts'
import type { Instant } from '#domain/instant.ts'
import { RANK_REASONS, type RankReason, type RankReasonCode } from '#domain/rank.ts'
import type { Skill } from '#domain/units.ts'

/** What speaks against a unit: shown with a sign before it, not only in another colour. */
export const AGAINST: ReadonlySet<string> = new Set<RankReasonCode>([
  'offDuty',
  'offeredAlready',
  'onThisTicket',
  'skillMissing',
  'busy',
  'declinedBefore',
  'expiredBefore',
  'returnedBefore',
  'offeredElsewhere',
  'ghostAtPost',
  'staleSince',
  'arrivesLate',
])

const isCode = (code: string): code is RankReasonCode => (RANK_REASONS as readonly string[]).includes(code)

/** Why a unit stands where it stands, in words. A code this console does not know yet is shown as it is. */
export function reasonText({ code, value }: RankReason, now: Instant): string {
  if (!isCode(code)) return value === null ? code : `${code} ${value}`
  return m[`desk_why_${code}`]({ value: valueText(code, value, now) })
}

function valueText(code: RankReasonCode, value: RankReason['value'], now: Instant): string {
  if (value === null) return ''
  if (code === 'skillMatched' || code === 'skillMissing') return words.skill(value as Skill)
  if (code === 'staleSince') return span(now - Number(value))
  if (code === 'arrivesLate' || code === 'arrivesInTime') return countdown(Number(value))
  return String(value)
}
