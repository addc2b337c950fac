import type { Duty } from '#domain/roster/frame.ts'
import type { OneCluster } from '#domain/roster/rules/cover.ts'
import type { RuleKey } from '#domain/roster/rules.ts'
import type { Board } from './board.ts'
import type { Programme, Way } from './ways.ts'

/** A rule of cover that a city has made hard: dearer than anything soft. */
const DEAREST = 100_000

export function weightOf({ forces, frame }: Board, key: RuleKey): number {
  const force = forces.cluster.find((one) => one.key === key)
  if (!force) return 0
  return force.isHard ? DEAREST : frame.problem.rules.settings[key].weight
}

interface Touch {
  way: Way
  duty: Duty
}

/** The duties of all ways, by cluster. */
const byCluster = ({ ways }: Programme): Map<number, Touch[]> =>
  Map.groupBy(
    ways.flatMap((way) => way.duties.map((duty) => ({ way, duty }))),
    ({ duty }) => duty.cluster,
  )

/** RO1–RO3: hours that ask for the same and are touched by the same duties are one. */
export function coverRows(programme: Programme): void {
  const { board } = programme
  const weights = { under: weightOf(board, 'coverUnder'), over: weightOf(board, 'coverOver') }
  for (const [cluster, touches] of byCluster(programme)) {
    const one = board.clusters.clusters[cluster] as OneCluster
    for (const { slot, minutes, there } of alike(board, one, touches)) {
      for (const [n, { skill, slack }] of one.cluster.demand.entries()) {
        const able = there.filter(({ way }) => way.member.person.skills.includes(skill))
        if (able.length === 0) continue
        const missing = (one.need[n]?.[slot] as number) - (one.present[n]?.[slot] as number)
        if (missing > 0) atLeast(programme, able, missing, (weights.under * minutes) / 60)
        if (slack !== null) atMost(programme, able, missing + slack, (weights.over * minutes) / 60)
      }
      crowdRow(programme, one, there, { slot, minutes })
    }
  }
}

function crowdRow(
  programme: Programme,
  one: OneCluster,
  there: Touch[],
  { slot, minutes }: Record<string, number>,
): void {
  const { board } = programme
  const { mostAtOnce } = one.cluster
  const crowd = board.forces.cluster.find(({ key }) => key === 'crowd')
  if (mostAtOnce === null || !crowd || slot === undefined || minutes === undefined) return
  const room = mostAtOnce - (one.people[slot] as number)
  if (crowd.isHard) atMost(programme, there, Math.max(0, room), null)
  else atMost(programme, there, room, (crowd.weight * minutes) / 60)
}

interface Hours {
  slot: number
  minutes: number
  there: Touch[]
}

function alike({ frame }: Board, one: OneCluster, touches: readonly Touch[]): Iterable<Hours> {
  const found = new Map<string, Hours>()
  const spans = [...new Set(touches.map(({ duty }) => duty.span))]
  const bySpan = Map.groupBy(touches, ({ duty }) => duty.span)
  for (const [slot, minutes] of frame.slotMinutes.entries()) {
    const over = spans.filter(({ firstSlot, endSlot }) => firstSlot <= slot && slot < endSlot)
    if (over.length === 0 || minutes === 0) continue
    const state = one.need.map((need, n) => `${need[slot]}-${one.present[n]?.[slot]}`)
    const key = `${over.map((span) => spans.indexOf(span)).join()};${state.join()};${one.people[slot]}`
    const known = found.get(key)
    if (known) known.minutes += minutes
    else found.set(key, { slot, minutes, there: over.flatMap((span) => bySpan.get(span) ?? []) })
  }
  return found.values()
}

/** At least so many of these, or each that is missing costs. */
function atLeast({ model, slacks }: Programme, able: readonly Touch[], least: number, cost: number): void {
  if (cost === 0) return
  const row = model.row(least, Number.POSITIVE_INFINITY)
  slacks.push({ cost, upper: least, isInteger: false, entries: [[row, 1]] })
  for (const { way } of able) way.entries.push([row, 1])
}

/** At most so many, or each that is too many costs; without a price it may not be. */
function atMost({ model, slacks }: Programme, there: readonly Touch[], most: number, cost: number | null): void {
  if (cost === 0) return
  const row = model.row(Number.NEGATIVE_INFINITY, most)
  const upper = there.length + Math.abs(most)
  if (cost !== null) slacks.push({ cost, upper, isInteger: false, entries: [[row, -1]] })
  for (const { way } of there) way.entries.push([row, 1])
}

/** RO4: whoever is on duty is nobody who could be called. */
export function reliefRows(programme: Programme): void {
  const { board, ways } = programme
  const weight = weightOf(board, 'relief')
  if (weight === 0) return
  for (const one of board.clusters.clusters) {
    if (one.cluster.reliefs === 0) continue
    const serving = ways.filter(({ member }) => isCallable(one, member.person))
    for (const [day, callable] of one.callable.entries()) {
      const date = board.frame.at(day).day
      const there = serving.flatMap((way) => {
        const isAway = way.member.person.leave.some(({ from, until }) => from <= date && date <= until)
        const duty = isAway ? undefined : way.duties.find((duty) => duty.day === day)
        return duty ? [{ way, duty }] : []
      })
      if (there.length > 0) atMost(programme, there, callable - one.cluster.reliefs, weight)
    }
  }
}

const isCallable = ({ cluster }: OneCluster, { mode, clusterIds }: Way['member']['person']): boolean =>
  mode !== 'volunteer' && clusterIds.includes(cluster.id)

/** RO5: at each moment one of these people may leave, somebody stays who was there, or it costs once. */
export function handoverRows(programme: Programme): void {
  const { board } = programme
  const weight = weightOf(board, 'handover')
  if (weight === 0) return
  for (const [cluster, touches] of byCluster(programme)) {
    const one = board.clusters.clusters[cluster] as OneCluster
    if (one.cluster.handoverMinutes === 0) continue
    const standing = Array.from({ length: board.frame.problem.days + 1 }, (_, n) => [...one.dutiesOn(n - 1)]).flat()
    for (const at of new Set([...touches.map(({ duty }) => duty), ...standing].map(({ span }) => span.untilMinute)))
      handoverRow(programme, one, { at, weight, touches, standing })
  }
}

interface Moment {
  at: number
  weight: number
  touches: readonly Touch[]
  standing: readonly Duty[]
}

function handoverRow({ model, slacks }: Programme, one: OneCluster, { at, weight, touches, standing }: Moment): void {
  const slot = Math.floor(at / 60)
  const goesOn = one.need.some((need) => (need[slot] ?? 0) > 0)
  const stays = ({ span }: Duty) => span.fromMinute <= at - one.cluster.handoverMinutes && span.untilMinute > at
  if (!goesOn || at < 0 || standing.some(stays)) return
  const staying = touches.filter(({ duty }) => stays(duty))
  const leaving = Map.groupBy(
    touches.filter(({ duty }) => duty.span.untilMinute === at),
    ({ way }) => way.member,
  )
  const rows = [...leaving.values()].map((ofOne) => {
    const row = model.row(Number.NEGATIVE_INFINITY, 0)
    for (const { way } of ofOne) way.entries.push([row, 1])
    return row
  })
  // Somebody who is not being planned leaves in any case.
  if (standing.some(({ span }) => span.untilMinute === at)) rows.push(model.row(Number.NEGATIVE_INFINITY, -1))
  for (const row of rows) for (const { way } of staying) way.entries.push([row, -1])
  if (rows.length > 0) slacks.push({ cost: weight, upper: 1, isInteger: false, entries: rows.map((row) => [row, -1]) })
}

/** RO33–RO35: squares by themselves, less the square of what the group has in all, one column for each sum it may have. */
export function fairRows({ board, model, ways, slacks }: Programme): void {
  for (const [n, { weight, isHard }] of board.forces.fair.entries()) {
    if (weight === 0 || isHard) continue
    for (const [group, ofGroup] of Map.groupBy(ways, ({ member }) => member.group)) {
      const all = board.groups[group]
      if (!all) continue
      const planned = Map.groupBy(ofGroup, ({ member }) => member)
      const others = [...planned.keys()].reduce((sum, { shares }) => sum - (shares[n] as number), all.sum[n] as number)
      const total = model.row(others, others)
      for (const way of ofGroup) {
        const share = way.shares[n] as number
        way.points += weight * share * share
        way.entries.push([total, -share])
      }
      const sums = [...planned.values()].map((one) => one.map(({ shares }) => shares[n] as number))
      const [least, most] = [Math.min, Math.max].map((pick) =>
        sums.reduce((sum, ofOne) => sum + pick(...ofOne), others),
      )
      const one = model.row(1, 1)
      for (let sum = least as number; sum <= (most as number); sum++)
        slacks.push({
          cost: (-weight * sum * sum) / all.size,
          upper: 1,
          isInteger: true,
          entries: [
            [total, sum],
            [one, 1],
          ],
        })
    }
  }
}
