import { OFF, type Roster, type RosterModel } from './model.ts'

/** Where and how much a roster breaks a rule. `amount` is in the rule's own unit; a soft one costs `penalty`. */
export interface Break {
  person?: number
  day?: number
  shift?: number
  amount: number
  penalty: number
}

/** One rule: its sentence for people and a function that finds every break of it. A hard rule may not be broken at all. */
export interface Rule {
  id: string
  isHard: boolean
  sentence: string
  breaks(model: RosterModel, roster: Roster): Break[]
}

const shiftAt = (model: RosterModel, roster: Roster, person: number, day: number): number =>
  roster[person * model.days + day] as number

const people = (model: RosterModel): number[] => model.people.map((_, person) => person)
const days = (model: RosterModel): number[] => Array.from({ length: model.days }, (_, day) => day)

const hard = (amount: number, where: Pick<Break, 'person' | 'day' | 'shift'>): Break[] =>
  amount > 0 ? [{ ...where, amount, penalty: 0 }] : []

const minutesOf = (model: RosterModel, roster: Roster, person: number): number =>
  days(model).reduce((sum, day) => sum + (model.shifts[shiftAt(model, roster, person, day)]?.minutes ?? 0), 0)

interface Run {
  person: number
  from: number
  length: number
  isWork: boolean
  /** Touches neither end of the horizon, so nothing of it lies outside. */
  isWhole: boolean
}

function runsOf(model: RosterModel, roster: Roster): Run[] {
  const runs: Run[] = []
  for (let person = 0; person < model.people.length; person++) {
    let from = 0
    for (let day = 1; day <= model.days; day++) {
      const isWork = shiftAt(model, roster, person, from) !== OFF
      if (day < model.days && (shiftAt(model, roster, person, day) !== OFF) === isWork) continue
      runs.push({ person, from, length: day - from, isWork, isWhole: from > 0 && day < model.days })
      from = day
    }
  }
  return runs
}

export const dayOff: Rule = {
  id: 'SS1',
  isHard: true,
  sentence: 'Nobody works on a day on which they are off.',
  breaks: (model, roster) =>
    model.people.flatMap(({ daysOff }, person) =>
      daysOff.flatMap((day) => hard(shiftAt(model, roster, person, day) === OFF ? 0 : 1, { person, day })),
    ),
}

export const succession: Rule = {
  id: 'SS2',
  isHard: true,
  sentence: 'A shift is not followed the next day by one that may not follow it.',
  breaks: (model, roster) =>
    people(model).flatMap((person) =>
      days(model).flatMap((day) => {
        const before = day === 0 ? undefined : model.shifts[shiftAt(model, roster, person, day - 1)]
        const shift = shiftAt(model, roster, person, day)
        return hard(before?.notNext.includes(shift) ? 1 : 0, { person, day, shift })
      }),
    ),
}

export const mostOfShift: Rule = {
  id: 'SS3',
  isHard: true,
  sentence: 'Nobody works more of a shift than they may.',
  breaks: (model, roster) =>
    model.people.flatMap(({ maxOf }, person) =>
      maxOf.flatMap((most, shift) => {
        const worked = days(model).filter((day) => shiftAt(model, roster, person, day) === shift).length
        return hard(worked - most, { person, shift })
      }),
    ),
}

export const mostMinutes: Rule = {
  id: 'SS4',
  isHard: true,
  sentence: 'Nobody works longer over the horizon than they may.',
  breaks: (model, roster) =>
    model.people.flatMap(({ maxMinutes }, person) => hard(minutesOf(model, roster, person) - maxMinutes, { person })),
}

export const fewestMinutes: Rule = {
  id: 'SS5',
  isHard: true,
  sentence: 'Everybody works at least as long over the horizon as they are owed.',
  breaks: (model, roster) =>
    model.people.flatMap(({ minMinutes }, person) => hard(minMinutes - minutesOf(model, roster, person), { person })),
}

export const longestRun: Rule = {
  id: 'SS6',
  isHard: true,
  sentence: 'Nobody works more days in a row than they may.',
  breaks: (model, roster) =>
    runsOf(model, roster)
      .filter(({ isWork }) => isWork)
      .flatMap(({ person, from, length }) => hard(length - (model.people[person]?.maxRun ?? 0), { person, day: from })),
}

export const shortestRun: Rule = {
  id: 'SS7',
  isHard: true,
  sentence: 'Whoever works, works a least number of days in a row.',
  breaks: (model, roster) =>
    runsOf(model, roster)
      .filter(({ isWork, isWhole }) => isWork && isWhole)
      .flatMap(({ person, from, length }) => hard((model.people[person]?.minRun ?? 0) - length, { person, day: from })),
}

export const shortestRest: Rule = {
  id: 'SS8',
  isHard: true,
  sentence: 'Whoever is off, is off a least number of days in a row.',
  breaks: (model, roster) =>
    runsOf(model, roster)
      .filter(({ isWork, isWhole }) => !isWork && isWhole)
      .flatMap(({ person, from, length }) => hard((model.people[person]?.minOff ?? 0) - length, { person, day: from })),
}

export const mostWeekends: Rule = {
  id: 'SS9',
  isHard: true,
  sentence: 'Nobody works more weekends than they may; one worked day makes a worked weekend.',
  breaks: (model, roster) =>
    model.people.flatMap(({ maxWeekends }, person) => {
      const worked = days(model).filter(
        (day) => model.weekendOf[day] !== -1 && shiftAt(model, roster, person, day) !== OFF,
      )
      return hard(new Set(worked.map((day) => model.weekendOf[day])).size - maxWeekends, { person })
    }),
}

const unmetWishes = (model: RosterModel, roster: Roster, isOn: boolean): Break[] =>
  model.wishes
    .filter((wish) => wish.isOn === isOn)
    .filter(({ person, day, shift }) => (shiftAt(model, roster, person, day) === shift) !== isOn)
    .map(({ person, day, shift, weight }) => ({ person, day, shift, amount: 1, penalty: weight }))

export const wishedShift: Rule = {
  id: 'SS10',
  isHard: false,
  sentence: 'A shift that was wished for is given.',
  breaks: (model, roster) => unmetWishes(model, roster, true),
}

export const unwishedShift: Rule = {
  id: 'SS11',
  isHard: false,
  sentence: 'A shift that was wished away is not given.',
  breaks: (model, roster) => unmetWishes(model, roster, false),
}

function missedCover(model: RosterModel, roster: Roster, sign: 1 | -1): Break[] {
  return model.cover.flatMap(({ day, shift, need, under, over }) => {
    const given = people(model).filter((person) => shiftAt(model, roster, person, day) === shift).length
    const amount = sign * (given - need)
    return amount > 0 ? [{ day, shift, amount, penalty: amount * (sign > 0 ? over : under) }] : []
  })
}

export const underCover: Rule = {
  id: 'SS12',
  isHard: false,
  sentence: 'Each shift has as many people as it needs.',
  breaks: (model, roster) => missedCover(model, roster, -1),
}

export const overCover: Rule = {
  id: 'SS13',
  isHard: false,
  sentence: 'No shift has more people than it needs.',
  breaks: (model, roster) => missedCover(model, roster, 1),
}

export const RULES: readonly Rule[] = [
  dayOff,
  succession,
  mostOfShift,
  mostMinutes,
  fewestMinutes,
  longestRun,
  shortestRun,
  shortestRest,
  mostWeekends,
  wishedShift,
  unwishedShift,
  underCover,
  overCover,
]

export interface Judged {
  /** True when no hard rule is broken. */
  isLawful: boolean
  penalty: number
  byRule: { rule: Rule; breaks: Break[]; penalty: number }[]
}

/** The whole roster against every rule: slow and plain, what faster ways of counting are measured by. */
export function judge(model: RosterModel, roster: Roster): Judged {
  const byRule = RULES.map((rule) => {
    const breaks = rule.breaks(model, roster)
    return { rule, breaks, penalty: breaks.reduce((sum, { penalty }) => sum + penalty, 0) }
  })
  return {
    isLawful: byRule.every(({ rule, breaks }) => !rule.isHard || breaks.length === 0),
    penalty: byRule.reduce((sum, { penalty }) => sum + penalty, 0),
    byRule,
  }
}
