import type { LngLat } from '#domain/places.ts'
import type { Category, Priority, TicketClass } from '#domain/ticket.ts'
import type { BodyOf } from '#wire/route.ts'
import type { reportTicket } from '#wire/routes/tickets.ts'

interface Written {
  communityId: string | null
  point: LngLat | null
  address: string
  description: string
  requesterName: string
  requesterPhone: string
  class: TicketClass | ''
  priority: Priority | ''
  isProactive: boolean
  handedOffTo: string | null
}

/** What has been filled in, and nothing that was left empty. */
export function reportBody(written: Written, category: Category): BodyOf<typeof reportTicket> {
  const { communityId, point, handedOffTo } = written
  const text = (value: string) => value.trim()
  return {
    category,
    description: text(written.description),
    origin: written.isProactive ? 'proactive' : 'complaint',
    ...(communityId && { communityId }),
    ...(point && { lng: point[0], lat: point[1] }),
    ...(text(written.address) && { address: text(written.address) }),
    ...(text(written.requesterName) && { requesterName: text(written.requesterName) }),
    ...(text(written.requesterPhone) && { requesterPhone: text(written.requesterPhone) }),
    ...(written.class && { class: written.class }),
    ...(written.priority && { priority: written.priority }),
    ...(handedOffTo && { handedOffTo }),
  }
}
