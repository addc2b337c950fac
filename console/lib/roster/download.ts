import { readBlob } from '#console/lib/api.ts'
import { m } from '#console/lib/paraglide/messages.js'
import { toasts } from '#console/lib/ui/toasts.svelte.ts'
import type { ParamsOf, QueryOf, Route } from '#wire/route.ts'

/** Saves what a route answers as a file: fetched, so that the tenant is said too. */
export async function download<R extends Route>(
  route: R,
  ask: { params?: ParamsOf<R>; query?: QueryOf<R>; name: string },
): Promise<void> {
  const blob = await readBlob(route, ask.params as ParamsOf<R>, ask.query)
  if (!blob) {
    toasts.refused({ ok: false, why: 'unreachable', fields: [] })
    return
  }
  const url = URL.createObjectURL(blob)
  const link = Object.assign(document.createElement('a'), { href: url, download: ask.name })
  link.click()
  URL.revokeObjectURL(url)
  toasts.done(m.roster_saved({ name: ask.name }))
}
