import { MINUTE_MS } from '#domain/instant.ts'
import type { Duty } from '#domain/roster/frame.ts'
import type { RuleKey } from '#domain/roster/rules.ts'
import type { Board, Days, Member } from './board.ts'
import type { Choices } from './choices.ts'

/** How far somebody's days have come, with everything that decides what may follow. */
interface Label {
  cost: number
  before: Label | null
  duty: Duty | null
  /** The last shift, until a whole day off has passed. */
  last: Duty | null
  run: number
  /** Days off in a row, counted up to what is long enough. */
  off: number
  /** Working minutes of this week so far. */
  used: number
  /** This week has had its day without work. */
  isRested: boolean
}

interface Ruling {
  board: Board
  member: Member
  /** Points of a unit of each rule; infinite where it is hard. */
  price(rule: RuleKey): number
  weekMost: number
  /** Beyond this a standard contract's week is overtime. */
  weekOrdinary: number
  longestOff: number
}

/** Labels kept a day: more than a person with three shifts ever has. */
const MOST_LABELS = 600

export interface Planning {
  choices: Choices
  prices: readonly Float64Array[]
  /** How many ways are wanted; 1 when left out. */
  wanted?: number
  /** By the hard rules alone, and nothing is passed over: what comes out is the least that these prices allow. */
  isProof?: boolean
}

/** For each day the prices of its choices. The cheapest days come first; with more than one wanted, others that end differently follow. */
export function bestDays(board: Board, member: Member, asked: Planning): Days[] {
  const ruling = rulingOf(board, member, asked)
  let labels: Label[] = [firstLabel(ruling)]
  for (let day = 0; day < asked.choices.length; day++) {
    const kept = new Map<number, Label>()
    const options = cheapestByShift(asked.choices[day] ?? [], asked.prices[day] ?? new Float64Array())
    for (const label of labels) extend(ruling, label, day, options, kept)
    labels = [...kept.values()]
    if (labels.length > MOST_LABELS && asked.isProof !== true)
      labels = labels.sort((a, b) => a.cost - b.cost).slice(0, MOST_LABELS)
  }
  labels.sort((a, b) => a.cost - b.cost)
  return labels.slice(0, asked.wanted ?? 1).map(daysOf)
}

function daysOf(label: Label): Days {
  const days: (Duty | null)[] = []
  for (let at: Label = label; at.before !== null; at = at.before) days.push(at.duty)
  return days.reverse()
}

function rulingOf(board: Board, member: Member, { isProof = false }: Planning): Ruling {
  const { rules } = board.frame.problem
  const { mode, cycle, limits } = member.person
  const forces = new Map(
    board.forces.person.map((force) => [force.key, force.isHard ? Number.POSITIVE_INFINITY : force.weight]),
  )
  const price = (rule: RuleKey) => {
    const points = forces.get(rule) ?? 0
    return isProof && points < Number.POSITIVE_INFINITY ? 0 : points
  }
  const agreed = price('hoursWeek') === Number.POSITIVE_INFINITY ? limits.weekMinutes : null
  const isWeekly = mode === 'comprehensive' && cycle === 'week'
  return {
    board,
    member,
    price,
    weekMost: Math.min(
      agreed ?? NO_LIMIT,
      isWeekly ? rules.limits.weekMinutes + rules.limits.overtimeMonthMinutes : NO_LIMIT,
    ),
    weekOrdinary: mode === 'standard' || isWeekly ? rules.limits.weekMinutes : NO_LIMIT,
    longestOff: Math.max(2, rules.limits.offRunLeast),
  }
}

/** The state on the morning of the first day, from what is known of the days before. */
function firstLabel({ board: { frame }, member, longestOff }: Ruling): Label {
  const { past } = member
  const works = (day: number) => past.some((duty) => duty.day === day)
  const last = past.at(-1) ?? null
  let [run, off] = [0, 0]
  while (works(-1 - run)) run += 1
  while (run === 0 && off < longestOff && !works(-1 - off)) off += 1
  const { week, weekday } = frame.at(0)
  const ofWeek = past.filter(({ day }) => frame.at(day).week === week)
  const touched = new Set(past.flatMap(({ day, span }) => (span.tomorrow > 0 ? [day, day + 1] : [day])))
  return {
    cost: 0,
    before: null,
    duty: null,
    last: last && last.day >= -2 ? last : null,
    run,
    off,
    used: ofWeek.reduce((sum, { span }) => sum + span.counted, 0),
    isRested: Array.from({ length: weekday }, (_, n) => -1 - n).some((day) => !touched.has(day)),
  }
}

interface Option {
  duty: Duty
  cost: number
}

/** Only the shift decides what may follow, not the cluster. */
function cheapestByShift(ofDay: Choices[number], prices: Float64Array): Option[] {
  const best = new Map<string, Option>()
  for (const [n, { duty }] of ofDay.entries()) {
    const cost = prices[n] as number
    if (cost < (best.get(duty.shift.id)?.cost ?? Number.POSITIVE_INFINITY)) best.set(duty.shift.id, { duty, cost })
  }
  return [...best.values()]
}

function extend(ruling: Ruling, from: Label, day: number, options: readonly Option[], kept: Map<number, Label>): void {
  const { member, board } = ruling
  const label = board.frame.at(day).weekday === 0 ? { ...from, used: 0, isRested: false } : from
  const held = member.isFree[day] === 0 ? member.held.find((duty) => duty.day === day) : undefined
  if (held) {
    keep(ruling, kept, day, { ...worked(ruling, label, held, 0), before: from })
    return
  }
  keep(ruling, kept, day, { ...dayOff(ruling, label, day), before: from })
  for (const { duty, cost } of options) {
    const next = worked(ruling, label, duty, cost)
    if (next.cost < Number.POSITIVE_INFINITY) keep(ruling, kept, day, { ...next, before: from, duty })
  }
}

/** A label without its way back. */
type State = Omit<Label, 'before'>

function dayOff({ price, longestOff, board }: Ruling, label: Label, day: number): State {
  const { least } = board.frame.problem.rules.limits.workRun
  const short = label.run > 0 && label.run < least && day > 0 ? finite(price('workRun')) * (least - label.run) : 0
  const isStill = label.last !== null && label.last.day === day - 1 && label.last.span.tomorrow > 0
  return {
    cost: label.cost + short,
    duty: null,
    last: label.last && label.last.day >= day - 1 ? label.last : null,
    run: 0,
    off: Math.min(label.off + 1, longestOff),
    used: label.used,
    isRested: label.isRested || !isStill,
  }
}

/** An infinite cost = it may not follow. What is held (no duty of the search's) is there whatever the rules say of it. */
function worked(ruling: Ruling, label: Label, duty: Duty, own: number): State {
  const { price, board, weekMost, weekOrdinary } = ruling
  const { limits } = board.frame.problem.rules
  const used = label.used + duty.span.counted
  const run = label.run + 1
  let cost = label.cost + own
  if (used > weekMost) cost = Number.POSITIVE_INFINITY
  if (used > weekOrdinary) cost += (finite(price('overtime')) * Math.min(duty.span.counted, used - weekOrdinary)) / 60
  if (run > limits.consecutiveDays) cost += price('consecutiveDays')
  if (run > limits.workRun.most) cost += finite(price('workRun'))
  if (label.off > 0 && label.off < limits.offRunLeast)
    cost += finite(price('offRun')) * (limits.offRunLeast - label.off)
  cost += restCost(ruling, label.last, duty)
  if (ruling.member.isFree[duty.day] === 0) cost = Math.min(cost, label.cost + DEAR)
  const isCounted = weekMost < NO_LIMIT || weekOrdinary < NO_LIMIT
  return { cost, duty: null, last: duty, run, off: 0, used: isCounted ? used : 0, isRested: label.isRested }
}

/** What is held and breaks a rule with what came before: any other way there is better. */
const DEAR = 1e6
/** Minutes that no week has. */
const NO_LIMIT = 1e6

const finite = (price: number): number => (price === Number.POSITIVE_INFINITY ? DEAR : price)

function restCost({ price, board }: Ruling, last: Duty | null, duty: Duty): number {
  if (last === null) return 0
  const { restLeastMinutes, restGoodMinutes, successions } = board.frame.problem.rules.limits
  const rest = (duty.span.start - last.span.end) / MINUTE_MS
  let cost = 0
  if (rest < restLeastMinutes && price('restShort') > 0) cost += price('restShort') * ((restLeastMinutes - rest) / 60)
  if (rest < restGoodMinutes) cost += finite(price('restSoft')) * ((restGoodMinutes - rest) / 60)
  if (price('succession') > 0 && last.day === duty.day - 1)
    for (const [from, to] of successions)
      if (from === last.shift.id && to === duty.shift.id) cost += price('succession')
  return cost
}

/** Of two that nothing can tell apart from here on, the cheaper stays. */
function keep({ board, price }: Ruling, kept: Map<number, Label>, day: number, label: Label): void {
  if (board.frame.at(day).weekday === 6 && !label.isRested && price('restDay') === Number.POSITIVE_INFINITY) return
  const shift = label.last === null ? 0 : 1 + board.frame.problem.shifts.indexOf(label.last.shift)
  const key =
    ((((label.used * 16 + shift) * 16 + Math.min(label.run, 15)) * 8 + label.off) * 2 + (label.isRested ? 1 : 0)) | 0
  const known = kept.get(key)
  if (!known || label.cost < known.cost) kept.set(key, label)
}
