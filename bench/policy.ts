import { runsOfFile } from '#cli/policy/recorded-file.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { Estimate } from '#domain/policy.ts'
import { calibrated } from '#planning/policy/calibrate.ts'
import { comparePolicies } from '#planning/policy/compare.ts'
import { everySecondBlock } from '#planning/policy/learn.ts'
import { recordingOf } from '#planning/policy/record.ts'
import { sharedPath } from '#tests/support/shared.ts'
import type { Bench } from './bench.ts'

const FILE = 'emergency/sffd_calls_2016-12-31_2017-01-07.csv'
const SEEDS = 10

/** The table of policies over eight days of real calls, with the simulation's own error in front. */
export const policy: Bench = {
  about:
    `../shared/data/${FILE}, ${SEEDS} seeds: who would have been on site in five minutes, by the rule that chooses the unit. Judged on every\n` +
    'second block of five hours, learned from the others. case calibration: nearest free against what happened on the judged calls.',
  async run(report, say) {
    const read = await runsOfFile({
      file: sharedPath(FILE),
      map: 'docs/examples/sffd.map.json',
      timeZone: 'America/Los_Angeles',
      unitType: 'Unit Type',
    })
    if (!read.ok) throw new Error(read.says)
    const recording = recordingOf(read.runs)
    const isLearned = everySecondBlock(recording.calls[0]?.at ?? 0)
    const traitsOf = () => ({ kind: 'crew', mode: 'car' }) as const
    say('calibrating …')
    const world = calibrated(read.runs, recording, { withinMs: 5 * MINUTE_MS, isLearned, traitsOf })
    const seeds = Array.from({ length: SEEDS }, (_, n) => n + 1)
    say('simulating …')
    const { calibration, rows } = comparePolicies(world, { seeds, isJudged: (at) => !isLearned(at) })
    const line = (name: string, metric: string, value: number, unit: string) =>
      report({ bench: 'policy', case: name, metric, value, unit })
    line('calibration', 'calls', calibration.n, 'calls')
    line('calibration', 'withinError', 100 * calibration.errors.withinShare, '% points')
    line('calibration', 'p50Error', 100 * calibration.errors.p50, '%')
    line('calibration', 'p90Error', 100 * calibration.errors.p90, '%')
    line('actual', 'within', 100 * calibration.actual.withinShare, '%')
    line('actual', 'p50', calibration.actual.p50Ms / 1_000, 's')
    line('actual', 'p90', calibration.actual.p90Ms / 1_000, 's')
    for (const { policy: name, withinShare, p50Ms, p90Ms, gain, moves } of rows) {
      const both = (metric: string, { mean, plusMinus }: Estimate, scale: number, unit: string) => {
        line(name, metric, mean * scale, unit)
        line(name, `${metric}±`, (plusMinus ?? 0) * scale, unit)
      }
      both('within', withinShare, 100, '%')
      both('p50', p50Ms, 1 / 1_000, 's')
      both('p90', p90Ms, 1 / 1_000, 's')
      both('againstNearest', gain, 100, '% points')
      line(name, 'moves', moves, 'moves')
    }
  },
}
