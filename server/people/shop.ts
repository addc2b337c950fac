import type { RightsChanged, Shop } from '#server/serving.ts'
import type { Auth } from './auth.ts'

export interface PeopleShop extends Shop {
  auth: Auth
  /** What the sign-in page calls the OIDC provider; null = none. */
  oidcName: string | null
  /** Whether the sign-in page may show accounts that still have the demo's password. */
  isDemo: boolean
  version: string
  rightsChanged: RightsChanged
}
