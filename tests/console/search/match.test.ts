import { polyphonic } from 'pinyin-pro'
import { describe, expect, test } from 'vitest'
import { bestScored, matchScore, noReadings, type Readings } from '#console/lib/search/match.ts'

const readings: Readings = (char) =>
  /[\u3400-\u9fff]/.test(char) ? (polyphonic(char, { type: 'array', toneType: 'none' })[0] ?? []) : []
const finds = (text: string, query: string) => matchScore(text, query, readings) !== null

describe('the search', () => {
  test('[DK7] finds Chinese names by initials, in full, mixed, and by another reading of a character', () => {
    expect(finds('和平区', 'hpq')).toBe(true)
    expect(finds('和平区', 'heping')).toBe(true)
    expect(finds('和平区', 'he平q')).toBe(true)
    expect(finds('沈阳', 'shenyang')).toBe(true)
    expect(finds('银行小区', 'yhxq')).toBe(true)
    expect(finds('银行小区', 'yxxq')).toBe(true)
    expect(finds('和平区', 'hpx')).toBe(false)
  })

  test('[DK7] finds every word of a query anywhere, and numbers as they stand', () => {
    expect(finds('#1042 开锁 三号楼', '1042')).toBe(true)
    expect(finds('管家 0132', 'gj 132')).toBe(true)
    expect(finds('管家 0132', 'gj 133')).toBe(false)
  })

  test('[DK7] puts the plain match first, then pinyin, then what leaves signs out', () => {
    const found = bestScored(['湖畔社区', '和平区', 'hpq 七号'], (text) => text, 'hpq', readings, 9)
    expect(found.map(({ item }) => item)).toEqual(['hpq 七号', '和平区', '湖畔社区'])
  })

  test('[DK7] works by plain letters while the dictionary is not there yet', () => {
    expect(matchScore('Heping', 'hep', noReadings)).toBe(0)
    expect(matchScore('和平', 'hp', noReadings)).toBeNull()
  })
})
