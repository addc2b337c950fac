import { call, type Refusal } from '#console/lib/api.ts'
import { Asked } from '#console/lib/pages/asked.svelte.ts'
import { localInput } from '#console/lib/pages/local-input.ts'
import { isPositionPossible } from '#console/lib/pages/own-position.svelte.ts'
import { serverTime } from '#console/lib/server-time.svelte.ts'
import { session } from '#console/lib/session.svelte.ts'
import { attempt } from '#console/lib/ui/toasts.svelte.ts'
import type { DutyShift } from '#domain/duty-shift.ts'
import { HOUR_MS } from '#domain/instant.ts'
import { daysFrom } from '#domain/roster/days.ts'
import type { LocalDay } from '#domain/roster/model.ts'
import type { MyDuty } from '#wire/roster-shapes.ts'
import { myDuty } from '#wire/routes/duties.ts'

/** So long before it begins one may say that one is there. */
const EARLY_MS = 2 * HOUR_MS
const PLACE_WITHIN_MS = 6_000
/** What the month list holds at once. */
const DAYS_SEEN = 42

/** The person's own duty, read whole, and acted upon with the truth read again after each act. */
export class OwnDuty {
  readonly unitId: string
  readonly asked: Asked<MyDuty>
  #busy: string | null = $state(null)

  constructor(unitId: string) {
    this.unitId = unitId
    this.asked = new Asked(() => call(myDuty, { query: { from: this.today, to: this.lastDay, team: true } }))
  }

  get answer(): MyDuty | null {
    return this.asked.answer
  }

  get timeZone(): string {
    return session.tenant?.timeZone ?? 'Asia/Shanghai'
  }

  get today(): LocalDay {
    return localInput(serverTime.exact(), this.timeZone).slice(0, 10)
  }

  get lastDay(): LocalDay {
    return daysFrom(this.today, DAYS_SEEN).at(-1) ?? this.today
  }

  /** Questions to cover that still wait for an answer. */
  get offers(): MyDuty['covers'] {
    return (this.answer?.covers ?? []).filter(
      ({ offer }) => offer.status === 'offered' && offer.expiresAt > serverTime.now,
    )
  }

  /** The shift that is on, or else the next one. */
  get current(): DutyShift | null {
    const shifts = this.ownShifts
    const on = shifts.find(({ status }) => status === 'started')
    return (
      on ??
      shifts.find(({ status, endsAt }) => (status === 'confirmed' || status === 'noShow') && endsAt > serverTime.now) ??
      null
    )
  }

  get ownShifts(): DutyShift[] {
    return (this.answer?.shifts ?? [])
      .filter(({ unitId }) => unitId === this.unitId)
      .sort((a, b) => a.startsAt - b.startsAt)
  }

  mayStart({ startsAt, endsAt, status }: DutyShift): boolean {
    const isOpen = status === 'confirmed' || status === 'noShow'
    return isOpen && serverTime.now >= startsAt - EARLY_MS && serverTime.now < endsAt
  }

  /** The act that is on its way, by the name given with it. */
  isBusy(name: string): boolean {
    return this.#busy === name
  }

  read = async (): Promise<void> => this.asked.read()

  async act<T>(name: string, asked: Promise<{ ok: true; answer: T } | Refusal>, done?: string): Promise<T | null> {
    this.#busy = name
    const answer = await attempt(asked, done)
    await this.read()
    this.#busy = null
    return answer
  }
}

/** Where the phone is, once; null where it cannot say. Only asked of those who have consented. */
export function placeNow(): Promise<{ lng: number; lat: number } | null> {
  if (!isPositionPossible()) return Promise.resolve(null)
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lng: coords.longitude, lat: coords.latitude }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PLACE_WITHIN_MS, maximumAge: 30_000 },
    )
  })
}
