import type { Category } from '#domain/ticket.ts'

/**
 * How often a city calls, and for what: an assumption (DOMAIN §2.4), built on the lift facts of 2016: two rush-hour peaks, a
 * July–August bump of rain and outages, a bump when the heating starts, housing far before everything else.
 */

/** A moment on the city's own calendar and clock. */
export interface LocalMoment {
  /** 1–12. */
  month: number
  day: number
  /** 0–24, with its fraction. */
  hour: number
}

/** Reads moments on the wall clock of one time zone. */
export function wallClock(timeZone: string): (at: number) => LocalMoment {
  const format = new Intl.DateTimeFormat('en-u-hc-h23', {
    timeZone,
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  return (at) => {
    const part = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const of = (type: string) => part.get(type as Intl.DateTimeFormatPartTypes) ?? 0
    return { month: of('month'), day: of('day'), hour: of('hour') + of('minute') / 60 }
  }
}

const bump = (hour: number, at: number, widthH: number) => Math.exp(-(((hour - at) / widthH) ** 2))

const NIGHT = 0.25
const MORNING = { at: 7.8, widthH: 1.2, height: 1.35 }
const EVENING = { at: 18.2, widthH: 1.7, height: 1.5 }
const DAYTIME = { at: 13, widthH: 6, height: 0.75 }

/** Calls at an hour of the day ÷ calls at an average one. */
export function hourFactor(hour: number): number {
  const shape = [MORNING, EVENING, DAYTIME].reduce(
    (sum, { at, widthH, height }) => sum + height * bump(hour, at, widthH),
    NIGHT,
  )
  return shape / MEAN_SHAPE
}

/** Mean of the shape over the day, so that the factors average to one (within a hundredth). */
const MEAN_SHAPE = 0.888

const inHeatingStart = ({ month, day }: LocalMoment) => month === 11 && day <= 15
const inHeatingSeason = ({ month }: LocalMoment) => month >= 11 || month <= 3
const inRains = ({ month }: LocalMoment) => month === 7 || month === 8
export const inRushHour = ({ hour }: LocalMoment) => (hour >= 7 && hour < 9) || (hour >= 17 && hour < 19.5)

const RAIN_FACTOR = 1.4
const HEATING_START_FACTOR = 1.7

export function seasonFactor(at: LocalMoment): number {
  if (inRains(at)) return RAIN_FACTOR
  return inHeatingStart(at) ? HEATING_START_FACTOR : 1
}

/** Calls at a moment ÷ calls at an average one outside the bumps. */
export const demandFactor = (at: LocalMoment): number => hourFactor(at.hour) * seasonFactor(at)

/** Of a thousand calls on an ordinary day. */
const MIX: Readonly<Record<Category, number>> = {
  plumbingElectrical: 190,
  blockedDrain: 115,
  cleaning: 95,
  orderKeeping: 90,
  lighting: 85,
  unlocking: 75,
  waterOutage: 55,
  powerOutage: 45,
  dispute: 45,
  violation: 45,
  lifeService: 45,
  burstPipe: 30,
  liftEntrapment: 25,
  fallingObject: 20,
  other: 30,
  heatOutage: 0,
  gas: 3,
  medical: 4,
  crime: 2,
  fire: 1,
}

/** What calls are about at a moment, as weights. */
export function categoryWeights(at: LocalMoment): Map<Category, number> {
  const weights = new Map(Object.entries(MIX) as [Category, number][])
  const times = (category: Category, factor: number) => weights.set(category, (weights.get(category) ?? 0) * factor)
  if (inRains(at))
    for (const wet of ['burstPipe', 'blockedDrain', 'powerOutage', 'waterOutage'] as const) times(wet, 1.9)
  if (inRains(at)) times('liftEntrapment', 1.6)
  if (inRushHour(at)) times('liftEntrapment', 2)
  if (inHeatingSeason(at)) weights.set('heatOutage', inHeatingStart(at) ? 560 : 70)
  return weights
}
