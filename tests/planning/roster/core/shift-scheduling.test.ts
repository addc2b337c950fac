import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readShiftScheduling } from '#planning/roster/core/shift-scheduling.ts'
import { describeWithShared, sharedPath } from '#tests/support/shared.ts'
import { tinyFile } from './tiny-file.ts'

const refused = (text: string) => {
  const read = readShiftScheduling(text)
  return read.ok ? 'read' : `${read.line}: ${read.why}`
}

describe('a shift scheduling file', () => {
  test('[SS14] is read whole', () => {
    expect(readShiftScheduling(tinyFile())).toEqual({
      ok: true,
      model: {
        days: 7,
        weekendOf: [-1, -1, -1, -1, -1, 0, 0],
        shifts: [
          { id: 'D', minutes: 480, notNext: [] },
          { id: 'N', minutes: 600, notNext: [0] },
        ],
        people: [
          {
            id: 'A',
            maxOf: [7, 2],
            maxMinutes: 2_400,
            minMinutes: 960,
            maxRun: 5,
            minRun: 2,
            minOff: 2,
            maxWeekends: 1,
            daysOff: [1, 2],
          },
          {
            id: 'B',
            maxOf: [7, Number.POSITIVE_INFINITY],
            maxMinutes: 2_400,
            minMinutes: 0,
            maxRun: 5,
            minRun: 1,
            minOff: 1,
            maxWeekends: 1,
            daysOff: [],
          },
        ],
        wishes: [
          { person: 0, day: 3, shift: 0, weight: 2, isOn: true },
          { person: 1, day: 6, shift: 1, weight: 5, isOn: false },
        ],
        cover: [{ day: 3, shift: 1, need: 1, under: 100, over: 1 }],
      },
    })
  })

  test('[SS14] comments, empty lines, spaces and either line end mean nothing', () => {
    const spaced = tinyFile()
      .split('\n')
      .flatMap((line) => ['', `  ${line.replaceAll(',', ' , ')} `, '# a comment'])
      .join('\r\n')
    expect(readShiftScheduling(spaced)).toEqual(readShiftScheduling(tinyFile()))
  })

  test.each([
    ['7\n', '7\n8\n', '3: SECTION_HORIZON has more than one line'],
    ['7\n', '0\n', '2: the horizon must be 1 to 3660 days'],
    ['7\n', '', '16: SECTION_HORIZON has no number of days'],
    ['SECTION_HORIZON', 'SECTION_DAYS', '1: no section is called SECTION_DAYS'],
    ['SECTION_COVER', 'SECTION_STAFF', '15: SECTION_STAFF comes twice'],
    ['SECTION_HORIZON\n', '', '1: a line before the first SECTION_ heading'],
    ['SECTION_DAYS_OFF\n', 'SECTION_COVER\n', '15: SECTION_COVER comes twice'],
    ['D,480,', 'D,480', '4: SHIFTS wants 3 fields, here are 2'],
    ['D,480,', 'D,0,', '4: a shift must last at least a minute'],
    ['D,480,', 'D,-480,', '4: -480 is not a whole number from 0 to 1000000000'],
    ['N,600,D', 'N,600,X', '5: no shift is called X'],
    ['N,600,D', 'D,600,', '5: shift D comes twice'],
    ['A,D=7|N=2', 'A,D7|N=2', '7: D7 is not a shift and its limit, as in E=14'],
    ['A,D=7|N=2', 'A,D=7|D=2', '7: shift D is limited twice'],
    ['A,D=7|N=2', ',D=7|N=2', '7: a person without an id'],
    ['B,D=7', 'A,D=7', '8: person A comes twice'],
    ['2400,960', '2400,9.5', '7: 9.5 is not a whole number from 0 to 1000000000'],
    ['A,1,2', 'A', '10: DAYS_OFF wants a person and at least one day'],
    ['A,1,2', 'A,1,7', '10: day 7 lies outside the horizon of 7 days'],
    ['A,3,D,2', 'C,3,D,2', '12: no person is called C'],
    ['B,6,N,5', 'B,6,N,', '14: (nothing) is not a whole number from 0 to 1000000000'],
    ['3,N,1,100,1', '3,N,1,100', '16: COVER wants 5 fields, here are 4'],
  ])('[SS14] is refused with line and reason: %j → %j', (from, to, said) => {
    expect(tinyFile()).toContain(from)
    expect(refused(tinyFile().replace(from, to))).toBe(said)
  })

  test('[SS14] without a section, or empty, is refused', () => {
    expect(refused('')).toMatch(/^1: SECTION_HORIZON is missing/)
    expect(refused(tinyFile().split('SECTION_COVER')[0] ?? '')).toMatch(/: SECTION_COVER is missing/)
  })
})

describeWithShared('the published shift scheduling files', ['rostering/curtois_qu'], () => {
  test('[SS14] are read with as many people, shifts and days as their table says', () => {
    const [, ...rows] = readFileSync(sharedPath('rostering/curtois_qu/best_known.csv'), 'utf8').trim().split(/\r?\n/)
    expect(rows).toHaveLength(readdirSync(sharedPath('rostering/curtois_qu')).length - 1)
    for (const row of rows) {
      const [name, ...told] = row.split(',')
      const read = readShiftScheduling(readFileSync(sharedPath(`rostering/curtois_qu/${name}.txt`), 'utf8'))
      if (!read.ok) throw new Error(`${name}, line ${read.line}: ${read.why}`)
      const { days, people, shifts, wishes, cover } = read.model
      const off = people.reduce((sum, { daysOff }) => sum + daysOff.length, 0)
      const counted = [days, people.length, shifts.length, off, wishes.length, cover.length]
      expect([name, ...counted]).toEqual([name, ...told.slice(0, 6).map(Number)])
    }
  })
})
