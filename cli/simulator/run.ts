import { setTimeout as pause } from 'node:timers/promises'
import { call, type Door } from '#cli/api.ts'
import { type NotDone, notDone } from '#cli/outcome.ts'
import { type ServerTime, serverTime } from '#cli/server-time.ts'
import type { Tenant } from '#domain/places.ts'
import { communities as communitiesRoute } from '#wire/routes/places.ts'
import { type Staff, voiceOf } from './acts.ts'
import { boardOf } from './board.ts'
import { postsOf } from './city.ts'
import { type ControlRoom, controlRoom } from './control-room.ts'
import { type SimulatedFleet, simulatedFleet } from './fleet.ts'
import { PHRASES } from './phrases.ts'
import { type Residents, residentsOf } from './residents.ts'
import { wordsOf } from './words.ts'

export interface Simulation {
  url: string
  tenant: Tenant
  /** API keys of its two accounts. */
  keys: { room: string; phone: string }
  /** User ids of both: what they reported is theirs to work on. */
  ownIds: ReadonlySet<string>
  secrets: ReadonlyMap<string, string>
  seed: number
  maxSockets: number
  /** Called about once a second. */
  onTick(state: SimulationState): void
  signal: AbortSignal
}

export interface SimulationState {
  units: number
  sockets: number
  open: number
  acts: number
  calls: number
}

const STEP_MS = 500
/** A city found in the middle of its day has calls waiting. */
const OPENING_CALLS = 6
const REFRESH_CLOCK_EVERY = 120

/** Moves a city until the signal says to stop; answers why it could not begin, or null at its end. */
export async function simulate(simulation: Simulation): Promise<NotDone | null> {
  const { url, tenant, seed, secrets, signal } = simulation
  const room: Door = { url, tenant: tenant.code, apiKey: simulation.keys.room }
  const time = await serverTime(room)
  if ('ok' in time) return time
  const places = await call(room, communitiesRoute, {})
  if (!places.ok) return notDone(places.why, places.says)
  const points = places.answer.map(({ lng, lat }) => [lng, lat] as const)
  const staff: Staff = {
    room,
    phone: { ...room, apiKey: simulation.keys.phone },
    words: wordsOf(tenant.locale, PHRASES, seed),
  }
  const board = boardOf(room)
  if (!(await board.follow())) return notDone('noServer', `${url} does not answer the simulator`)
  const fleet = simulatedFleet({
    url,
    secrets,
    communities: points,
    seed,
    maxSockets: simulation.maxSockets,
    speed: time.speed,
  })
  const parts: Parts = {
    board,
    fleet,
    staff,
    time,
    residents: residentsOf(tenant, places.answer, postsOf(board.units.values()), seed ^ time.now()),
    desk: controlRoom(board, fleet, voiceOf(staff), simulation.ownIds, seed),
  }
  try {
    await keepMoving(parts, simulation)
  } finally {
    fleet.close()
  }
  return signal.aborted ? null : notDone('noServer', `${url} has gone`)
}

interface Parts {
  board: ReturnType<typeof boardOf>
  fleet: SimulatedFleet
  staff: Staff
  time: ServerTime
  residents: Residents
  desk: ControlRoom
}

async function keepMoving(
  { board, fleet, staff, time, residents, desk }: Parts,
  { onTick, signal }: Simulation,
): Promise<void> {
  const state = { acts: 0, calls: 0 }
  let before = time.now()
  let waiting = Math.max(0, OPENING_CALLS - board.tickets.size)
  for (let step = 0; !signal.aborted; step++) {
    const now = time.now()
    if (step % 2 === 0) await board.follow()
    fleet.seat(board.units.values(), now)
    waiting += residents.callsBetween(before, now)
    before = now
    if (waiting > 0) {
      waiting--
      state.calls++
      void residents.call(staff, now)
    }
    state.acts += desk.tick(now)
    fleet.tick(time.now())
    if (step % REFRESH_CLOCK_EVERY === REFRESH_CLOCK_EVERY - 1) await time.refresh()
    onTick({ ...fleet.counts(), open: board.tickets.size, ...state })
    await pause(STEP_MS, undefined, { signal }).catch(() => undefined)
  }
}
