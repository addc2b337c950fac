import { feed } from '#console/lib/feed/feed.svelte.ts'
import { m } from '#console/lib/paraglide/messages.js'
import type { Actor } from '#domain/ticket.ts'

/** Who did it, by role and number; nobody's name. */
export function actorText({ kind, id }: Actor, nameOf: (userId: string) => string | null): string {
  if (kind === 'user') return (id !== null && nameOf(id)) || m.desk_actor_user()
  if (kind === 'unit') return (id !== null && feed.units.get(id)?.callsign) || m.desk_actor_unit()
  return m[`desk_actor_${kind}`]()
}
