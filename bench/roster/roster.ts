import { readFileSync } from 'node:fs'
import type { Bench, Line } from '#bench/bench.ts'
import { casesOf } from '#bench/published.ts'
import type { Roster, RosterModel } from '#planning/roster/core/model.ts'
import { readShiftScheduling } from '#planning/roster/core/shift-scheduling.ts'
import { solveRoster } from '#planning/roster/core/solve.ts'
import { sharedPath } from '#tests/support/shared.ts'
import { judgeAgainst } from './check.ts'
import { measuredCity } from './city.ts'
import { solvePlainly } from './plain.ts'

const FOLDER = 'rostering/curtois_qu'
const SEEDS = [1, 2, 3]
/** How long each may take: given with the aims, known to the bench alone. */
const SECONDS: Record<string, number> = {
  Instance1: 20,
  Instance3: 20,
  Instance5: 60,
  Instance8: 60,
  Instance11: 120,
  Instance14: 120,
  Instance16: 300,
  Instance20: 300,
}

/** The published shift scheduling problems, beside plain HiGHS on the same compact programme and seconds, one thread each. */
export const roster: Bench = {
  about: [
    `../shared/data/${FOLDER}, one thread, the median of seeds ${SEEDS.join(', ')}; 20 to 300 s each.`,
    'ours: what `hongguan solve roster` runs; highs: HiGHS on the compact programme of Curtois and Qu. Every roster is judged again by a',
    'reader of the bench’s own. gap: above the best known penalty. proved: 1 = every seed ended with a proof. boundOver: what the highest',
    'claimed bound lies above the best known (more than 0 is a bug). Cases are named like the files.',
    'city: 1,000 made-up people and 112 clusters for 28 days, under 60 s; covered hours beside the most that hours and skills allow.',
  ].join('\n'),
  async run(report, say, { cases }) {
    const isAsked = cases.length === 0 || cases.includes(CITY)
    if (isAsked) {
      say(CITY)
      for (const figure of await measuredCity(CITY_SEED)) report({ bench: 'roster', case: CITY, ...figure })
    }
    const files = cases.filter((name) => name !== CITY)
    if (isAsked && cases.length > 0 && files.length === 0) return
    const known = bestKnown()
    for (const name of casesOf(FOLDER, files).toSorted((a, b) => numberOf(a) - numberOf(b))) {
      const text = readFileSync(sharedPath(`${FOLDER}/${name}.txt`), 'utf8')
      const read = readShiftScheduling(text)
      if (!read.ok) throw new Error(`${name}: ${read.why}`)
      const seconds = SECONDS[name] ?? 60
      say(`${name}, ${(SEEDS.length + 1) * seconds} s at most`)
      for (const figure of await measured({ text, model: read.model, seconds, best: known.get(name) as number }))
        if (Number.isFinite(figure.value)) report({ bench: 'roster', case: name, ...figure })
    }
  },
}

const CITY = 'city'
const CITY_SEED = 1

const numberOf = (name: string): number => Number(name.replace(/\D/g, ''))

function bestKnown(): Map<string, number> {
  const [, ...rows] = readFileSync(sharedPath(`${FOLDER}/best_known.csv`), 'utf8')
    .trim()
    .split(/\r?\n/)
  return new Map(rows.map((row) => row.split(',')).map((fields) => [fields[0] as string, Number(fields.at(-1))]))
}

interface Case {
  text: string
  model: RosterModel
  seconds: number
  best: number
}

type Figure = Pick<Line, 'metric' | 'value' | 'unit'>

async function measured({ text, model, seconds, best }: Case): Promise<Figure[]> {
  const runs = []
  for (const seed of SEEDS) runs.push(await ourRun(text, model, seed, seconds))
  const beganAt = performance.now()
  const plain = await solvePlainly(model, seconds)
  const plainSeconds = (performance.now() - beganAt) / 1_000
  const plainPenalty = penaltyOf(text, model, plain.roster)
  const gapOf = (penalty: number) => (100 * (penalty - best)) / best
  const ours = median(runs.map(({ penalty }) => penalty))
  const figure = (metric: string, value: number, unit: string): Figure => ({ metric, value, unit })
  return [
    figure('ours.gap', gapOf(ours), '%'),
    figure('highs.gap', gapOf(plainPenalty), '%'),
    figure('ours.penalty', ours, 'penalty'),
    figure('ours.worst', Math.max(...runs.map(({ penalty }) => penalty)), 'penalty'),
    figure('highs.penalty', plainPenalty, 'penalty'),
    figure('best', best, 'penalty'),
    figure('ours.bound', median(runs.map(({ bound }) => bound)), 'penalty'),
    figure('highs.bound', plain.bound, 'penalty'),
    figure('ours.proved', runs.every(({ status }) => status === 'optimal') ? 1 : 0, '1 = yes'),
    figure('highs.proved', plain.status === 'optimal' ? 1 : 0, '1 = yes'),
    figure('ours.seconds', median(runs.map((run) => run.seconds)), 's'),
    figure('highs.seconds', plainSeconds, 's'),
    figure('boundOver', Math.max(0, ...runs.map(({ bound }) => bound - best)), 'penalty'),
  ]
}

async function ourRun(text: string, model: RosterModel, seed: number, seconds: number) {
  const beganAt = performance.now()
  const answer = await solveRoster(model, { now: () => performance.now(), seed, limits: { seconds } })
  const used = (performance.now() - beganAt) / 1_000
  const penalty = penaltyOf(text, model, answer.roster)
  if (answer.roster && penalty !== answer.objective)
    throw new Error(`it says ${answer.objective}, its roster costs ${penalty}`)
  return { penalty, bound: answer.bound, status: answer.status, seconds: used }
}

/** As the bench's own judge counts it; a roster that breaks a rule ends the bench. */
function penaltyOf(text: string, { days }: RosterModel, found: Roster | null): number {
  if (!found) return Number.POSITIVE_INFINITY
  const { breaks, penalty } = judgeAgainst(text, (person, day) => found[person * days + day] as number)
  if (breaks.length > 0) throw new Error(`rules are broken: ${breaks.join('; ')}`)
  return penalty
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
