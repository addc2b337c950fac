import type { EmergencyNumbers } from '#domain/places.ts'
import type { Category } from '#domain/ticket.ts'

/** Whom to call before anything else. Gas goes to the gas company's own line; everything else is the state's. */
export const EMERGENCY_OF: Partial<Record<Category, keyof EmergencyNumbers>> = {
  fire: 'fire',
  gas: 'gas',
  crime: 'police',
  medical: 'medical',
}

export const emergencyNumber = (category: Category, numbers: EmergencyNumbers): string | null => {
  const kind = EMERGENCY_OF[category]
  return kind ? numbers[kind] : null
}

/** What a resident may pick, emergencies first. The words of the control room (violation, life service) are not theirs. */
export const RESIDENT_CATEGORIES: readonly Category[] = [
  'fire',
  'gas',
  'crime',
  'medical',
  'liftEntrapment',
  'burstPipe',
  'powerOutage',
  'waterOutage',
  'heatOutage',
  'blockedDrain',
  'plumbingElectrical',
  'unlocking',
  'fallingObject',
  'lighting',
  'cleaning',
  'orderKeeping',
  'dispute',
  'other',
]

export const telLink = (number: string): string => `tel:${number.replaceAll(/[^0-9+*#]/g, '').replaceAll('#', '%23')}`
