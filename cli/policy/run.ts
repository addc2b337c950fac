import { withDatabase } from '#cli/database.ts'
import { done, type NotDone, notDone, type Outcome } from '#cli/outcome.ts'
import { startProgress } from '#cli/progress.ts'
import { chosenTenant } from '#cli/tenant.ts'
import type { PolicyOptions } from '#cli/verbs/simulate-policy.ts'
import { type Instant, MINUTE_MS } from '#domain/instant.ts'
import { type Estimate, FEWEST_CALLS, POLICIES, type Policy, type PolicyRow } from '#domain/policy.ts'
import { calibrated, type Traits } from '#planning/policy/calibrate.ts'
import { type Compared, comparePolicies } from '#planning/policy/compare.ts'
import { everySecondBlock } from '#planning/policy/learn.ts'
import type { RecordedRun } from '#planning/policy/model.ts'
import { type Recording, recordingOf } from '#planning/policy/record.ts'
import { fleetOf, type Scenario } from '#planning/policy/scenario.ts'
import { ownRuns } from '#server/studies/own-runs.ts'
import { runsOfFile } from './recorded-file.ts'
import { readScenario } from './scenario-files.ts'

interface Source {
  runs: RecordedRun[]
  traitsOf(type: string): Traits
}

export async function simulatePolicies(options: PolicyOptions): Promise<Outcome> {
  const source = await sourceOf(options)
  if ('ok' in source) return source
  const recording = recordingOf(source.runs)
  const reached = recording.calls.filter(({ actualMs }) => actualMs !== null)
  if (reached.length < FEWEST_CALLS)
    return notDone('failed', `only ${reached.length} calls with somebody on site: at least ${FEWEST_CALLS} are needed`)
  const scenario = await readScenario(options, recording)
  if (!scenario.ok) return scenario
  return compared(options, source, recording, scenario.scenario)
}

async function sourceOf(options: PolicyOptions): Promise<Source | NotDone> {
  const { calls, map = '', timezone = '', unitType } = options
  if (calls !== undefined) {
    const read = await runsOfFile({ file: calls, map, timeZone: timezone, unitType })
    return read.ok ? { runs: read.runs, traitsOf: () => ({ kind: 'crew', mode: 'car' }) } : read
  }
  let source: Source | null = null
  const outcome = await withDatabase(async ({ db }) => {
    const chosen = await chosenTenant(db, options.tenant)
    if (!chosen.ok) return chosen
    const { runs, traits } = await ownRuns(db, chosen.tenant.code, 0)
    source = { runs, traitsOf: (type) => traits.get(type) as Traits }
    return done(null)
  })
  return source ?? (outcome as NotDone)
}

function compared(options: PolicyOptions, source: Source, recording: Recording, scenario: Scenario | null): Outcome {
  const withinMs = options.within * MINUTE_MS
  const isLearned = everySecondBlock(recording.calls[0]?.at ?? 0)
  const world = calibrated(source.runs, recording, { withinMs, isLearned, traitsOf: source.traitsOf })
  const seeds = Array.from({ length: options.seeds }, (_, n) => n + 1)
  const policies = new Set<Policy>(['nearest', ...(options.policy ?? POLICIES)])
  const runs = (scenario ? 2 : 1) * policies.size
  const bar = startProgress('simulating', runs * seeds.length)
  let before = 0
  const asked = {
    seeds,
    isJudged: (at: Instant) => !isLearned(at),
    policies: [...policies],
    onProgress: (count: number) => bar.at(before + count),
  }
  const asItWas = comparePolicies(world, asked)
  before = asItWas.rows.length * seeds.length
  const changed = scenario && comparePolicies({ ...world, units: fleetOf(world.units, scenario) }, asked)
  bar.end()
  const json = { withinMs, ...asItWas, ...(changed && { scenario: changed.rows }) }
  return done(json, ...told(asItWas, changed?.rows ?? null))
}

function told({ calibration, rows }: Compared, changed: readonly PolicyRow[] | null): string[] {
  const { actual, simulated, errors, n } = calibration
  return [
    `Calibration on ${n} calls that were not learned from, nearest free against what happened:`,
    `  in time ${percent(simulated.withinShare.mean)} against ${percent(actual.withinShare)} (error ${points(errors.withinShare)}),` +
      ` p50 ${seconds(simulated.p50Ms.mean)} against ${seconds(actual.p50Ms)} (${signed(errors.p50)}),` +
      ` p90 ${seconds(simulated.p90Ms.mean)} against ${seconds(actual.p90Ms)} (${signed(errors.p90)})`,
    '',
    HEAD,
    ...rows.map(lineOf),
    ...(changed ? ['', 'With the change:', HEAD, ...changed.map(lineOf)] : []),
  ]
}

const HEAD = 'policy        in time            p50 s            p90 s            against nearest     moves'

const lineOf = ({ policy, withinShare, p50Ms, p90Ms, gain, moves }: PolicyRow): string =>
  [
    policy.padEnd(11),
    within(withinShare, percent),
    within(p50Ms, bare),
    within(p90Ms, bare),
    within(gain, points),
    Math.round(moves).toString().padStart(6),
  ].join('  ')

const within = ({ mean, plusMinus }: Estimate, say: (value: number) => string) =>
  `${say(mean)} ± ${plusMinus === null ? '–' : say(plusMinus).replace('+', '')}`.padStart(17)
const percent = (share: number) => `${(share * 100).toFixed(2)} %`
const points = (share: number) => `${share < 0 ? '' : '+'}${(share * 100).toFixed(2)} pt`
const signed = (share: number) => `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)} %`
const bare = (ms: number) => (ms / 1_000).toFixed(1)
const seconds = (ms: number) => `${bare(ms)} s`
