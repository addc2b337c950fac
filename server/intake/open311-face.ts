import type { Instant } from '#domain/instant.ts'
import type { Tenant } from '#domain/places.ts'
import type { Category, Ticket } from '#domain/ticket.ts'
import { ENDED } from '#domain/ticket-states.ts'
import type { Open311Request } from '#wire/open311.ts'
import { serviceName } from './open311-services.ts'

/** About ten metres: the place of a lamp, not of a flat. */
const DEGREE_DIGITS = 4

/** IN9: never in the list of the public, whoever reported them, and without text or exact place when asked for by id. */
export const PRIVATE_CATEGORIES: readonly Category[] = ['crime', 'medical', 'dispute']

export interface Public {
  ticket: Ticket
  communityName: string | null
  communitySlug: string | null
}

/** IN8: the fields the protocol publishes, and no other. */
export function open311Face({ ticket, communityName, communitySlug }: Public, tenant: Tenant): Open311Request {
  const isPrivate = PRIVATE_CATEGORIES.includes(ticket.category)
  const round = (degrees: number, digits = isPrivate ? 2 : DEGREE_DIGITS) => Number(degrees.toFixed(digits))
  return {
    service_request_id: ticket.id,
    status: ENDED.includes(ticket.status) ? 'closed' : 'open',
    status_notes: ticket.status,
    service_name: serviceName(ticket.category, tenant),
    service_code: ticket.category,
    description: isPrivate ? '' : withoutNumbers(ticket.description),
    agency_responsible: tenant.locale === 'en' ? tenant.name.en : tenant.name.zh,
    service_notice: null,
    requested_datetime: w3c(ticket.reportedAt),
    updated_datetime: w3c(ticket.updatedAt),
    expected_datetime: ticket.solveDueAt === null ? null : w3c(ticket.solveDueAt),
    address: isPrivate ? '' : (communityName ?? ticket.address),
    address_id: isPrivate ? null : communitySlug,
    zipcode: null,
    lat: round(ticket.lat),
    long: round(ticket.lng),
    media_url: null,
  }
}

/** People write their telephone into the text; seven digits and more are no street number. */
const withoutNumbers = (text: string): string => text.replace(/\d(?:[\s-]?\d){6,}/g, '…')

/** The subset of ISO 8601 that the protocol asks for: to the second, with its zone. */
const w3c = (at: Instant): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z')
