import { locale } from '#console/lib/locale.svelte.ts'
import type { Instant } from '#domain/instant.ts'

/** 2026/11/24, in the city's time zone. */
export const dayOf = (at: Instant, timeZone: string): string =>
  new Intl.DateTimeFormat(locale.current, { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

/** 11/24 14:05, in the city's time zone: for people who do not read seconds. */
export const dayAndMinute = (at: Instant, timeZone: string): string =>
  new Intl.DateTimeFormat(locale.current, {
    timeZone,
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
