/**
 * Numbers of the emergency module (物业应急保障). The city's own measures are not to be had, so each is configuration with a
 * default taken from the Civil Code or from other cities (DOMAIN §2.1), never a constant in the code.
 */
export interface EmergencySettings {
  /** Longest engagement, in months (北京 77, 上海 52: six). */
  termMonths: number
  /** The owners dismiss their firm with so many days' notice; so ends an open-ended contract too (民法典 946, 948). */
  ownersNoticeDays: number
  /** A firm must say that it will not renew so many days before the end (民法典 947). */
  firmNoticeDays: number
  /** The owners should have decided so many months before the end (北京 75). */
  ownersDecisionMonths: number
  /** Refuse that nobody has collected so many hours after a community became unmanaged is alarmed. */
  refuseHours: number
  /** Alarm so many days before the lifts' maintenance ends. */
  liftMaintenanceDays: number
  /** A provider has so many hours to answer an offer. */
  offerHours: number
  /** Alarms so many days before an engagement ends, longest first. */
  alarmDays: number[]
  /** A hand-over takes at most so many days (北京, 青岛). */
  handOverDays: number
  /** A lottery's parties have so many hours to give their hashes, and then so many to give their values. */
  commitHours: number
  revealHours: number
  /** Steps of the owners' vote for a firm of their own, so many days before the end of the term. */
  voteMilestones: { item: string; daysBefore: number }[]
  /** Hour of the city's day at which a daily proof that is still missing is alarmed. */
  proofDueHour: number
  /** Lowest scores (0–100) with which a firm is taken into the pool without a reason. */
  entry: { partyBuilding: number; quality: number }
}

export const EMERGENCY_DEFAULTS: Readonly<EmergencySettings> = {
  termMonths: 6,
  ownersNoticeDays: 60,
  firmNoticeDays: 90,
  ownersDecisionMonths: 6,
  refuseHours: 48,
  liftMaintenanceDays: 30,
  offerHours: 24,
  alarmDays: [60, 30, 7],
  handOverDays: 30,
  commitHours: 24,
  revealHours: 24,
  voteMilestones: [
    { item: 'groupFormed', daysBefore: 120 },
    { item: 'voteHeld', daysBefore: 60 },
    { item: 'firmHired', daysBefore: 30 },
  ],
  proofDueHour: 20,
  entry: { partyBuilding: 60, quality: 60 },
}

/** A city's own numbers over the defaults. */
export const emergencySettings = (own: Partial<EmergencySettings> | undefined): EmergencySettings => ({
  ...EMERGENCY_DEFAULTS,
  ...own,
})
