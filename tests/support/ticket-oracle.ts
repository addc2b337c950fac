import type { SlaTimer, TicketClass } from '#domain/ticket.ts'
import type { NewLogEntry } from '#domain/ticket-step.ts'

const MINUTE = 60_000
/** Written down again on purpose, in minutes: the oracle shares no line with domain/sla.ts. */
const PROMISED: Record<TicketClass, number> = { ordinary: 30, complex: 240, major: 1440 }

/**
 * An independent reading of 5341: lives through a ticket minute by minute and counts, where domain/sla.ts computes moments.
 * Every log row must lie on a whole minute.
 */
export class Stopwatch {
  fired: { timer: SlaTimer; minute: number }[] = []
  minute = 0
  #age = 0
  #worked = 0
  /** The minute at which so many minutes of work were first reached. */
  #reached: number[] = []
  #class: TicketClass | null = null
  #extra = 0
  #paused = false
  #arrivedAt: number | null = null
  #plannedAt: number | null = null
  #endedAt: number | null = null
  #arrivedOrEnded = false
  #lost = false
  #told = new Set<SlaTimer>()

  constructor(reported: NewLogEntry) {
    this.#class = reported.class
    this.minute = reported.at / MINUTE
    this.#reached = [this.minute]
  }

  get #allowed() {
    return PROMISED[this.#class ?? 'ordinary'] + this.#extra
  }

  /** Minutes of work the solve clock stopped at, or null while it runs. */
  get #stopped() {
    return this.#class === 'major' && this.#plannedAt !== null ? this.#plannedAt : this.#endedAt
  }

  hear(entry: NewLogEntry): void {
    switch (entry.kind) {
      case 'triage':
      case 'reclassify': {
        const before = this.#allowed
        this.#class = entry.class
        if (this.#allowed !== before) this.#measuredAnew()
        break
      }
      case 'extend':
        if (this.#worked > this.#allowed) this.#lost = true
        this.#extra += Number(entry.detail?.byMs) / MINUTE
        if (!this.#lost) this.#forget()
        break
      case 'suspend':
        this.#paused = true
        break
      case 'resume':
        this.#paused = false
        break
      case 'arrive':
        this.#arrivedAt ??= this.#age
        this.#arrivedOrEnded = true
        break
      case 'submitPlan':
        this.#plannedAt ??= this.#worked
        break
      case 'resolve':
      case 'cancel':
      case 'notAdmit':
      case 'merge':
        this.#endedAt ??= this.#worked
        this.#arrivedAt ??= this.#age
        this.#arrivedOrEnded = true
        break
      case 'reopen':
        this.#beginAgain()
        break
    }
  }

  #measuredAnew() {
    this.#lost = false
    this.#forget()
  }

  #forget() {
    if (this.#worked < this.#allowed * 0.8) this.#told.delete('solveWarning')
    if (this.#worked < this.#allowed) this.#told.delete('solveBreach')
  }

  #beginAgain() {
    this.#age = 0
    this.#worked = 0
    this.#reached = [this.minute]
    this.#extra = 0
    this.#paused = false
    this.#arrivedAt = null
    this.#plannedAt = null
    this.#endedAt = null
    this.#arrivedOrEnded = false
    this.#lost = false
    this.#told.clear()
  }

  /** What an engine that looks every minute would tell now. */
  look(): void {
    const tell = (timer: SlaTimer) => {
      if (this.#told.has(timer)) return
      this.#told.add(timer)
      this.fired.push({ timer, minute: this.minute })
    }
    if (!this.#arrivedOrEnded) {
      if (this.#age >= 3) tell('arriveWarning')
      if (this.#age >= 5) tell('arriveBreach')
    } else if ((this.#arrivedAt ?? 0) > 5) tell('arriveBreach')
    const stopped = this.#stopped
    if (stopped === null) {
      if (this.#worked >= this.#allowed * 0.8) tell('solveWarning')
      if (this.#lost || this.#worked >= this.#allowed) tell('solveBreach')
    } else if (this.#lost || stopped > this.#allowed) tell('solveBreach')
  }

  passMinute(): void {
    this.minute++
    this.#age++
    if (!this.#paused) this.#reached[++this.#worked] = this.minute
  }

  /** A promise overdue was due when it was due: a pause after that moves it no more. */
  #due(): number {
    return this.#reached[this.#allowed] ?? this.minute + this.#allowed - this.#worked
  }

  /** What the columns must say now. */
  read() {
    const running = this.#stopped === null
    const late = !running && (this.#stopped ?? 0) > this.#allowed
    return {
      arriveDueAt: this.#arrivedOrEnded ? null : (this.minute - this.#age + 5) * MINUTE,
      arriveBreached: this.#told.has('arriveBreach') || (this.#arrivedAt ?? 0) > 5,
      solveDueAt: running && !this.#paused ? this.#due() * MINUTE : null,
      solveBreached: this.#told.has('solveBreach') || this.#lost || late,
      isPaused: running && this.#paused,
    }
  }
}
