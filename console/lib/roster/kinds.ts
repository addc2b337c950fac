import type { ShiftKind } from '#domain/roster/model.ts'

/** How a kind of shift is seen in a cell: light by day, dark by night, striped when it lasts round the clock. */
export type KindLook = 'day' | 'evening' | 'night' | 'long'

const LONG_MINUTES = 16 * 60
const EVENING_MINUTE = 14 * 60

export function lookOf({ isNight, lengthMinutes, startMinute }: ShiftKind): KindLook {
  if (lengthMinutes >= LONG_MINUTES) return 'long'
  if (isNight) return 'night'
  return startMinute >= EVENING_MINUTE ? 'evening' : 'day'
}

/** What of it is working time. */
export const countedMinutes = ({ lengthMinutes, restMinutes }: ShiftKind): number =>
  Math.max(0, lengthMinutes - restMinutes)

/** The kind a pressed key means: its number in the list, or the first whose id begins with the letter. */
export function kindForKey<K extends ShiftKind>(kinds: readonly K[], key: string): K | null {
  if (/^[1-9]$/.test(key)) return kinds[Number(key) - 1] ?? null
  if (!/^[a-z]$/i.test(key)) return null
  return kinds.find(({ id }) => id.toLowerCase().startsWith(key.toLowerCase())) ?? null
}
