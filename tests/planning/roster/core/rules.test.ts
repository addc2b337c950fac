import { describe, expect, test } from 'vitest'
import { OFF, type Person, type Roster, type RosterModel, weekendsFromMonday } from '#planning/roster/core/model.ts'
import { judge, RULES } from '#planning/roster/core/rules.ts'

const [DAY, NIGHT] = [0, 1]

const person = (limits: Partial<Person> = {}): Person => ({
  id: 'A',
  maxOf: [14, 14],
  minMinutes: 0,
  maxMinutes: 99_999,
  minRun: 1,
  maxRun: 14,
  minOff: 1,
  maxWeekends: 2,
  daysOff: [],
  ...limits,
})

/** Two weeks from a Monday, eight-hour days and ten-hour nights; after a night no day. */
const world = (more: Partial<RosterModel> = {}): RosterModel => ({
  days: 14,
  weekendOf: weekendsFromMonday(14),
  shifts: [
    { id: 'D', minutes: 480, notNext: [] },
    { id: 'N', minutes: 600, notNext: [DAY] },
  ],
  people: [person()],
  wishes: [],
  cover: [],
  ...more,
})

const alone = (limits: Partial<Person>) => world({ people: [person(limits)] })

/** `D`, `N` and `.` for each day, person after person; what is not said is off. */
const roster = (...lines: string[]): Roster =>
  Int16Array.from(lines.flatMap((line) => [...line.padEnd(14, '.')].map((letter) => 'DN'.indexOf(letter))))

/** Only one rule has something to say: what, and at which penalty. */
function broken(model: RosterModel, of: Roster) {
  const { byRule, penalty, isLawful } = judge(model, of)
  const said = byRule.filter(({ breaks }) => breaks.length > 0)
  return { rules: said.map(({ rule }) => rule.id), breaks: said.flatMap(({ breaks }) => breaks), penalty, isLawful }
}

const KEPT = { rules: [], breaks: [], penalty: 0, isLawful: true }
const hard = (rule: string, ...breaks: object[]) => ({
  rules: [rule],
  breaks: breaks.map((each) => ({ ...each, penalty: 0 })),
  penalty: 0,
  isLawful: false,
})
const soft = (rule: string, penalty: number, ...breaks: object[]) => ({
  rules: [rule],
  breaks,
  penalty,
  isLawful: true,
})

describe('the hard rules of shift scheduling', () => {
  test('[SS1] a shift on a day off is a break, a shift beside it none', () => {
    const model = alone({ daysOff: [2, 3] })
    expect(broken(model, roster('.DD'))).toEqual(hard('SS1', { person: 0, day: 2, amount: 1 }))
    expect(broken(model, roster('DD..D'))).toEqual(KEPT)
  })

  test('[SS2] a day after a night is a break, unless a day off lies between', () => {
    expect(broken(world(), roster('DND'))).toEqual(hard('SS2', { person: 0, day: 2, shift: DAY, amount: 1 }))
    expect(broken(world(), roster('DNN.D'))).toEqual(KEPT)
  })

  test('[SS3] each shift has its own most, whatever the others come to', () => {
    const model = alone({ maxOf: [14, 2] })
    expect(broken(model, roster('NNNN'))).toEqual(hard('SS3', { person: 0, shift: NIGHT, amount: 2 }))
    expect(broken(model, roster('DDDNN'))).toEqual(KEPT)
  })

  test('[SS4] minutes beyond the most are counted', () => {
    expect(broken(alone({ maxMinutes: 1_000 }), roster('DN'))).toEqual(hard('SS4', { person: 0, amount: 80 }))
    expect(broken(alone({ maxMinutes: 1_080 }), roster('DN'))).toEqual(KEPT)
  })

  test('[SS5] minutes short of what is owed are counted', () => {
    expect(broken(alone({ minMinutes: 1_100 }), roster('DN'))).toEqual(hard('SS5', { person: 0, amount: 20 }))
    expect(broken(alone({ minMinutes: 1_080 }), roster('DN'))).toEqual(KEPT)
  })

  test('[SS6] a run too long is one break from its first day, at an end of the horizon too', () => {
    const model = alone({ maxRun: 3 })
    expect(broken(model, roster('.DDDDD'))).toEqual(hard('SS6', { person: 0, day: 1, amount: 2 }))
    expect(broken(model, roster('DDDD'))).toEqual(hard('SS6', { person: 0, day: 0, amount: 1 }))
    expect(broken(model, roster('DDD.DDN'))).toEqual(KEPT)
  })

  test('[SS7] a run too short is a break, but not one that may have begun before or go on after the horizon', () => {
    const model = alone({ minRun: 3 })
    expect(broken(model, roster('.DD'))).toEqual(hard('SS7', { person: 0, day: 1, amount: 1 }))
    expect(broken(model, roster('D..DDD......DD'))).toEqual(KEPT)
  })

  test('[SS8] a rest too short is a break, but not one that touches an end of the horizon', () => {
    const model = alone({ minOff: 3 })
    expect(broken(model, roster('DD..DD'))).toEqual(hard('SS8', { person: 0, day: 2, amount: 1 }))
    expect(broken(model, roster('.DD...DDDDDDD.'))).toEqual(KEPT)
  })

  test('[SS9] a Saturday, a Sunday or both are one weekend', () => {
    const model = alone({ maxWeekends: 1 })
    expect(broken(model, roster('.....D......D.'))).toEqual(hard('SS9', { person: 0, amount: 1 }))
    expect(broken(model, roster('DDDDDDDDDDDD..'))).toEqual(KEPT)
  })
})

describe('the soft rules of shift scheduling', () => {
  test('[SS10] a wished shift costs its weight when another or none is given', () => {
    const wish = { person: 0, day: 1, shift: DAY, isOn: true }
    const model = world({ wishes: [{ ...wish, weight: 3 }] })
    const unmet = soft('SS10', 3, { person: 0, day: 1, shift: DAY, amount: 1, penalty: 3 })
    expect(broken(model, roster('D.'))).toEqual(unmet)
    expect(broken(model, roster('DN'))).toEqual(unmet)
    expect(broken(model, roster('DD'))).toEqual(KEPT)
  })

  test('[SS11] an unwished shift costs its weight, another on that day nothing', () => {
    const model = world({ wishes: [{ person: 0, day: 1, shift: DAY, weight: 4, isOn: false }] })
    const given = soft('SS11', 4, { person: 0, day: 1, shift: DAY, amount: 1, penalty: 4 })
    expect(broken(model, roster('DD'))).toEqual(given)
    expect(broken(model, roster('DN'))).toEqual(KEPT)
  })

  const two = (cover: RosterModel['cover']) => world({ people: [person(), person({ id: 'B' })], cover })

  test('[SS12] each person too few costs', () => {
    const model = two([{ day: 0, shift: NIGHT, need: 3, under: 100, over: 1 }])
    const short = soft('SS12', 200, { day: 0, shift: NIGHT, amount: 2, penalty: 200 })
    expect(broken(model, roster('N', 'D'))).toEqual(short)
  })

  test('[SS13] each person too many costs', () => {
    const model = two([{ day: 0, shift: NIGHT, need: 0, under: 100, over: 7 }])
    const many = soft('SS13', 14, { day: 0, shift: NIGHT, amount: 2, penalty: 14 })
    expect(broken(model, roster('N', 'N'))).toEqual(many)
    expect(broken(model, roster('D', 'D'))).toEqual(KEPT)
  })

  test('[SS12, SS13] several needs of one shift are each counted', () => {
    const model = two([
      { day: 0, shift: DAY, need: 2, under: 10, over: 1 },
      { day: 0, shift: DAY, need: 0, under: 10, over: 1 },
    ])
    expect(judge(model, roster('D', ''))).toMatchObject({ penalty: 11, isLawful: true })
  })

  test('[SS1] every rule has an id and a sentence of its own', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(13)
    expect(new Set(RULES.map(({ sentence }) => sentence)).size).toBe(13)
    expect(OFF).toBe(-1)
  })
})
