/**
 * A judge of the bench's own for the problems of Curtois and Qu: it reads the file again and counts what a roster breaks and
 * costs, and shares nothing with the solver but the numbers of its rows.
 */
export interface Judged {
  /** What is forbidden, in words; empty = lawful. */
  breaks: string[]
  penalty: number
}

type Fields = string[]

function sectionsOf(text: string): Map<string, Fields[]> {
  const sections = new Map<string, Fields[]>()
  let rows: Fields[] = []
  for (const line of text.split(/\r?\n/)) {
    const said = line.trim()
    if (said === '' || said.startsWith('#')) continue
    if (said.startsWith('SECTION_')) {
      rows = []
      sections.set(said.slice('SECTION_'.length), rows)
    } else rows.push(said.split(','))
  }
  return sections
}

/** `shiftAt(person, day)`: the index of the shift in the file, −1 = none. */
export function judgeAgainst(text: string, shiftAt: (person: number, day: number) => number): Judged {
  const sections = sectionsOf(text)
  const rows = (name: string) => sections.get(name) ?? []
  const days = Number(rows('HORIZON')[0]?.[0])
  const shifts = rows('SHIFTS').map(([id = '', minutes, after = '']) => ({
    id,
    minutes: Number(minutes),
    after: after.split('|').filter((each) => each !== ''),
  }))
  const staff = rows('STAFF').map(([id]) => id as string)
  const worked = (person: number, day: number) => shifts[shiftAt(person, day)] ?? null
  const breaks = rows('STAFF').flatMap((fields, person) =>
    breaksOf(fields, (day) => worked(person, day), days).map((why) => `${fields[0]}: ${why}`),
  )
  for (const [id = '', ...free] of rows('DAYS_OFF'))
    for (const day of free) if (worked(staff.indexOf(id), Number(day))) breaks.push(`${id}: works on day off ${day}`)
  let penalty = 0
  for (const [section, isOn] of [
    ['SHIFT_ON_REQUESTS', true],
    ['SHIFT_OFF_REQUESTS', false],
  ] as const)
    for (const [id = '', day, shift, weight] of rows(section))
      if ((worked(staff.indexOf(id), Number(day))?.id === shift) !== isOn) penalty += Number(weight)
  for (const [day, shift, need, under, over] of rows('COVER')) {
    const given = staff.filter((_, person) => worked(person, Number(day))?.id === shift).length
    penalty += Math.max(0, Number(need) - given) * Number(under) + Math.max(0, given - Number(need)) * Number(over)
  }
  return { breaks, penalty }
}

interface Worked {
  id: string
  minutes: number
  after: string[]
}

function breaksOf(fields: Fields, at: (day: number) => Worked | null, days: number): string[] {
  const [, most = '', maxMinutes, minMinutes, maxRun, minRun, minOff, maxWeekends] = fields
  const breaks: string[] = []
  const all = Array.from({ length: days }, (_, day) => at(day))
  for (const limit of most.split('|')) {
    const [id, count] = limit.split('=')
    if (all.filter((each) => each?.id === id).length > Number(count)) breaks.push(`more than ${count} of ${id}`)
  }
  const minutes = all.reduce((sum, each) => sum + (each?.minutes ?? 0), 0)
  if (minutes > Number(maxMinutes) || minutes < Number(minMinutes)) breaks.push(`${minutes} minutes`)
  for (const [day, each] of all.entries())
    if (each?.after.includes(all[day + 1]?.id ?? '')) breaks.push(`${each.id} before ${all[day + 1]?.id} on day ${day}`)
  for (const { from, length, isWork } of runsOf(all)) {
    const touchesEnd = from === 0 || from + length === days
    if (isWork && length > Number(maxRun)) breaks.push(`${length} days of work from ${from}`)
    if (!touchesEnd && length < Number(isWork ? minRun : minOff)) breaks.push(`only ${length} days from ${from}`)
  }
  let weekends = 0
  for (let saturday = 5; saturday < days; saturday += 7) if (all[saturday] || all[saturday + 1]) weekends++
  if (weekends > Number(maxWeekends)) breaks.push(`${weekends} weekends`)
  return breaks
}

function runsOf(all: readonly (Worked | null)[]): { from: number; length: number; isWork: boolean }[] {
  const runs: { from: number; length: number; isWork: boolean }[] = []
  for (const [day, each] of all.entries()) {
    const last = runs.at(-1)
    if (last && last.isWork === (each !== null)) last.length++
    else runs.push({ from: day, length: 1, isWork: each !== null })
  }
  return runs
}
