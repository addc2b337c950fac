import type { EmergencyNumbers } from './places.ts'
import type { Category, Priority, Ticket, WorkField } from './ticket.ts'
import type { Skill } from './units.ts'

/** What a category means until somebody who knows more says otherwise. */
export interface CategoryDefaults {
  priority: Priority
  workField: WorkField
  /** A unit lacking one of these is ranked behind those that have them. */
  skills: readonly Skill[]
  /** Whose number is shown before anything else: life and crime are not ours to answer. */
  emergency: keyof EmergencyNumbers | null
  /** False for bookings: an appointment has a window of its own and no 5341 clock. */
  promised: boolean
}

const inTime = { emergency: null, promised: true } as const

/** TK9: total over the categories. P0 leaves for the emergency numbers; our own people only guide and cordon. */
export const CATEGORY_DEFAULTS: Readonly<Record<Category, CategoryDefaults>> = {
  fire: { priority: 'P0', workField: 'safety', skills: ['generalHelp'], emergency: 'fire', promised: true },
  gas: { priority: 'P0', workField: 'safety', skills: ['generalHelp'], emergency: 'gas', promised: true },
  crime: { priority: 'P0', workField: 'security', skills: ['orderKeeping'], emergency: 'police', promised: true },
  medical: { priority: 'P0', workField: 'emergency', skills: ['generalHelp'], emergency: 'medical', promised: true },
  liftEntrapment: { priority: 'P1', workField: 'emergency', skills: ['liftRescue'], ...inTime },
  burstPipe: { priority: 'P1', workField: 'emergency', skills: ['pipeMaintenance'], ...inTime },
  powerOutage: { priority: 'P1', workField: 'emergency', skills: ['plumbingElectrical'], ...inTime },
  heatOutage: { priority: 'P1', workField: 'livelihood', skills: ['heating'], ...inTime },
  waterOutage: { priority: 'P2', workField: 'livelihood', skills: ['pipeMaintenance'], ...inTime },
  blockedDrain: { priority: 'P2', workField: 'livelihood', skills: ['pipeMaintenance'], ...inTime },
  fallingObject: { priority: 'P2', workField: 'safety', skills: ['fallingObject'], ...inTime },
  plumbingElectrical: { priority: 'P3', workField: 'livelihood', skills: ['plumbingElectrical'], ...inTime },
  unlocking: { priority: 'P3', workField: 'livelihood', skills: ['unlocking'], ...inTime },
  lighting: { priority: 'P3', workField: 'livelihood', skills: ['plumbingElectrical'], ...inTime },
  cleaning: { priority: 'P3', workField: 'civility', skills: ['cleaning'], ...inTime },
  orderKeeping: { priority: 'P3', workField: 'security', skills: ['orderKeeping'], ...inTime },
  violation: { priority: 'P3', workField: 'security', skills: ['orderKeeping'], ...inTime },
  dispute: { priority: 'P3', workField: 'security', skills: ['generalHelp'], ...inTime },
  lifeService: { priority: 'P4', workField: 'livelihood', skills: ['generalHelp'], emergency: null, promised: false },
  other: { priority: 'P3', workField: 'livelihood', skills: ['generalHelp'], ...inTime },
}

/** The number a caller with this category must be shown first, or null. */
export const emergencyNumber = (category: Category, numbers: EmergencyNumbers): string | null => {
  const { emergency } = CATEGORY_DEFAULTS[category]
  return emergency && numbers[emergency]
}

export const isEmergency = (ticket: Pick<Ticket, 'category' | 'priority'>): boolean =>
  ticket.priority === 'P0' || CATEGORY_DEFAULTS[ticket.category].emergency !== null
