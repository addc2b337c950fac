import { feed } from '#console/lib/feed/feed.svelte.ts'
import { m } from '#console/lib/paraglide/messages.js'
import { session } from '#console/lib/session.svelte.ts'
import type { Actor } from '#domain/ticket.ts'

/** Ids are long; the first letters tell two desks apart. */
const SHORT = 6

/** Who did it, by role and number; nobody's name. */
export function actorText({ kind, id }: Actor): string {
  if (kind === 'user') {
    if (id !== null && id === session.me?.userId) return session.me.displayName
    return id === null ? m.desk_actor_user() : `${m.desk_actor_user()} ${id.slice(0, SHORT)}`
  }
  if (kind === 'unit') return (id !== null && feed.units.get(id)?.callsign) || m.desk_actor_unit()
  return m[`desk_actor_${kind}`]()
}
