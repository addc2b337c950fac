/**
 * What the sign at the site says, typed or scanned. A scanned sign may hold a whole address (`…/go?site=CODE`) or the bare
 * code. Spaces are forgiven; null = nothing that could be a code.
 */
export function siteCodeIn(raw: string): string | null {
  const text = raw.trim()
  const inLink = /[?&]site=([A-Za-z0-9_-]{4,64})(?:&|$)/.exec(text)
  if (inLink) return inLink[1] ?? null
  const bare = text.replaceAll(/\s/g, '')
  return /^[A-Za-z0-9_-]{4,64}$/.test(bare) ? bare : null
}
