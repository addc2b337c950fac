/** Why nobody was there within the promise; each broken promise has one cause. */
export const BREACH_CAUSES = ['unassigned', 'lateAccept', 'waiting', 'far', 'notRecorded'] as const
export type BreachCause = (typeof BREACH_CAUSES)[number]

/**
 * What of the promise each leg may take: of five minutes two until somebody accepts, half a minute until they leave, the rest on
 * the way (DOMAIN §2.4: with two minutes for triage and acceptance 0.7 km are within reach).
 */
export const LEG_SHARES = { accept: 0.4, depart: 0.1, travel: 0.5 } as const

/** Milliseconds from the beginning of the round; null = not reached, or nobody has written it down. */
export interface Legs {
  promiseMs: number
  acceptMs: number | null
  departMs: number | null
  arriveMs: number | null
}

/**
 * RT17: the leg that ran furthest over its part of a broken promise. Nobody had accepted when it ran out: unassigned. Whoever has
 * not come is judged by that moment, so that the cause does not change while they are waited for.
 */
export function causeOf({ promiseMs, acceptMs, departMs, arriveMs }: Legs): BreachCause {
  if (acceptMs === null && arriveMs !== null) return 'notRecorded'
  if (acceptMs === null || acceptMs > promiseMs) return 'unassigned'
  const until = arriveMs ?? promiseMs
  const late = acceptMs - LEG_SHARES.accept * promiseMs
  const left = departMs !== null && departMs >= acceptMs && departMs <= until ? departMs : null
  // On site without ever having left by any record: the two last legs are one.
  if (left === null && arriveMs !== null)
    return late >= until - acceptMs - (LEG_SHARES.depart + LEG_SHARES.travel) * promiseMs ? 'lateAccept' : 'far'
  const waited = (left ?? until) - acceptMs - LEG_SHARES.depart * promiseMs
  const travelled = until - (left ?? until) - LEG_SHARES.travel * promiseMs
  if (late >= waited && late >= travelled) return 'lateAccept'
  return waited >= travelled ? 'waiting' : 'far'
}
