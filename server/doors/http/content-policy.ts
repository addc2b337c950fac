import { createHash } from 'node:crypto'

const INLINE_SCRIPT = /<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g
const HOST = /^[\w.:[\]-]+$/

/** A page's own inline scripts by their hashes: no other inline script can run. */
function scriptHashes(html: string): string[] {
  return [...html.matchAll(INLINE_SCRIPT)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
}

/**
 * Content-Security-Policy of a page. Everything comes from here, save map tiles from the configured sources. Inline styles are let
 * be: the map moves its layers by them. Sockets are named by host because older browsers do not count them under 'self'.
 */
export function contentPolicy(html: string, host: string, tileOrigins: readonly string[]): string {
  const tiles = tileOrigins.join(' ')
  const sockets = HOST.test(host) ? `ws://${host} wss://${host}` : ''
  return [
    "default-src 'self'",
    `script-src 'self' ${scriptHashes(html).join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${tiles}`,
    "font-src 'self' data:",
    `connect-src 'self' ${sockets} ${tiles}`,
    "worker-src 'self' blob:",
    "media-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ]
    .map((rule) => rule.trim().replaceAll(/ {2,}/g, ' '))
    .join('; ')
}

/** Of the field page's worker, which has its script's policy and not its page's: it asks this server and nobody else. */
export const WORKER_POLICY = "default-src 'none'; connect-src 'self'"

/** https://t{s}.tianditu.gov.cn/… with its sub-domains → the origins a browser will ask. */
export function originsOfTemplate(template: string, subdomains: readonly string[]): string[] {
  const filled = template.includes('{s}')
    ? subdomains.map((subdomain) => template.replaceAll('{s}', subdomain))
    : [template]
  return [
    ...new Set(
      filled
        .map((url) => url.replaceAll(/\{[^}]*\}/g, '0'))
        .filter((url) => URL.canParse(url))
        .map((url) => new URL(url).origin),
    ),
  ]
}
