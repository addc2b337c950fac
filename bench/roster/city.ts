import type { Line } from '#bench/bench.ts'
import { between, chance, pick, seededRandom, shuffled, wholeBetween } from '#domain/random.ts'
import type { DutyCluster, RosterPerson, RosterProblem, ShiftKind } from '#domain/roster/model.ts'
import { DEFAULT_ROSTER_RULES } from '#domain/roster/rules.ts'
import type { Skill } from '#domain/units.ts'
import { solveRoster } from '#planning/roster/solve.ts'
import { faultsOf } from './city-check.ts'

const SKILLS: readonly Skill[] = ['plumbingElectrical', 'pipeMaintenance', 'unlocking']
const CLUSTERS = 112
const PEOPLE = 1_000
const DAYS = 28
const WEEK_MINUTES = 40 * 60
/** A third has one skill, the rest two or all three. */
const SHARE_OF_SEVERAL = 2 / 3
/** Floaters serve the clusters next to their own too. */
const SHARE_OF_FLOATERS = 0.3
const SECONDS = 55

const shift = (id: string, startMinute: number): ShiftKind => ({
  id,
  name: id,
  startMinute,
  lengthMinutes: 8 * 60,
  restMinutes: 0,
  isNight: startMinute === 0,
})

/** A made-up city: each skill on duty round the clock in each cluster, by two people at a time at most, each of forty hours a week. */
export function cityProblem(seed: number): RosterProblem {
  const random = seededRandom(seed, 'roster city')
  const clusters = Array.from({ length: CLUSTERS }, (_, n): DutyCluster => {
    const [row, column] = [Math.floor(n / 14), n % 14]
    return {
      id: `c${n}`,
      name: `c${n}`,
      lng: 123.2 + column * 0.04,
      lat: 41.6 + row * 0.04,
      demand: SKILLS.map((skill) => ({ skill, week: new Array(168).fill(1), days: {}, slack: null })),
      mostAtOnce: 2,
      reliefs: 0,
      handoverMinutes: 0,
    }
  })
  const people = Array.from({ length: PEOPLE }, (_, n): RosterPerson => {
    const own = n % CLUSTERS
    const skills = shuffled(random, SKILLS).slice(0, chance(random, SHARE_OF_SEVERAL) ? wholeBetween(random, 2, 3) : 1)
    const next = chance(random, SHARE_OF_FLOATERS) ? [(own + 1) % CLUSTERS, (own + CLUSTERS - 1) % CLUSTERS] : []
    return person(`p${n}`, skills, [own, ...next], {
      lng: (clusters[own]?.lng ?? 0) + between(random, -0.03, 0.03),
      lat: (clusters[own]?.lat ?? 0) + between(random, -0.03, 0.03),
      wish: chance(random, 0.5) ? pick(random, [...Array(DAYS).keys()]) : null,
    })
  })
  return {
    timeZone: 'Asia/Shanghai',
    firstDay: '2026-03-02',
    days: DAYS,
    holidays: [],
    shifts: [shift('N', 0), shift('E', 8 * 60), shift('L', 16 * 60)],
    clusters,
    people,
    rules: DEFAULT_ROSTER_RULES,
    overrides: [],
    published: null,
    frozenUntil: null,
  }
}

function person(
  id: string,
  skills: Skill[],
  clusters: readonly number[],
  { lng, lat, wish }: { lng: number; lat: number; wish: number | null },
): RosterPerson {
  return {
    id,
    callsign: id,
    skills,
    home: { lng, lat },
    clusterIds: clusters.map((n) => `c${n}`),
    mode: 'standard',
    cycle: null,
    limits: { dayMinutes: null, weekMinutes: WEEK_MINUTES, monthMinutes: null },
    protections: [],
    leave: [],
    available: null,
    takesNights: true,
    wishes:
      wish === null
        ? []
        : [{ day: `2026-03-${String(wish + 2).padStart(2, '0')}`, wants: 'off', shiftId: null, weight: 1 }],
    fixed: [],
    history: {
      recent: [],
      nights: 0,
      weekends: 0,
      holidays: 0,
      monthMinutes: 0,
      cycleMinutes: 0,
      monthOvertimeMinutes: 0,
    },
  }
}

type Figure = Pick<Line, 'metric' | 'value' | 'unit'>

/** The city, solved once and judged by a reader of the bench's own. */
export async function measuredCity(seed: number): Promise<Figure[]> {
  const problem = cityProblem(seed)
  const beganAt = performance.now()
  const answer = await solveRoster(problem, { now: () => performance.now(), seed, limits: { seconds: SECONDS } })
  const seconds = (performance.now() - beganAt) / 1_000
  const { breaks, coveredHours } = faultsOf(problem, answer.entries)
  if (Math.abs(coveredHours - answer.coveredHours) > 1e-6)
    throw new Error(`it says ${answer.coveredHours} h are covered, its roster covers ${coveredHours}`)
  const figure = (metric: string, value: number, unit: string): Figure => ({ metric, value, unit })
  return [
    figure('breaks', breaks.length, 'hard rules'),
    figure('covered', (100 * coveredHours) / answer.demandHours, '% of the hours'),
    figure('coveredBound', (100 * answer.coveredHoursBound) / answer.demandHours, '% of the hours'),
    figure('coverGap', (100 * (answer.coveredHoursBound - coveredHours)) / answer.coveredHoursBound, '%'),
    figure('pointsGap', 100 * answer.gap, '%'),
    figure('city.seconds', seconds, 's'),
  ]
}
