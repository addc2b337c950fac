import { Cover, type CoverPlace, type CoverRules } from '#domain/cover.ts'
import { type Instant, MINUTE_MS } from '#domain/instant.ts'
import type { Policy } from '#domain/policy.ts'
import { normal, type Random, seededRandom } from '#domain/random.ts'
import { choose } from './choose.ts'
import { coverUnit, isFree, type Mover, metresBetween, moverOf, rideMs, sendTo, spotAt, turnoutMs } from './fleet.ts'
import type { Need, Pace, Paces, SimCall, SimUnit } from './model.ts'
import { DueQueue } from './queue.ts'
import { restoreCover } from './reposition.ts'

export interface World {
  calls: readonly SimCall[]
  units: readonly SimUnit[]
  paces: Paces
  /** Where calls come from, each with its share of all: what the cover-aware policies guard. */
  demand: readonly CoverPlace[]
  leadTypes: readonly string[]
  coverRules: CoverRules
  /** The promise, from the report on. */
  withinMs: number
  lossMs: number
}

export interface Simulated {
  /** First on site after the report, by call; null when nobody was sent who arrived. */
  responseMs: (number | null)[]
  /** Each run that arrived, in metres as the crow flies, by type. */
  runs: Map<string, { call: number; metres: number }[]>
  moves: number
}

interface Wanted {
  call: number
  need: Need
  noise: Noise
}

/** Standard normal: the call's own, and what each of its units adds. */
interface Noise {
  shared: number
  turnout: number
  ride: number
}

const NO_NOISE: Noise = { shared: 0, turnout: 0, ride: 0 }

type Event = { is: 'wanted'; wanted: Wanted } | { is: 'changed'; mover: Mover } | { is: 'look' }

interface Running {
  world: World
  policy: Policy
  byType: ReadonlyMap<string, Mover[]>
  due: DueQueue<Event>
  /** Wanted by nobody free, by type. */
  waiting: Map<string, Wanted[]>
  cover: Cover | null
  leads: ReadonlySet<string>
  /** Somebody has become free or taken since the last look. */
  hasChanged: boolean
  result: Simulated
}

const LOOK_EVERY_MS = 5 * MINUTE_MS

/** PY2: what would have happened: every recorded call with what was sent to it, the units chosen by the policy. Same seed, same noise for every policy. */
export function simulate(world: World, policy: Policy, seed: number | null): Simulated {
  const running = begin(world, policy)
  plan(running, seed === null ? null : seededRandom(seed, 'pace'))
  for (let next = running.due.pop(); next; next = running.due.pop()) happen(running, next.item, next.at)
  return running.result
}

function begin(world: World, policy: Policy): Running {
  const movers = world.units.map((unit) => moverOf(unit, world.paces.get(unit.type) as Pace))
  const byType = new Map<string, Mover[]>()
  for (const mover of movers) byType.set(mover.unit.type, [...(byType.get(mover.unit.type) ?? []), mover])
  const needsCover = policy === 'cover' || policy === 'reposition'
  return {
    world,
    policy,
    byType,
    due: new DueQueue(),
    waiting: new Map(),
    cover: needsCover ? new Cover(world.demand, world.coverRules) : null,
    leads: new Set(world.leadTypes),
    hasChanged: true,
    result: { responseMs: world.calls.map(() => null), runs: new Map(), moves: 0 },
  }
}

function plan({ world, policy, byType, due }: Running, random: Random | null): void {
  const first = world.calls[0]?.at ?? 0
  const last = world.calls.at(-1)?.at ?? 0
  for (const mover of [...byType.values()].flat())
    for (const at of mover.unit.duty?.flat() ?? [first]) due.push(at, { is: 'changed', mover })
  for (const [call, { at, needs }] of world.calls.entries()) {
    const shared = random ? normal(random) : 0
    for (const need of needs) {
      const noise = random ? { shared, turnout: normal(random), ride: normal(random) } : NO_NOISE
      due.push(at + need.delayMs, { is: 'wanted', wanted: { call, need, noise } })
    }
  }
  if (policy === 'reposition') for (let at = first; at <= last; at += LOOK_EVERY_MS) due.push(at, { is: 'look' })
}

function happen(running: Running, event: Event, at: Instant): void {
  if (event.is === 'wanted') serve(running, event.wanted, at)
  else if (event.is === 'changed') becameFree(running, event.mover, at)
  else look(running, at)
}

/** Nothing new, nothing to do: the last look has made what moves there were. */
function look(running: Running, at: Instant): void {
  if (!running.cover || !running.hasChanged) return
  const moves = restoreCover(running.cover, leadMovers(running), at)
  running.result.moves += moves
  running.hasChanged = moves > 0
}

const leadMovers = ({ byType, leads }: Running) => [...leads].flatMap((type) => byType.get(type) ?? [])

function serve(running: Running, wanted: Wanted, at: Instant): void {
  const { world, policy, cover } = running
  const { type } = wanted.need
  const call = world.calls[wanted.call] as SimCall
  const free = (running.byType.get(type) ?? []).filter((mover) => isFree(mover, at))
  const dueAt = call.at + world.withinMs
  const isLead = running.leads.has(type)
  const mover = choose(free, { policy, at, to: call, dueAt, cover: isLead ? cover : null, lossMs: world.lossMs })
  if (mover) send(running, mover, wanted, at)
  else running.waiting.set(type, [...(running.waiting.get(type) ?? []), wanted])
}

function send(running: Running, mover: Mover, { call, need, noise }: Wanted, at: Instant): void {
  const { world, result } = running
  const { lng, lat, at: reportedAt } = world.calls[call] as SimCall
  const { pace, unit } = mover
  if (need.isCalledOff) {
    mover.busyUntil = at + need.busyMs
    mover.from = spotAt(mover, at)
    mover.stand = mover.from
  } else {
    const metres = metresBetween(spotAt(mover, at), { lng, lat })
    const turnout = turnoutMs(mover, at) * Math.exp(pace.turnoutSpread * noise.turnout)
    const scatter = Math.sqrt(pace.shared) * noise.shared + Math.sqrt(1 - pace.shared) * noise.ride
    const arrivesAt = at + turnout + rideMs(pace, metres) * Math.exp(pace.speedSpread * scatter)
    const before = result.responseMs[call] ?? Number.POSITIVE_INFINITY
    result.responseMs[call] = Math.min(before, arrivesAt - reportedAt)
    result.runs.set(unit.type, result.runs.get(unit.type) ?? [])
    result.runs.get(unit.type)?.push({ call, metres })
    mover.busyUntil = arrivesAt + need.busyMs
    mover.from = { lng, lat }
    mover.stand = mover.from
  }
  mover.standsAt = Number.NEGATIVE_INFINITY
  running.due.push(mover.busyUntil, { is: 'changed', mover })
  noteCover(running, mover, at)
}

/** Free again, on duty or off it: whoever waits for its type comes first, else it goes back to its post. */
function becameFree(running: Running, mover: Mover, at: Instant): void {
  if (isFree(mover, at)) {
    const queue = running.waiting.get(mover.unit.type) ?? []
    const next = queue.shift()
    if (next) {
      send(running, mover, next, at)
      return
    }
    sendTo(mover, { lng: mover.unit.lng, lat: mover.unit.lat }, at)
  }
  noteCover(running, mover, at)
}

function noteCover(running: Running, mover: Mover, at: Instant): void {
  if (!running.cover || !running.leads.has(mover.unit.type)) return
  running.cover.put(coverUnit(mover, at))
  running.hasChanged = true
}
