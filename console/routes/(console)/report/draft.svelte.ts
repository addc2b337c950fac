import type { LngLat } from '#domain/places.ts'
import type { Category, Priority, TicketClass } from '#domain/ticket.ts'

/** A report half typed is kept while the dispatcher looks at something else; it ends with the ticket or when thrown away. */
class Draft {
  category: Category | null = $state(null)
  communityId: string | null = $state(null)
  point: LngLat | null = $state.raw(null)
  address = $state('')
  description = $state('')
  requesterName = $state('')
  requesterPhone = $state('')
  class: TicketClass | '' = $state('')
  priority: Priority | '' = $state('')
  isProactive = $state(false)
  /** The number the caller was handed to. */
  handedOffTo: string | null = $state(null)

  clear(): void {
    this.category = null
    this.communityId = null
    this.point = null
    this.address = ''
    this.description = ''
    this.requesterName = ''
    this.requesterPhone = ''
    this.class = ''
    this.priority = ''
    this.isProactive = false
    this.handedOffTo = null
  }
}

export const draft = new Draft()
