import { Agent, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Fix } from '#domain/fix.ts'

/** Phones that report the way Traccar Client does: a form by HTTP, no connection of their own. */
export interface Phones {
  report(secret: string, fix: Fix): void
  close(): void
}

/** As many at once as a handful of connections carries; the rest waits its turn. */
const CONNECTIONS = 8
const GIVE_UP_MS = 10_000
const KNOTS_PER_MPS = 3_600 / 1_852

export function openPhones(url: string): Phones {
  const address = new URL('/osmand', url)
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const isPlain = address.protocol === 'http:'
  const send = isPlain ? httpRequest : httpsRequest
  return {
    report: (secret, fix) => {
      const body = formOf(secret, fix)
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
      const sent = send(
        address,
        { method: 'POST', headers, timeout: GIVE_UP_MS, ...(isPlain && { agent }) },
        (response) => response.resume(),
      )
      sent.on('timeout', () => sent.destroy())
      sent.on('error', () => undefined) // the next report says more than a retry of this one
      sent.end(body)
    },
    close: () => agent.destroy(),
  }
}

function formOf(secret: string, fix: Fix): string {
  const form = new URLSearchParams({
    id: secret,
    lat: String(fix.lat),
    lon: String(fix.lng),
    timestamp: String(fix.at),
    accuracy: String(fix.accuracyM ?? -1),
    speed: String(fix.speedMps === null ? -1 : Number((fix.speedMps * KNOTS_PER_MPS).toFixed(2))),
    bearing: String(fix.headingDeg ?? -1),
  })
  return form.toString()
}
