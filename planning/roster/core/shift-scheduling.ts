import { type Cover, type Person, type RosterModel, type Shift, type Wish, weekendsFromMonday } from './model.ts'

/** A line of the file that cannot be meant, and why. */
export interface Malformed {
  ok: false
  line: number
  why: string
}

const SECTIONS = ['HORIZON', 'SHIFTS', 'STAFF', 'DAYS_OFF', 'SHIFT_ON_REQUESTS', 'SHIFT_OFF_REQUESTS', 'COVER'] as const
type Section = (typeof SECTIONS)[number]

interface Row {
  line: number
  fields: string[]
}

/** Thrown inside this file only: reading stops at the first line that is wrong. */
class WrongLine extends Error {
  line: number
  constructor(line: number, why: string) {
    super(why)
    this.line = line
  }
}

/** The shift scheduling text format of Curtois and Qu (2014): comma separated lines under SECTION_ headings, `#` a comment. */
export function readShiftScheduling(text: string): { ok: true; model: RosterModel } | Malformed {
  try {
    return { ok: true, model: modelOf(sectionsOf(text)) }
  } catch (error) {
    if (error instanceof WrongLine) return { ok: false, line: error.line, why: error.message }
    throw error
  }
}

interface Sections {
  rows: Map<Section, Row[]>
  lines: number
}

function sectionsOf(text: string): Sections {
  const rows = new Map<Section, Row[]>()
  const lines = text.split(/\r?\n/)
  let current: Row[] | null = null
  for (const [index, raw] of lines.entries()) {
    const [line, said] = [index + 1, raw.trim()]
    if (said === '' || said.startsWith('#')) continue
    if (said.startsWith('SECTION_')) {
      const section = SECTIONS.find((name) => said === `SECTION_${name}`)
      if (!section) throw new WrongLine(line, `no section is called ${said}`)
      if (rows.has(section)) throw new WrongLine(line, `${said} comes twice`)
      current = []
      rows.set(section, current)
    } else if (current === null) throw new WrongLine(line, 'a line before the first SECTION_ heading')
    else current.push({ line, fields: said.split(',').map((field) => field.trim()) })
  }
  return { rows, lines: lines.length }
}

function modelOf(sections: Sections): RosterModel {
  const days = daysOf(sections)
  const shifts = shiftsOf(sections)
  const shiftOf = indexOf(shifts, 'shift')
  const people = peopleOf(sections, shiftOf, shifts.length)
  const personOf = indexOf(people, 'person')
  readDaysOff(sections, days, personOf, people)
  const dayOf = (row: Row, field: number) => within(row, field, days)
  const wishes = (['SHIFT_ON_REQUESTS', 'SHIFT_OFF_REQUESTS'] as const).flatMap((section) =>
    rowsOf(sections, section, 4).map(
      (row): Wish => ({
        person: personOf(row, 0),
        day: dayOf(row, 1),
        shift: shiftOf(row, 2),
        weight: whole(row, 3),
        isOn: section === 'SHIFT_ON_REQUESTS',
      }),
    ),
  )
  const cover = rowsOf(sections, 'COVER', 5).map(
    (row): Cover => ({
      day: dayOf(row, 0),
      shift: shiftOf(row, 1),
      need: whole(row, 2),
      under: whole(row, 3),
      over: whole(row, 4),
    }),
  )
  return { days, weekendOf: weekendsFromMonday(days), shifts, people, wishes, cover }
}

/** More days than anybody rosters at once: a mistyped horizon must not take the memory. */
const MOST_DAYS = 3_660

function daysOf(sections: Sections): number {
  const [row, more] = rowsOf(sections, 'HORIZON', 1)
  if (!row) throw new WrongLine(sections.lines, 'SECTION_HORIZON has no number of days')
  if (more) throw new WrongLine(more.line, 'SECTION_HORIZON has more than one line')
  const days = whole(row, 0)
  if (days < 1 || days > MOST_DAYS) throw new WrongLine(row.line, `the horizon must be 1 to ${MOST_DAYS} days`)
  return days
}

function shiftsOf(sections: Sections): Shift[] {
  const rows = rowsOf(sections, 'SHIFTS', 3)
  const ids = rows.map(({ fields }) => ({ id: fields[0] as string }))
  const shiftOf = indexOf(ids, 'shift')
  if (rows.length === 0) throw new WrongLine(sections.lines, 'SECTION_SHIFTS is empty')
  return rows.map((row, index) => {
    if (shiftOf(row, 0) !== index) throw new WrongLine(row.line, `shift ${row.fields[0]} comes twice`)
    const minutes = whole(row, 1)
    if (minutes === 0) throw new WrongLine(row.line, 'a shift must last at least a minute')
    return { id: row.fields[0] as string, minutes, notNext: listed(row, 2, (name) => shiftOf(name, 0)) }
  })
}

type IndexOf = (row: Row, field: number) => number

function peopleOf(sections: Sections, shiftOf: IndexOf, shifts: number): (Person & { daysOff: number[] })[] {
  const rows = rowsOf(sections, 'STAFF', 8)
  const seen = new Set<string>()
  return rows.map((row) => {
    const id = row.fields[0] as string
    if (id === '') throw new WrongLine(row.line, 'a person without an id')
    if (seen.has(id)) throw new WrongLine(row.line, `person ${id} comes twice`)
    seen.add(id)
    const [maxMinutes, minMinutes] = [whole(row, 2), whole(row, 3)]
    const maxOf = maxOfShifts(row, shiftOf, shifts)
    const [maxRun, minRun, minOff, maxWeekends] = [whole(row, 4), whole(row, 5), whole(row, 6), whole(row, 7)]
    return { id, maxOf, minMinutes, maxMinutes, minRun, maxRun, minOff, maxWeekends, daysOff: [] }
  })
}

/** `E=14|D=0`; a shift that is not named is not limited. */
function maxOfShifts(row: Row, shiftOf: IndexOf, shifts: number): number[] {
  const maxOf: number[] = new Array(shifts).fill(Number.POSITIVE_INFINITY)
  for (const limit of listed(row, 1, (part) => part)) {
    const [name = '', most, more] = (limit.fields[0] as string).split('=')
    if (most === undefined || more !== undefined)
      throw new WrongLine(row.line, `${limit.fields[0]} is not a shift and its limit, as in E=14`)
    const shift = shiftOf({ line: row.line, fields: [name.trim()] }, 0)
    if (maxOf[shift] !== Number.POSITIVE_INFINITY) throw new WrongLine(row.line, `shift ${name} is limited twice`)
    maxOf[shift] = whole({ line: row.line, fields: [most.trim()] }, 0)
  }
  return maxOf
}

function readDaysOff(sections: Sections, days: number, personOf: IndexOf, people: { daysOff: number[] }[]): void {
  for (const row of sections.rows.get('DAYS_OFF') ?? []) {
    if (row.fields.length < 2) throw new WrongLine(row.line, 'DAYS_OFF wants a person and at least one day')
    const { daysOff } = people[personOf(row, 0)] as { daysOff: number[] }
    for (let field = 1; field < row.fields.length; field++) daysOff.push(within(row, field, days))
  }
}

function rowsOf(sections: Sections, section: Section, fields: number): Row[] {
  const rows = sections.rows.get(section)
  if (!rows) throw new WrongLine(sections.lines, `SECTION_${section} is missing`)
  for (const row of rows)
    if (row.fields.length !== fields)
      throw new WrongLine(row.line, `${section} wants ${fields} fields, here are ${row.fields.length}`)
  return rows
}

function indexOf(named: readonly { id: string }[], kind: string): IndexOf {
  const index = new Map<string, number>()
  for (const [at, { id }] of named.entries()) if (!index.has(id)) index.set(id, at)
  return (row, field) => {
    const name = row.fields[field] as string
    const found = index.get(name)
    if (found === undefined) throw new WrongLine(row.line, `no ${kind} is called ${name === '' ? '(nothing)' : name}`)
    return found
  }
}

const listed = <T>(row: Row, field: number, each: (part: Row) => T): T[] =>
  (row.fields[field] as string)
    .split('|')
    .filter((part) => part.trim() !== '')
    .map((part) => each({ line: row.line, fields: [part.trim()] }))

const MOST_WHOLE = 1_000_000_000

function whole(row: Row, field: number): number {
  const said = row.fields[field] as string
  const number = Number(said)
  if (!/^\d+$/.test(said) || number > MOST_WHOLE)
    throw new WrongLine(row.line, `${said === '' ? '(nothing)' : said} is not a whole number from 0 to ${MOST_WHOLE}`)
  return number
}

function within(row: Row, field: number, days: number): number {
  const day = whole(row, field)
  if (day >= days) throw new WrongLine(row.line, `day ${day} lies outside the horizon of ${days} days`)
  return day
}
