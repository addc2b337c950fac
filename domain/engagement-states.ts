import type { EngagementAlarm } from './alarm.ts'
import type { EngagementStatus } from './engagement.ts'

export const ENGAGEMENT_EVENTS = [
  /** It goes to the provider, with a deadline. */
  'offer',
  'accept',
  'decline',
  /** Nobody has answered in time. */
  'expire',
  'contract',
  'publicise',
  /** The provider has taken over: it serves from now on. */
  'activate',
  /** The first alarm before the end of the term. */
  'nearEnd',
  /** The way to the next firm begins; this one is bound until it ends. */
  'handOver',
  /** The next firm, or the owners, have taken over. */
  'takeOver',
  /** The provider has left before anybody took over (second abandonment). */
  'abandon',
  /** An officer ends it at once, and nobody has taken over. */
  'terminate',
  /** Taken back before it began. */
  'withdraw',
] as const
export type EngagementEvent = (typeof ENGAGEMENT_EVENTS)[number]

type Row = Record<EngagementEvent, EngagementStatus | null>

const REFUSED: Row = {
  offer: null,
  accept: null,
  decline: null,
  expire: null,
  contract: null,
  publicise: null,
  activate: null,
  nearEnd: null,
  handOver: null,
  takeOver: null,
  abandon: null,
  terminate: null,
  withdraw: null,
}

/**
 * EG1: every status × event; null = refused. Total: a missing cell does not compile. Only what was publicised becomes active, and
 * only out of a hand-over does somebody take over: the old firm is bound until then.
 */
export const NEXT_ENGAGEMENT: Readonly<Record<EngagementStatus, Readonly<Row>>> = {
  proposed: { ...REFUSED, offer: 'offered', withdraw: 'ended' },
  offered: { ...REFUSED, accept: 'accepted', decline: 'declined', expire: 'expired', withdraw: 'ended' },
  accepted: { ...REFUSED, contract: 'contracted', withdraw: 'ended' },
  declined: REFUSED,
  expired: REFUSED,
  contracted: { ...REFUSED, publicise: 'publicised', withdraw: 'ended' },
  publicised: { ...REFUSED, activate: 'active', withdraw: 'ended' },
  active: { ...REFUSED, nearEnd: 'expiring', handOver: 'handing_over', abandon: 'ended', terminate: 'ended' },
  // The end of the term does not end it: whoever serves goes on until the community is taken over.
  expiring: { ...REFUSED, handOver: 'handing_over', abandon: 'ended', terminate: 'ended' },
  handing_over: { ...REFUSED, takeOver: 'ended', abandon: 'ended', terminate: 'ended' },
  ended: REFUSED,
}

/** What is written in an engagement's log: its events, and what changes no status. */
export type EngagementLogKind = EngagementEvent | 'propose' | 'mark' | 'prove' | 'warn'

const OF_THE_TERM = ['termEnding', 'termOver', 'milestoneMissed', 'handOverOverdue', 'proofMissed'] as const

/** EG6: alarms about its community that an event makes pointless. */
export const SILENCES: Partial<Record<EngagementLogKind, readonly EngagementAlarm[]>> = {
  accept: ['offerUnanswered', 'candidatesExhausted'],
  withdraw: ['offerUnanswered'],
  handOver: ['termEnding', 'milestoneMissed'],
  takeOver: OF_THE_TERM,
  abandon: OF_THE_TERM,
  terminate: OF_THE_TERM,
}
