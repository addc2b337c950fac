import { Type } from 'typebox'
import type { Instant } from '#domain/instant.ts'
import type { EmergencyNumbers, Named } from '#domain/places.ts'
import type { Category, TicketClass, TicketStatus } from '#domain/ticket.ts'
import { route } from '#wire/route.ts'
import { ReportFields } from '#wire/routes/tickets.ts'
import { shape } from '#wire/shapes.ts'

/** What the page `/r/<slug>` needs: no resident, no count, no position. */
export interface CommunityFace {
  tenant: string
  tenantName: Named
  locale: 'zh-CN' | 'en'
  timeZone: string
  slug: string
  name: string
  synthetic: boolean
  emergencyNumbers: EmergencyNumbers
  servedBy: EmergencyService | null
}

/** The emergency provider that looks after a community, and since when: what its residents are told. */
export interface EmergencyService {
  firmName: string
  since: Instant
  until: Instant | null
}

/** A ticket as its reporter sees it: progress, promises and the rating; no worker's name, position or phone. */
export interface ResidentTicket {
  number: number
  tenantName: Named
  locale: 'zh-CN' | 'en'
  timeZone: string
  communityName: string | null
  status: TicketStatus
  category: Category
  class: TicketClass | null
  description: string
  reportedAt: Instant
  placedAt: Instant | null
  acceptedAt: Instant | null
  enRouteAt: Instant | null
  onSiteAt: Instant | null
  planSubmittedAt: Instant | null
  resolvedAt: Instant | null
  closedAt: Instant | null
  arriveDueAt: Instant | null
  solveDueAt: Instant | null
  pausedAt: Instant | null
  /** Rounded up to whole minutes, only while en route. */
  etaMinutes: number | null
  resolution: string | null
  solutionPlan: { steps: string; dueAt: Instant } | null
  reason: string | null
  rating: number | null
  ratingText: string | null
  mayRate: boolean
  emergencyNumbers: EmergencyNumbers
  servedBy: EmergencyService | null
  now: Instant
}

const SlugParams = Type.Object({ slug: Type.String({ minLength: 4, maxLength: 32, pattern: '^[A-Za-z0-9_-]+$' }) })
const TokenParams = Type.Object({ token: Type.String({ minLength: 16, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }) })

export const communityFace = route({
  method: 'GET',
  path: '/api/r/:slug',
  action: 'public',
  summary: 'The community behind a report link',
  params: SlugParams,
  answer: shape<CommunityFace>('CommunityFace'),
})

export const residentReport = route({
  method: 'POST',
  path: '/api/r/:slug/tickets',
  action: 'public',
  summary: 'Report without an account; limited by address and by community. Answers the single-ticket token',
  command: true,
  params: SlugParams,
  body: Type.Object(
    {
      category: ReportFields.category,
      description: Type.String({ minLength: 1, maxLength: 2_000 }),
      address: ReportFields.address,
      requesterName: ReportFields.requesterName,
      requesterPhone: ReportFields.requesterPhone,
      /** The page has shown the emergency number first and the resident went on. */
      emergencyShown: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({ token: Type.String(), number: Type.Integer() }),
})

export const residentTicket = route({
  method: 'GET',
  path: '/api/t/:token',
  action: 'public',
  summary: "A ticket's progress by its link",
  params: TokenParams,
  answer: shape<ResidentTicket>('ResidentTicket'),
})

/** multipart/form-data: one file `photo`. */
export const residentPhoto = route({
  method: 'POST',
  path: '/api/t/:token/photos',
  action: 'public',
  summary: 'Add a photo to an own report',
  params: TokenParams,
  answer: Type.Object({ id: Type.String() }),
})

export const residentRating = route({
  method: 'POST',
  path: '/api/t/:token/rating',
  action: 'public',
  summary: '评单: 1–5 and a text, once a round',
  command: true,
  params: TokenParams,
  body: Type.Object(
    { rating: Type.Integer({ minimum: 1, maximum: 5 }), text: Type.Optional(Type.String({ maxLength: 1_000 })) },
    { additionalProperties: false },
  ),
  answer: shape<ResidentTicket>('ResidentTicket'),
})
