import type { AlarmKind } from '#domain/alarm.ts'

/** What a dispatcher can tell apart by ear: five classes, gravest first. */
export const TONES = ['emergency', 'breach', 'stuck', 'warning', 'news'] as const
export type Tone = (typeof TONES)[number]

export const TONE_OF: Readonly<Record<AlarmKind, Tone>> = {
  emergencyReport: 'emergency',
  arriveBreach: 'breach',
  solveBreach: 'breach',
  offersExhausted: 'stuck',
  ticketReturned: 'stuck',
  arriveWarning: 'warning',
  solveWarning: 'warning',
  newTicket: 'news',
  communityUnmanaged: 'stuck',
  refuseUncollected: 'stuck',
  candidatesExhausted: 'stuck',
  termOver: 'stuck',
  communityAtRisk: 'warning',
  offerUnanswered: 'warning',
  termEnding: 'warning',
  milestoneMissed: 'warning',
  handOverOverdue: 'warning',
  proofMissed: 'warning',
  lotterySourceDue: 'warning',
  liftMaintenanceEnding: 'warning',
  dutyNoShow: 'stuck',
  coverExhausted: 'stuck',
  handOverUnstarted: 'warning',
}

/** One note: hertz, start and length in seconds from the beginning of the tone. */
export interface Note {
  hz: number
  at: number
  length: number
}

/** Told apart by rhythm as well as pitch: a headset in a loud room keeps rhythm better. */
export const NOTES: Readonly<Record<Tone, readonly Note[]>> = {
  emergency: [0, 0.22, 0.44, 0.66].map((at, n) => ({ hz: n % 2 === 0 ? 988 : 740, at, length: 0.2 })),
  breach: [
    { hz: 622, at: 0, length: 0.35 },
    { hz: 466, at: 0.4, length: 0.5 },
  ],
  stuck: [
    { hz: 523, at: 0, length: 0.15 },
    { hz: 523, at: 0.2, length: 0.15 },
    { hz: 392, at: 0.4, length: 0.35 },
  ],
  warning: [
    { hz: 659, at: 0, length: 0.18 },
    { hz: 659, at: 0.3, length: 0.18 },
  ],
  news: [
    { hz: 784, at: 0, length: 0.12 },
    { hz: 1_047, at: 0.13, length: 0.22 },
  ],
}

/** Until one console acknowledges; the graver, the sooner again. */
export const REPEAT_MS: Readonly<Record<Tone, number>> = {
  emergency: 3_000,
  breach: 6_000,
  stuck: 8_000,
  warning: 12_000,
  news: 15_000,
}

/** DK6: of everything that is not acknowledged only the gravest sounds; null = silence. */
export function toneFor(kinds: Iterable<AlarmKind>): Tone | null {
  let gravest: Tone | null = null
  for (const kind of kinds) {
    const tone = TONE_OF[kind]
    if (gravest === null || TONES.indexOf(tone) < TONES.indexOf(gravest)) gravest = tone
  }
  return gravest
}
