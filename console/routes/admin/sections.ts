import type { Action } from '#domain/access.ts'

export const SECTIONS = ['units', 'accounts', 'communities', 'readings', 'city'] as const
export type Section = (typeof SECTIONS)[number]

/** What makes a section of use to somebody; the server decides again at every call. */
const NEEDS: Record<Section, Action> = {
  units: 'unit.manage',
  accounts: 'user.read',
  communities: 'unit.manage',
  readings: 'trailReading.read',
  city: 'place.read',
}

export const sectionsFor = (can: (action: Action) => boolean): Section[] =>
  SECTIONS.filter((section) => can(NEEDS[section]))
