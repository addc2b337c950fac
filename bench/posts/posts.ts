import { readFileSync } from 'node:fs'
import type { Bench, Line } from '#bench/bench.ts'
import { casesOf } from '#bench/published.ts'
import { parsePmedcap } from '#planning/posts/pmedcap.ts'
import { solvePosts } from '#planning/posts/solve.ts'
import { sharedPath } from '#tests/support/shared.ts'
import { costOfPlan, readPublished } from './check.ts'
import { solvePlainly } from './plain.ts'

const FOLDER = 'location/pmedcap'
const SECONDS = 20
const SEED = 1

/** The published capacitated p-median problems, each to its time limit or its proof, beside HiGHS on the textbook programme. */
export const posts: Bench = {
  about: [
    `../shared/data/${FOLDER}, ${SECONDS} s each on one thread, seed ${SEED}. ours: the product (what \`hongguan solve posts\` runs).`,
    'highs: HiGHS on the textbook programme of the same problem. Objectives are recomputed from the file by a reader of the bench’s own.',
    'aboveBest: objective less best known. A figure that is missing was not reached in time. boundOver: what the claimed bound lies above the best known (a bug if more than 0).',
  ].join('\n'),
  async run(report, say, { cases }) {
    const names = casesOf(FOLDER, cases)
    const at = (name: string, metric: string, value: number, unit: string) =>
      report({ bench: 'posts', case: name, metric, value, unit })
    for (const name of names) {
      say(`${name} …`)
      for (const { metric, value, unit } of await measured(name))
        if (Number.isFinite(value)) at(name, metric, value, unit)
    }
  },
}

type Figure = Pick<Line, 'metric' | 'value' | 'unit'>

async function measured(name: string): Promise<Figure[]> {
  const text = readFileSync(sharedPath(`${FOLDER}/${name}.txt`), 'utf8')
  const published = readPublished(text)
  const parsed = parsePmedcap(text)
  if (!parsed.ok) throw new Error(`${name}, line ${parsed.line}: ${parsed.why}`)
  const ours = await oursOn(parsed.model, published.bestKnown)
  const medians = Array.from(ours.answer.placement?.siteOf ?? [], (site) => site + 1)
  const cost = costOfPlan(published, medians) ?? Number.POSITIVE_INFINITY
  const beganAt = performance.now()
  const plain = await solvePlainly(parsed.model, SECONDS)
  const plainSeconds = (performance.now() - beganAt) / 1_000
  const figure = (metric: string, value: number, unit: string): Figure => ({ metric, value, unit })
  return [
    figure('bestKnown', published.bestKnown, 'distance'),
    figure('objective', cost, 'distance'),
    figure('aboveBest', cost - published.bestKnown, 'distance'),
    figure('bound', ours.answer.bound, 'distance'),
    figure('boundOver', Math.max(0, ours.answer.bound - published.bestKnown), 'distance'),
    figure('proved', ours.answer.status === 'optimal' ? 1 : 0, 'of 1'),
    figure('toBest', ours.toBestS, 's'),
    figure('seconds', ours.seconds, 's'),
    figure('highsObjective', plain.objective ?? Number.POSITIVE_INFINITY, 'distance'),
    figure('highsBound', plain.bound, 'distance'),
    figure('highsSeconds', plainSeconds, 's'),
  ]
}

async function oursOn(model: Parameters<typeof solvePosts>[0], bestKnown: number) {
  const beganAt = performance.now()
  let toBestS = Number.POSITIVE_INFINITY
  const answer = await solvePosts(model, {
    now: () => performance.now(),
    seed: SEED,
    limits: { seconds: SECONDS },
    onProgress: ({ objective, seconds }) => {
      if (objective !== null && objective <= bestKnown) toBestS = Math.min(toBestS, seconds)
    },
  })
  const seconds = (performance.now() - beganAt) / 1_000
  if (answer.placement && answer.placement.cost <= bestKnown) toBestS = Math.min(toBestS, seconds)
  return { answer, seconds, toBestS }
}
