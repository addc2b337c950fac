import { pick, seededRandom, shuffled } from '#domain/random.ts'
import type { Roster, RosterEntry, RosterProblem } from '#domain/roster/model.ts'
import { kindOf } from '#domain/roster/rules.ts'
import { scoreRoster } from '#domain/roster/score.ts'
import { gapOf, type Run, type SolveStatus } from '#planning/anytime.ts'
import { planOne } from './best-for-one.ts'
import { type Board, entriesOf, type Member, openBoard, type Toll } from './board.ts'
import { type CoverBound, coverBound } from './bound.ts'
import { type Choices, choicesOf } from './choices.ts'
import { exactly } from './exact.ts'
import { exchange } from './moves/exchange.ts'
import { giveAway } from './moves/give-away.ts'
import { tryMove } from './moves/move.ts'
import { oneDay } from './moves/one-day.ts'
import { type Pace, paceOf } from './pace.ts'
import { replan } from './replan.ts'
import type { RosterNews, Search } from './search.ts'
import { replanWindow } from './window.ts'

/** What a search has found: never more hard breaks, then never more points, than what it began from. */
export interface RosterAnswer {
  entries: RosterEntry[]
  breaks: number
  points: number
  /** Proven: no roster without a break has fewer points. */
  bound: number
  gap: number
  status: SolveStatus
  seconds: number
  steps: number
  demandHours: number
  coveredHours: number
  /** Proven: no roster covers more. */
  coveredHoursBound: number
}

export interface RosterSearch extends Omit<Run, 'onProgress'> {
  onNews?(news: RosterNews): void
}

/**
 * RH1: from the start given or from nothing, everybody's days are planned one after another as best they fit, then anew in small
 * groups, by exact programmes over windows and by single moves, on one board: clusters side by side, floaters where they help most.
 * Whatever makes it worse is taken back. As many steps with the same seed give the same roster. Nothing is written.
 */
export async function solveRoster(
  problem: RosterProblem,
  run: RosterSearch,
  start: Roster = [],
): Promise<RosterAnswer> {
  const pace = paceOf(run)
  const board = openBoard(problem, start)
  const cover = await coverBound(board)
  const search = searchOf(board, run, pace, leastPoints(problem, cover))
  search.tell('bound')
  const isProved = await exactly(search)
  if (!isProved) {
    construct(search)
    await improve(search)
  }
  return answerOf(search, cover, isProved)
}

/** What is missing in every roster costs in every roster. */
function leastPoints({ rules }: RosterProblem, { demandHours, coverHours }: CoverBound): number {
  return kindOf(rules, 'coverUnder') === 'soft' ? rules.settings.coverUnder.weight * (demandHours - coverHours) : 0
}

const NEWS_EVERY_S = 0.4

function searchOf(board: Board, { seed, onNews }: RosterSearch, pace: Pace, least: number): Search {
  const known = new Map<Member, Choices>()
  const choices = (member: Member): Choices => {
    const made = known.get(member) ?? choicesOf(board, member)
    known.set(member, made)
    return made
  }
  let [told, best] = [Number.NEGATIVE_INFINITY, Number.NaN]
  const tell = (phase: RosterNews['phase']) => {
    const seconds = pace.seconds()
    if (!onNews || (seconds - told < NEWS_EVERY_S && phase === 'search')) return
    const { breaks, points } = board.total
    const isBetter = points !== best
    onNews({
      seconds,
      steps: pace.steps,
      phase,
      breaks,
      points,
      bound: least,
      entries: isBetter ? entriesOf(board) : null,
    })
    told = seconds
    best = points
  }
  const members = board.members.filter((member) => choices(member).some((ofDay) => ofDay.length > 0))
  return { board, random: seededRandom(seed, 'roster'), pace, seed, members, choicesOf: choices, tell, least }
}

const isBest = ({ board: { total }, least }: Search): boolean => total.breaks === 0 && total.points <= least + 1e-6

/** Everybody once in a drawn order, then again as long as that helps a good deal. */
function construct(search: Search): void {
  const { board, random, pace, members } = search
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = { ...board.total }
    for (const member of shuffled(random, members)) {
      if (pace.isOver() || isBest(search)) return
      planOne(board, member, { choices: search.choicesOf(member) })
      pace.step()
      search.tell('search')
    }
    search.tell('construct')
    if (hasSettled(before, board.total)) return
  }
}

const MOST_ROUNDS = 20
const hasSettled = (before: Toll, now: Toll): boolean =>
  before.breaks === now.breaks && before.points - now.points < Math.abs(before.points) / 500

/** How the effort is shared; what is left goes to single moves. */
const REPLANS = 0.6
const WINDOWS = 0.7
const MOVES_A_STEP = 20

async function improve(search: Search): Promise<void> {
  const { random, pace, members } = search
  while (members.length > 0 && !pace.isOver() && !isBest(search)) {
    const kind = random()
    if (kind < REPLANS) replan(search)
    else if (kind < WINDOWS) await replanWindow(search)
    else for (let n = 0; n < MOVES_A_STEP; n++) moveOnce(search)
    pace.step()
    search.tell('search')
  }
}

function moveOnce({ board, random, members, choicesOf: choices }: Search): void {
  const member = pick(random, members)
  const kind = random()
  if (kind < 0.4) {
    tryMove(board, oneDay(random, member, choices(member)))
    return
  }
  const other = pick(random, members)
  const isNear = other !== member && other.person.clusterIds.some((id) => member.person.clusterIds.includes(id))
  if (!isNear) return
  const [mine, theirs] = [choices(member), choices(other)]
  tryMove(
    board,
    kind < 0.7 ? exchange(random, [member, mine], [other, theirs]) : giveAway(random, member, [other, theirs]),
  )
}

/** Judged anew by the rules themselves: what is shown never rests on the search's own sums. */
function answerOf({ board, pace, least }: Search, cover: CoverBound, isProved: boolean): RosterAnswer {
  const entries = entriesOf(board)
  const { breaks, points, demandHours, coveredHours } = scoreRoster(board.frame.problem, entries)
  const bound = isProved && breaks === 0 ? points : Math.min(points, least)
  return {
    ...{ entries, breaks, points, bound, gap: gapOf(points, bound) },
    status: statusOf(breaks, points <= bound + 1e-6, isProved),
    seconds: pace.seconds(),
    steps: pace.steps,
    demandHours,
    coveredHours,
    coveredHoursBound: Math.max(coveredHours, cover.coverHours),
  }
}

/** With every way tried, breaks that are left are in every roster. */
function statusOf(breaks: number, isAtBound: boolean, isProved: boolean): SolveStatus {
  if (breaks > 0) return isProved ? 'infeasible' : 'unknown'
  return isAtBound ? 'optimal' : 'feasible'
}
