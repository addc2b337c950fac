import type { LngLat } from '#domain/places.ts'
import type { RoutedWay } from '#domain/travel.ts'

/** A dispatcher waits no longer than this for a better estimate (RK9). */
const ROUTER_PATIENCE_MS = 800

/** OSRM's own default limit is 100 places in a table, the ticket included. */
export const ROUTER_MOST = 90

/** The ways from many places to one; null in place of a way that was not found, null instead of all when the router does not answer. */
export type AskRouter = (from: readonly LngLat[], to: LngLat) => Promise<(RoutedWay | null)[] | null>

/**
 * RK9: the table service of an OSRM-compatible router (`ROUTER_URL`, e.g. http://127.0.0.1:5000). Whatever goes wrong with it,
 * time included, is answered with null: an estimate now is worth more than a route later.
 */
export function osrmRouter(url: string, patienceMs = ROUTER_PATIENCE_MS): AskRouter {
  const base = url.replace(/\/+$/, '')
  return async (from, to) => {
    if (from.length === 0) return []
    const places = [...from, to].map(([lng, lat]) => `${lng.toFixed(6)},${lat.toFixed(6)}`).join(';')
    const sources = from.map((_, index) => index).join(';')
    const query = `sources=${sources}&destinations=${from.length}&annotations=duration,distance`
    try {
      const response = await fetch(`${base}/table/v1/driving/${places}?${query}`, {
        signal: AbortSignal.timeout(patienceMs),
      })
      return response.ok ? waysOf(await response.json(), from.length) : null
    } catch {
      return null
    }
  }
}

/** `durations` in seconds and `distances` in metres, one row a source; null where there is no way. */
function waysOf(answer: unknown, count: number): (RoutedWay | null)[] | null {
  if (typeof answer !== 'object' || answer === null) return null
  const { code, durations, distances } = answer as { code?: unknown; durations?: unknown; distances?: unknown }
  if (code !== 'Ok' || !Array.isArray(durations) || !Array.isArray(distances)) return null
  return Array.from({ length: count }, (_, index) => {
    const seconds = durations[index]?.[0]
    const distanceM = distances[index]?.[0]
    return isMeasure(seconds) && isMeasure(distanceM) ? { durationMs: seconds * 1_000, distanceM } : null
  })
}

const isMeasure = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0
