import type { CoverPlace } from '#domain/cover.ts'
import { type Instant, MINUTE_MS } from '#domain/instant.ts'
import type { Measured } from '#domain/policy.ts'
import { TRAVEL } from '#domain/travel.ts'
import type { TravelMode, UnitKind } from '#domain/units.ts'
import type { Pace, Paces, RecordedRun, SimCall } from './model.ts'
import { grouped, type Recording } from './record.ts'
import { simulate, type World } from './simulate.ts'
import { measure, quantile } from './stats.ts'

/** The 90th percentile of a standard normal: a spread is read off how far the 90th lies above the median. */
const Z90 = 1.2815515655446004
/** Types with fewer runs are timed as all together. */
const FEWEST_RUNS = 30
const FIRST_KMH = 25
const TURNS = 6
/** A cell of about 500 m is what a demand map can say from a week of calls. */
const CELL_DEG = 0.005

export interface Traits {
  kind: UnitKind
  mode: TravelMode
}

export interface CalibrationAsked {
  withinMs: number
  traitsOf(type: string): Traits
  /** Whether what happened then is learned from. */
  isLearned(at: Instant): boolean
}

/**
 * PY5: reads turnouts from the record, and finds for each type the speed at which "nearest free" rides as long as was really ridden (median), with
 * the scatter that is missing to the recorded 90th percentile. Distances are the simulation's own: nobody recorded where units came from. At
 * last all speeds are moved together, and the scatter that a call's units share is chosen, so that the first on site comes when it really came.
 */
export function calibrated(runs: readonly RecordedRun[], recording: Recording, asked: CalibrationAsked): World {
  const learned = runs.filter(({ reportedAt }) => asked.isLearned(reportedAt))
  const timings = timingsOf(learned, recording.types)
  let world = worldOf(recording, asked, timings, new Map())
  for (let turn = 0; turn < TURNS; turn++) world = worldOf(recording, asked, timings, riddenIn(world, asked))
  return inStepWithFirsts(world, asked)
}

/** Metres of the runs to calls that are learned from, by type. */
function riddenIn(world: World, { isLearned }: CalibrationAsked): Map<string, number[]> {
  const { runs } = simulate(world, 'nearest', null)
  const isIn = world.calls.map(({ at }) => isLearned(at))
  return new Map(
    [...runs].map(([type, own]) => [type, own.filter(({ call }) => isIn[call]).map(({ metres }) => metres)]),
  )
}

const SHARES = [0, 0.3, 0.6, 0.9]
const FIRST_TURNS = 4
const FIRST_SEEDS = [101, 102, 103]

function inStepWithFirsts(world: World, asked: CalibrationAsked): World {
  const actual = measure(actualOf(world, asked), world.withinMs)
  let [best, least] = [world, Number.POSITIVE_INFINITY]
  for (const shared of SHARES) {
    let tried = withPaces(world, (pace) => ({ ...pace, shared }))
    for (let turn = 0; turn <= FIRST_TURNS; turn++) {
      const now = firstsIn(tried, asked)
      const off = Math.hypot(
        now.withinShare - actual.withinShare,
        now.p50Ms / actual.p50Ms - 1,
        now.p90Ms / actual.p90Ms - 1,
      )
      if (off < least) [best, least] = [tried, off]
      // The ride is about half of the response: a response that is too short by a tenth needs rides longer by a fifth.
      const slower = Math.min(1.5, Math.max(0.67, (actual.p50Ms / now.p50Ms) ** 2))
      tried = withPaces(tried, (pace) => ({ ...pace, speedKmh: pace.speedKmh / slower }))
    }
  }
  return best
}

const withPaces = (world: World, change: (pace: Pace) => Pace): World => ({
  ...world,
  paces: new Map([...world.paces].map(([type, pace]) => [type, change(pace)])),
})

const actualOf = ({ calls }: World, { isLearned }: CalibrationAsked) =>
  calls.filter(({ at, actualMs }) => actualMs !== null && isLearned(at)).map(({ actualMs }) => actualMs)

function firstsIn(world: World, { isLearned }: CalibrationAsked): Measured {
  const isIn = world.calls.map(({ at, actualMs }) => actualMs !== null && isLearned(at))
  const all = FIRST_SEEDS.flatMap((seed) => simulate(world, 'nearest', seed).responseMs.filter((_, call) => isIn[call]))
  return measure(all, world.withinMs)
}

/** Turnouts and rides of a type as they were recorded. */
interface Timing {
  turnouts: number[]
  rides: number[]
}

function timingsOf(runs: readonly RecordedRun[], types: readonly string[]): Map<string, Timing> {
  const timing = (own: readonly RecordedRun[]): Timing => ({
    turnouts: own.flatMap(({ sentAt, leftAt }) => (leftAt !== null && leftAt >= sentAt ? [leftAt - sentAt] : [])),
    rides: own.flatMap(({ leftAt, onSiteAt }) =>
      leftAt !== null && onSiteAt !== null && onSiteAt > leftAt ? [onSiteAt - leftAt] : [],
    ),
  })
  const all = timing(runs)
  const byType = grouped(runs, ({ type }) => type)
  return new Map(
    types.map((type) => {
      const own = timing(byType.get(type) ?? [])
      return [type, own.rides.length >= FEWEST_RUNS && own.turnouts.length >= FEWEST_RUNS ? own : all]
    }),
  )
}

function worldOf(
  recording: Recording,
  asked: CalibrationAsked,
  timings: ReadonlyMap<string, Timing>,
  ridden: ReadonlyMap<string, readonly number[]>,
): World {
  const every = [...ridden.values()].flat()
  const paces = new Map(
    recording.types.map((type) => {
      const own = ridden.get(type) ?? []
      return [type, paceOf(timings.get(type) as Timing, own.length >= FEWEST_RUNS ? own : every, asked.traitsOf(type))]
    }),
  )
  const learned = recording.calls.filter(({ at }) => asked.isLearned(at))
  return {
    calls: recording.calls,
    units: recording.units,
    leadTypes: recording.leadTypes,
    paces,
    demand: demandOf(learned),
    withinMs: asked.withinMs,
    ...guardOf(learned, recording, paces, asked.withinMs),
  }
}

function paceOf({ turnouts, rides }: Timing, metres: readonly number[], traits: Traits): Pace {
  const ride = quantile(rides, 0.5) ?? 0
  const way = (quantile(metres, 0.5) ?? 0) * TRAVEL.detour
  const speedKmh = ride > 0 && way > 0 ? (way / ride) * 3_600 : FIRST_KMH
  const spread = scatter(rides) ** 2 - scatter(metres) ** 2
  return {
    ...traits,
    turnoutMs: quantile(turnouts, 0.5) ?? TRAVEL.turnoutMs[traits.kind],
    turnoutSpread: scatter(turnouts),
    speedKmh,
    speedSpread: Math.sqrt(Math.max(0, spread)),
    shared: 0,
  }
}

/** As if the logarithms were normal: ln of the 90th percentile over the median. */
function scatter(values: readonly number[]): number {
  const [p50, p90] = [quantile(values, 0.5) ?? 0, quantile(values, 0.9) ?? 0]
  return p50 > 0 && p90 > p50 ? Math.log(p90 / p50) / Z90 : 0
}

/** Each cell's share of the calls, at the middle of the cell. */
export function demandOf(calls: readonly SimCall[]): CoverPlace[] {
  const cells = grouped(
    calls.map((call) => ({ call, cell: `${Math.floor(call.lat / CELL_DEG)},${Math.floor(call.lng / CELL_DEG)}` })),
    ({ cell }) => cell,
  )
  return [...cells].map(([id, own]) => {
    const [north = 0, east = 0] = id.split(',').map(Number)
    return { id, lng: (east + 0.5) * CELL_DEG, lat: (north + 0.5) * CELL_DEG, households: own.length / calls.length }
  })
}

/** What the cover-aware policies need: what counts as covered, and what leaving everything bare would cost. */
function guardOf(calls: readonly SimCall[], recording: Recording, paces: Paces, withinMs: number) {
  const leads = new Set(recording.leadTypes)
  const needs = calls.flatMap(({ needs }) => needs.filter(({ type }) => leads.has(type)))
  const delay =
    quantile(
      needs.map(({ delayMs }) => delayMs),
      0.5,
    ) ?? 0
  const busy = needs.reduce((sum, { busyMs }) => sum + busyMs, 0) / Math.max(1, needs.length)
  const span = Math.max(1, (calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0))
  const left = Math.max(MINUTE_MS, withinMs - delay)
  // As many calls as come while a unit is away, each delayed by about half of what the promise leaves for the way.
  const lossMs = (calls.length / span) * busy * (left / 2)
  return { coverRules: { withinMs: left, travel: travelOf(recording, paces) }, lossMs }
}

/** The cover knows turnouts by kind and speeds by mode: the medians over the units that lead. */
function travelOf({ units, leadTypes }: Recording, paces: Paces) {
  const leads = units.filter(({ type }) => leadTypes.includes(type)).map(({ type }) => paces.get(type) as Pace)
  const turnoutMs = { ...TRAVEL.turnoutMs }
  const speedKmh = { ...TRAVEL.speedKmh }
  for (const { kind, mode } of leads) {
    turnoutMs[kind] = quantile(
      leads.filter((pace) => pace.kind === kind).map((pace) => pace.turnoutMs),
      0.5,
    ) as number
    speedKmh[mode] = quantile(
      leads.filter((pace) => pace.mode === mode).map((pace) => pace.speedKmh),
      0.5,
    ) as number
  }
  return { turnoutMs, speedKmh, detour: TRAVEL.detour }
}
