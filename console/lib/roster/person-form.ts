import type { ContractMode, HourCycle, Protection } from '#domain/roster/model.ts'
import type { PersonCard } from '#wire/roster-shapes.ts'
import type { BodyOf } from '#wire/route.ts'
import type { keepPerson } from '#wire/routes/roster-setup.ts'

/** A person as typed: hours where the wire has minutes. */
export interface PersonForm {
  clusterIds: string[]
  mode: ContractMode
  cycle: HourCycle
  dayHours: string
  weekHours: string
  monthHours: string
  protections: Protection[]
  /** Kept as it was: the field page's own. */
  availability: BodyOf<typeof keepPerson>['availability']
  takesNights: boolean
  isActive: boolean
}

const hoursOf = (minutes: number | null | undefined): string => (minutes == null ? '' : String(minutes / 60))
const minutesOf = (hours: string): number | null => {
  const value = Number(hours.trim())
  return hours.trim() === '' || !Number.isFinite(value) ? null : Math.round(value * 60)
}

export const personForm = (person: PersonCard | null): PersonForm => ({
  clusterIds: [...(person?.clusterIds ?? [])],
  mode: person?.mode ?? 'standard',
  cycle: person?.cycle ?? 'month',
  dayHours: hoursOf(person?.limits.dayMinutes),
  weekHours: hoursOf(person?.limits.weekMinutes),
  monthHours: hoursOf(person?.limits.monthMinutes),
  protections: (person?.protections ?? []).map((each) => ({ ...each })),
  availability: person?.availability ?? null,
  takesNights: person?.takesNights ?? true,
  isActive: person?.isActive ?? true,
})

export const personBody = (form: PersonForm): BodyOf<typeof keepPerson> => ({
  clusterIds: [...form.clusterIds],
  mode: form.mode,
  cycle: form.mode === 'comprehensive' ? form.cycle : null,
  limits: {
    dayMinutes: minutesOf(form.dayHours),
    weekMinutes: minutesOf(form.weekHours),
    monthMinutes: minutesOf(form.monthHours),
  },
  protections: form.protections.map((each) => ({ ...each })),
  availability: form.availability,
  takesNights: form.takesNights,
  isActive: form.isActive,
})
