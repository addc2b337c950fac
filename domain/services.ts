/** The least an emergency provider gives a community; each item has its daily proof. */
export const SERVICES = ['basicCleaning', 'orderKeeping', 'liftOperation'] as const
export type Service = (typeof SERVICES)[number]

/** What a provider has only so much of: people by trade, and the yuan a month it can bear to lose. Whole numbers. */
export const RESOURCES = ['cleaners', 'guards', 'liftOperators', 'moneyAtRisk'] as const
export type Resource = (typeof RESOURCES)[number]
export type Amounts = Record<Resource, number>

export const NOTHING: Readonly<Amounts> = { cleaners: 0, guards: 0, liftOperators: 0, moneyAtRisk: 0 }

/** 三档标准: what is promised, lowest first. Not a result (that is a rating band) and not a warning (the yellow light). */
export const SERVICE_TIERS = ['basic', 'improved', 'premium'] as const
export type ServiceTier = (typeof SERVICE_TIERS)[number]

/** 履约评价分档: how well the last period went, best first. */
export const RATING_BANDS = ['excellent', 'good', 'pass', 'fail'] as const
export type RatingBand = (typeof RATING_BANDS)[number]
