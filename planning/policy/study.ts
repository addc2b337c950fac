import { HOUR_MS, MINUTE_MS } from '#domain/instant.ts'
import { FEWEST_CALLS, type PolicyAnswer, type PolicyAsked, type PolicyRow } from '#domain/policy.ts'
import type { StudyProgress } from '#domain/study.ts'
import { zoneOffsets } from '#domain/zone.ts'
import { calibrated, type Traits } from './calibrate.ts'
import { type Compared, comparePolicies } from './compare.ts'
import { type HourOf, onDutyByHour, rosterOf } from './hourly.ts'
import { everySecondBlock } from './learn.ts'
import type { RecordedRun } from './model.ts'
import { type Recording, recordingOf } from './record.ts'
import { fleetOf, type Scenario } from './scenario.ts'
import type { World } from './simulate.ts'

export interface PolicyProblem {
  asked: PolicyAsked
  runs: readonly RecordedRun[]
  /** By type of unit. */
  traits: ReadonlyMap<string, Traits>
  timeZone: string
}

export interface PolicyRun {
  now(): number
  isStopped(): boolean
  onNews(progress: StudyProgress, answer: PolicyAnswer): void
}

/** PY8: the own history replayed under every policy asked, with and without the change; stopped, as far as it had come. */
export function studyPolicies({ asked, runs, traits, timeZone }: PolicyProblem, run: PolicyRun): PolicyAnswer {
  const recording = recordingOf(runs)
  const offsetAt = zoneOffsets(timeZone)
  const hourOf: HourOf = (at) => Math.floor((at + offsetAt(at)) / HOUR_MS) % 24
  const empty = emptyAnswer(recording, asked, hourOf)
  if (recording.calls.filter(({ actualMs }) => actualMs !== null).length < FEWEST_CALLS) return empty
  const startedAt = run.now()
  const tell = (phase: string, share: number, answer: PolicyAnswer) =>
    run.onNews({ seconds: (run.now() - startedAt) / 1_000, share, phase, objective: null, bound: null }, answer)
  tell('calibrating', 0, empty)
  const isLearned = everySecondBlock(recording.calls[0]?.at ?? 0)
  const traitsOf = (type: string) => traits.get(type) as Traits
  const world = calibrated(runs, recording, { withinMs: empty.withinMs, isLearned, traitsOf })
  const scenario = scenarioOf(asked, recording, hourOf)
  const parts = scenario ? 2 : 1
  const comparing = (world: World, part: number, answerOf: (soFar: Compared) => PolicyAnswer) =>
    comparePolicies(world, {
      seeds: Array.from({ length: asked.seeds }, (_, n) => n + 1),
      policies: asked.policies,
      isJudged: (at) => !isLearned(at),
      isStopped: () => run.isStopped(),
      onProgress: (done, all, soFar) =>
        tell('simulating', (part + done / all) / parts, soFar ? answerOf(soFar) : answerBefore),
    })
  let answerBefore = empty
  const asItWas = comparing(world, 0, (soFar) => (answerBefore = withRows(empty, soFar, null)))
  answerBefore = withRows(empty, asItWas, null)
  if (!scenario || run.isStopped()) return answerBefore
  const changed = { ...world, units: fleetOf(world.units, scenario) }
  const { rows } = comparing(changed, 1, (soFar) => withRows(empty, asItWas, soFar.rows))
  return withRows(empty, asItWas, rows)
}

const withRows = (
  empty: PolicyAnswer,
  { calibration, rows, seeds }: Compared,
  changed: PolicyRow[] | null,
): PolicyAnswer => ({ ...empty, calibration, rows, seeds, changed })

function emptyAnswer(recording: Recording, asked: PolicyAsked, hourOf: HourOf): PolicyAnswer {
  const { calls, units, types, leadTypes } = recording
  const leads = units.filter(({ type }) => leadTypes.includes(type))
  return {
    withinMs: asked.withinMin * MINUTE_MS,
    calls: calls.length,
    units: units.length,
    types: types.map((type) => ({
      type,
      units: units.filter((unit) => unit.type === type).length,
      isLead: leadTypes.includes(type),
    })),
    onDuty: onDutyByHour(leads, spanOf(recording), hourOf),
    seeds: 0,
    calibration: null,
    rows: [],
    changed: null,
  }
}

const spanOf = ({ calls }: Recording) => [calls[0]?.at ?? 0, (calls.at(-1)?.at ?? 0) + HOUR_MS] as const

function scenarioOf(asked: PolicyAsked, recording: Recording, hourOf: HourOf): Scenario | null {
  const { units, types, leadTypes } = recording
  const usual = leadTypes[0] ?? types[0] ?? ''
  const scenario: Scenario = {}
  if (asked.more.length > 0)
    scenario.more = asked.more.map(({ lng, lat, type }) => ({
      type: type !== null && types.includes(type) ? type : usual,
      at: { lng, lat },
    }))
  if (asked.posts) scenario.posts = { types: leadTypes, at: asked.posts }
  if (asked.onDuty)
    scenario.roster = rosterOf(
      units.filter(({ type }) => leadTypes.includes(type)),
      asked.onDuty,
      spanOf(recording),
      hourOf,
    )
  return Object.keys(scenario).length > 0 ? scenario : null
}
