import type { IncomingHttpHeaders } from 'node:http'

const SAFE = ['GET', 'HEAD', 'OPTIONS']

/**
 * Whether a browser sends this write from a page of another site (CSRF). The rule is that of Go's http.CrossOriginProtection: a
 * known origin may; else what the browser says of the site (`Sec-Fetch-Site`); else the origin must be our own host; a request
 * with neither header comes from no browser.
 */
export function isForeignWrite(
  method: string,
  headers: IncomingHttpHeaders,
  host: string,
  allowedOrigins: readonly string[],
): boolean {
  if (SAFE.includes(method)) return false
  const { origin } = headers
  if (origin !== undefined && allowedOrigins.includes(origin)) return false
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return origin !== undefined && !isOfHost(origin, host)
}

/** For sockets, which no browser protects: the page must be ours. Programs other than browsers send no origin. */
export function isForeignSocket(headers: IncomingHttpHeaders, allowedOrigins: readonly string[]): boolean {
  const { origin, host = '' } = headers
  return origin !== undefined && !allowedOrigins.includes(origin) && !isOfHost(origin, host)
}

/** Compared as addresses: `localhost:80` is the host of http://localhost. */
function isOfHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const page = new URL(origin)
  const own = `${page.protocol}//${host}`
  return URL.canParse(own) && new URL(own).host === page.host
}
