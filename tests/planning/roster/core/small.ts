import { type Random, seededRandom, wholeBetween } from '#domain/random.ts'
import {
  type Cover,
  emptyRoster,
  OFF,
  type Person,
  type Roster,
  type RosterModel,
  type Wish,
  weekendsFromMonday,
} from '#planning/roster/core/model.ts'
import { judge } from '#planning/roster/core/rules.ts'

/** Up to three people, six days and two shifts, every limit now tight, now loose; some have no roster at all. */
export function smallProblem(seed: number): RosterModel {
  const random = seededRandom(seed, 'small roster')
  const [days, kinds, people] = [wholeBetween(random, 2, 6), wholeBetween(random, 1, 2), wholeBetween(random, 1, 3)]
  const shifts = Array.from({ length: kinds }, (_, shift) => ({
    id: `S${shift}`,
    minutes: wholeBetween(random, 1, 3) * 240,
    notNext: Array.from({ length: kinds }, (_, next) => next).filter((next) => next !== shift && random() < 0.4),
  }))
  // A week that begins on some day, so that weekends lie anywhere.
  const weekendOf = weekendsFromMonday(days + 6).slice(wholeBetween(random, 0, 6))
  const where = () => ({ day: wholeBetween(random, 0, days - 1), shift: wholeBetween(random, 0, kinds - 1) })
  const wishes = Array.from({ length: wholeBetween(random, 0, 6) }, (): Wish => {
    const [person, weight] = [wholeBetween(random, 0, people - 1), wholeBetween(random, 1, 9)]
    return { ...where(), person, weight, isOn: random() < 0.6 }
  })
  const cover = Array.from({ length: wholeBetween(random, 1, days * kinds) }, (): Cover => {
    const need = wholeBetween(random, 0, people)
    return { ...where(), need, under: wholeBetween(random, 0, 20), over: wholeBetween(random, 0, 8) }
  })
  return {
    days,
    weekendOf: weekendOf.slice(0, days),
    shifts,
    people: Array.from({ length: people }, (_, person) => smallPerson(random, `P${person}`, { days, kinds })),
    wishes,
    cover,
  }
}

function smallPerson(random: Random, id: string, { days, kinds }: { days: number; kinds: number }): Person {
  const most = () => (random() < 0.7 ? Number.POSITIVE_INFINITY : wholeBetween(random, 0, 2))
  const minMinutes = wholeBetween(random, 0, days * 2) * 120
  const maxRun = wholeBetween(random, 1, 4)
  return {
    id,
    maxOf: Array.from({ length: kinds }, most),
    minMinutes,
    maxMinutes: minMinutes + wholeBetween(random, 0, 8) * 120,
    maxRun,
    minRun: wholeBetween(random, 1, Math.min(3, maxRun)),
    minOff: wholeBetween(random, 1, 3),
    maxWeekends: wholeBetween(random, 0, 2),
    daysOff: Array.from({ length: days }, (_, day) => day).filter(() => random() < 0.1),
  }
}

/** Every lawful path of one person, by trying all there are. */
export function pathsByHand(model: RosterModel, person: number): Roster[] {
  const alone = { ...model, people: [model.people[person] as Person], wishes: [], cover: [] }
  const paths: Roster[] = []
  const path = emptyRoster(alone)
  for (;;) {
    if (judge(alone, path).isLawful) paths.push(path.slice())
    let day = 0
    while (day < model.days && path[day] === model.shifts.length - 1) path[day++] = OFF
    if (day === model.days) return paths
    path[day] = (path[day] as number) + 1
  }
}

/** The least penalty of all lawful rosters; null where there is none. */
export function leastByHand(model: RosterModel): number | null {
  const shifts = model.shifts.length
  const counts = new Int32Array(model.days * shifts)
  const choices = model.people.map((_, person) =>
    pathsByHand(model, person).map((path) => ({ path, own: wishesOf(model, person, path) })),
  )
  let least = Number.POSITIVE_INFINITY
  const put = (person: number, own: number): void => {
    if (person === choices.length) {
      least = Math.min(least, own + coverOf(model, counts))
      return
    }
    for (const choice of choices[person] ?? []) {
      count(choice.path, shifts, counts, 1)
      put(person + 1, own + choice.own)
      count(choice.path, shifts, counts, -1)
    }
  }
  put(0, 0)
  return least === Number.POSITIVE_INFINITY ? null : least
}

function count(path: Roster, shifts: number, counts: Int32Array, sign: number): void {
  for (const [day, shift] of path.entries()) if (shift !== OFF) counts[day * shifts + shift]! += sign
}

const wishesOf = ({ wishes }: RosterModel, person: number, path: Roster): number =>
  wishes
    .filter((wish) => wish.person === person && (path[wish.day] === wish.shift) !== wish.isOn)
    .reduce((sum, { weight }) => sum + weight, 0)

const coverOf = ({ cover, shifts }: RosterModel, counts: Int32Array): number =>
  cover.reduce((sum, { day, shift, need, under, over }) => {
    const given = counts[day * shifts.length + shift] as number
    return sum + (given < need ? (need - given) * under : (given - need) * over)
  }, 0)
