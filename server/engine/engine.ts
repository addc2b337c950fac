import type { Db } from '#db/connect.ts'
import type { Instant } from '#domain/instant.ts'
import type { Clock } from '#server/clock.ts'
import type { Duty } from './duty.ts'

/** The longest the engine sleeps: a duty that cannot say when it is next due is never later than this. */
const LONGEST_SLEEP_MS = 500
/** The shortest: what is due but held by another engine must not make this one spin. */
const SHORTEST_SLEEP_MS = 5
/** A duty that never runs dry must let the others have their turn. */
const MOST_TURNS = 1_000

/** Real time, cut out so that tests hold it: calls `fire` after so many real milliseconds unless cancelled. */
export type Delay = (ms: number, fire: () => void) => () => void

const realDelay: Delay = (ms, fire) => {
  const timer = setTimeout(fire, ms)
  return () => clearTimeout(timer)
}

export interface EngineParts {
  db: Db
  clock: Clock
  duties: readonly Duty[]
  onError(duty: string, error: unknown): void
  delay?: Delay
}

export interface Engine {
  /** One round of every duty that is due; what the loop does, and what tests call instead of it. */
  tick(): Promise<void>
  /** Begins the loop. */
  start(): void
  /** Looks again at once, because something was made due sooner. */
  nudge(): void
  /** The end of the last round in which every duty was done (P8): null before the first, and standing still when one fails. */
  beatAt(): Instant | null
  /** Ends the loop and waits for the round under way. */
  stop(): Promise<void>
}

/** EN1: any number of engines may run on one database; a killed one leaves its work to the others. */
export function makeEngine({ db, clock, duties, onError, delay = realDelay }: EngineParts): Engine {
  let beat: Instant | null = null
  let running = false
  let nudged = false
  let wake: (() => void) | null = null
  let underWay: Promise<unknown> = Promise.resolve()
  let looping: Promise<void> = Promise.resolve()
  const round = roundOf({ db, clock, duties, onError })

  const tick = async (): Promise<boolean> => {
    const done = underWay.then(round)
    underWay = done
    const allDone = await done
    if (allDone) beat = clock.now()
    return allDone
  }

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = delay(ms, resolve)
      wake = () => {
        cancel()
        resolve()
      }
    })

  async function loop(): Promise<void> {
    while (running) {
      const allDone = await tick()
      const ms = allDone ? await sleepMs(db, clock, duties, onError) : LONGEST_SLEEP_MS
      if (running && !nudged) await sleep(ms)
      wake = null
      nudged = false
    }
  }

  return {
    tick: async () => void (await tick()),
    start: () => {
      if (running) return
      running = true
      looping = loop()
    },
    nudge: () => {
      nudged = true
      wake?.()
    },
    beatAt: () => beat,
    stop: async () => {
      running = false
      wake?.()
      await looping
      await underWay
    },
  }
}

/** One turn of all duties; answers whether every one of them was done. A failing duty keeps no other from its turn. */
function roundOf({ db, clock, duties, onError }: EngineParts): () => Promise<boolean> {
  const lastRun = new Map<string, Instant>()
  const isResting = ({ name, everyMs }: Duty, now: Instant) => {
    const sinceMs = now - (lastRun.get(name) ?? Number.NEGATIVE_INFINITY)
    return everyMs !== undefined && sinceMs >= 0 && sinceMs < everyMs
  }
  const runDry = async (duty: Duty) => {
    for (let turns = 0; turns < MOST_TURNS; turns++) {
      if ((await duty.run(db, clock.now())) === 0) return
    }
  }
  return async () => {
    let allDone = true
    for (const duty of duties) {
      if (isResting(duty, clock.now())) continue
      lastRun.set(duty.name, clock.now())
      try {
        await runDry(duty)
      } catch (error) {
        allDone = false
        onError(duty.name, error)
      }
    }
    return allDone
  }
}

/** Real milliseconds until the next thing is due; served time passes faster when a replay runs the clock. */
async function sleepMs(
  db: Db,
  clock: Clock,
  duties: readonly Duty[],
  onError: EngineParts['onError'],
): Promise<number> {
  try {
    const now = clock.now()
    const moments = await Promise.all(duties.map((duty) => duty.nextAt?.(db, now) ?? null))
    const next = Math.min(...moments.filter((at) => at !== null))
    return Math.max(SHORTEST_SLEEP_MS, Math.min(LONGEST_SLEEP_MS, (next - now) / clock.speed))
  } catch (error) {
    onError('nextAt', error)
    return LONGEST_SLEEP_MS
  }
}
