import { pick, type Random, seededRandom, wholeBetween } from '#domain/random.ts'
import { daysFrom } from '#domain/roster/days.ts'
import type { LocalDay, Roster, RosterEntry, RosterProblem, RosterSlot } from '#domain/roster/model.ts'
import { openScoring, type Scoring } from '#domain/roster/scoring.ts'
import { gapOf, type Run } from '#planning/anytime.ts'

/** What a search has found: never more hard breaks, then never more points, than what it began from. */
export interface RosterAnswer {
  entries: RosterEntry[]
  breaks: number
  points: number
  /** Proven: no roster has fewer points. Penalties are never negative; nothing better is claimed. */
  bound: number
  gap: number
  status: 'optimal' | 'feasible' | 'infeasible' | 'unknown'
  seconds: number
  steps: number
}

export interface RosterNews {
  seconds: number
  steps: number
  breaks: number
  points: number
  /** Only with a roster that is better than the last one told. */
  entries: RosterEntry[] | null
}

export interface RosterSearch extends Omit<Run, 'onProgress'> {
  onNews?(news: RosterNews): void
}

/** One person, one day, and what is done there; null = off duty. */
interface Place {
  personId: string
  day: LocalDay
  slot: RosterSlot | null
}

/** Steps between two looks at the clock. */
const LOOK_EVERY = 64
const NEWS_EVERY_MS = 400
const LONGEST_RUN = 5

/**
 * RH1: moves on a judged roster, each tried by what it does to the score and taken back unless it makes it no worse: a stretch of
 * days given to somebody, a day changed, a day exchanged between two. Seeded; as many steps with the same seed give the same roster.
 */
export function solveRoster(problem: RosterProblem, run: RosterSearch, start: Roster = []): RosterAnswer {
  const begun = begunFrom(problem, start)
  const ground = groundOf(problem, seededRandom(run.seed, 'roster'), begun)
  const scoring = openScoring(problem, begun)
  const begunAt = run.now()
  let { breaks, points } = scoring.score()
  let [steps, told, hasBetter] = [0, 0, true]
  const tell = (now: number) => {
    const seconds = (now - begunAt) / 1_000
    run.onNews?.({ seconds, steps, breaks, points, entries: hasBetter ? scoring.roster() : null })
    told = now
    hasBetter = false
  }
  const isOver = () => {
    if (run.limits.steps !== undefined && steps >= run.limits.steps) return true
    if (steps % LOOK_EVERY !== 0) return false
    const now = run.now()
    if (now - told > NEWS_EVERY_MS) tell(now)
    return now - begunAt > run.limits.seconds * 1_000 || (run.isStopped?.() ?? false)
  }
  while (ground.people.length > 0 && !(breaks === 0 && points === 0) && !isOver()) {
    steps++
    const gain = tried(scoring, ground)
    if (!gain) continue
    if (gain.breaks !== 0 || gain.points !== 0) hasBetter = true
    breaks += gain.breaks
    points += gain.points
  }
  return answerOf(scoring, { steps, seconds: (run.now() - begunAt) / 1_000 })
}

function answerOf(scoring: Scoring, { steps, seconds }: { steps: number; seconds: number }): RosterAnswer {
  const { breaks, points } = scoring.score()
  const status = breaks > 0 ? 'unknown' : points === 0 ? 'optimal' : 'feasible'
  return { entries: scoring.roster(), breaks, points, bound: 0, gap: gapOf(points, 0), status, seconds, steps }
}

/** What is fixed is in it from the first step on, and no move touches it. */
function begunFrom({ people }: RosterProblem, start: Roster): RosterEntry[] {
  const fixed = people.flatMap(({ id, fixed: slots }) => slots.map((slot) => ({ ...slot, personId: id })))
  const taken = new Set(fixed.map(({ personId, day }) => `${personId} ${day}`))
  return [...start.filter(({ personId, day }) => !taken.has(`${personId} ${day}`)), ...fixed]
}

interface Ground {
  random: Random
  days: LocalDay[]
  people: { id: string; slots: Omit<RosterSlot, 'day'>[]; isFixed: ReadonlySet<LocalDay> }[]
  /** What somebody does on a day now. */
  now: Map<string, RosterSlot>
}

function groundOf(problem: RosterProblem, random: Random, begun: Roster): Ground {
  const wanted = problem.clusters.filter(({ demand }) => demand.length > 0).map(({ id }) => id)
  const days = daysFrom(problem.firstDay, problem.days).filter(
    (day) => problem.frozenUntil === null || day > problem.frozenUntil,
  )
  const people = problem.people.map(({ id, clusterIds, fixed }) => ({
    id,
    isFixed: new Set(fixed.map(({ day }) => day)),
    slots: clusterIds
      .filter((clusterId) => wanted.includes(clusterId))
      .flatMap((clusterId) => problem.shifts.map((shift) => ({ shiftId: shift.id, clusterId }))),
  }))
  const now = new Map(begun.map(({ personId, ...slot }) => [keyOf(personId, slot.day), slot]))
  return { random, days, people: days.length === 0 ? [] : people.filter(({ slots }) => slots.length > 0), now }
}

const keyOf = (personId: string, day: LocalDay): string => `${personId} ${day}`

/** Tries a move; what it gained, or null when it has been taken back. */
function tried(scoring: Scoring, ground: Ground): { breaks: number; points: number } | null {
  const places = drawn(ground)
  const undo: Place[] = []
  const gain = { breaks: 0, points: 0 }
  for (const place of places) {
    undo.push({ ...place, slot: ground.now.get(keyOf(place.personId, place.day)) ?? null })
    const change = put(scoring, ground, place)
    gain.breaks += change.breaks
    gain.points += change.points
  }
  if (gain.breaks < 0 || (gain.breaks === 0 && gain.points <= ROUNDING)) return gain
  for (const place of undo.reverse()) put(scoring, ground, place)
  return null
}

/** Points are sums of fractions. */
const ROUNDING = 1e-9

function put(scoring: Scoring, { now }: Ground, { personId, day, slot }: Place) {
  if (slot) now.set(keyOf(personId, day), slot)
  else now.delete(keyOf(personId, day))
  return scoring.change(personId, day, slot)
}

/** The next move: one day, a stretch of days, or one day exchanged between two; none where nothing may be touched. */
function drawn({ random, days, people, now }: Ground): Place[] {
  const person = pick(random, people)
  const first = wholeBetween(random, 0, days.length - 1)
  const kind = random()
  const isFree = ({ isFixed }: Ground['people'][number], day: LocalDay) => !isFixed.has(day)
  if (kind < EXCHANGES) {
    const other = pick(random, people)
    const day = days[first] as LocalDay
    if (other === person || !isFree(person, day) || !isFree(other, day)) return []
    const [mine, theirs] = [person, other].map(({ id }) => now.get(keyOf(id, day)) ?? null)
    return [
      { personId: person.id, day, slot: theirs ?? null },
      { personId: other.id, day, slot: mine ?? null },
    ]
  }
  const length = kind < EXCHANGES + STRETCHES ? wholeBetween(random, 2, LONGEST_RUN) : 1
  const slot = random() < DAYS_OFF ? null : pick(random, person.slots)
  return days
    .slice(first, first + length)
    .filter((day) => isFree(person, day))
    .map((day) => ({ personId: person.id, day, slot: slot && { ...slot, day } }))
}

/** How the moves are mixed. */
const EXCHANGES = 0.25
const STRETCHES = 0.35
const DAYS_OFF = 0.2
