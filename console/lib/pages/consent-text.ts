import { m } from '#console/lib/paraglide/messages.js'

/** Recorded with every consent. A changed word below is another text: give it another version, and everybody is asked anew. */
export const CONSENT_TEXT_VERSION = '2026-1'

export const consentLines = () => [
  m.go_consent_what(),
  m.go_consent_why(),
  m.go_consent_when(),
  m.go_consent_keep(),
  m.go_consent_who(),
  m.go_consent_stop(),
]
