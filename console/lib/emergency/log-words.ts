import { m } from '#console/lib/paraglide/messages.js'
import type { EmergencySubject } from '#domain/emergency-log.ts'

const texts = m as unknown as Record<string, (() => string) | undefined>

/** What was done, in the language of the page: the subject's own word, else the one that all subjects share. */
export const logWord = (subject: EmergencySubject, kind: string): string =>
  texts[`emergencyLog_${subject}_${kind}`]?.() ?? texts[`emergencyLog_${kind}`]?.() ?? kind
