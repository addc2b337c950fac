import { polyphonic } from 'pinyin-pro'
import { describe, expect, test } from 'vitest'
import { noReadings, type Readings } from '#console/lib/search/match.ts'
import { type PhraseWorld, phrasesOf } from '#console/lib/search/phrases.ts'

const readings: Readings = (char) =>
  /[\u3400-\u9fff]/.test(char) ? (polyphonic(char, { type: 'array', toneType: 'none' })[0] ?? []) : []

const world = (more: Partial<PhraseWorld> = {}): PhraseWorld => ({
  verbs: [
    { id: 'assign', takes: 'unitForTicket', words: ['assign', '派单'] },
    { id: 'duty', takes: 'unitAndDuty', words: ['duty', '值班'] },
    { id: 'close', takes: 'ticket', words: ['close', '办结'] },
    { id: 'cancel', takes: 'ticket', words: ['cancel', '取消工单'] },
    { id: 'arrive', takes: 'unitOrTicket', words: ['arrive', '到场'] },
  ],
  tickets: [
    { id: 't1', number: 1042 },
    { id: 't2', number: 132 },
  ],
  units: [
    { id: 'u1', callsign: '管家 0132' },
    { id: 'u2', callsign: '志愿者 0977' },
  ],
  openTicketId: 't1',
  openUnitId: null,
  readings,
  ...more,
})
const said = (query: string, more: Partial<PhraseWorld> = {}) =>
  phrasesOf(query, world(more)).map(({ verb, ticketId, unitId, duty }) =>
    [verb, ticketId, unitId, duty].filter((part) => part !== null).join(' '),
  )

describe('a line of verb and object', () => {
  test('[DK15] a unit is assigned to the open ticket, or to the one that is named', () => {
    expect(said('assign 0132')).toEqual(['assign t1 u1'])
    expect(said('assign 0132 #132')).toEqual(['assign t2 u1'])
    expect(said('assign 志愿者 0977 132')).toEqual(['assign t2 u2'])
    expect(said('assign 0132', { openTicketId: null })).toEqual(['assign u1'])
    expect(said('assign 管家 0132')).toEqual(['assign t1 u1'])
    expect(said('assign 0132 #9')).toEqual([])
    expect(said('assign')).toEqual([])
  })

  test('[DK15] duty is set by name, state last; without a state it is the other one', () => {
    expect(said('duty 0132 off')).toEqual(['duty u1 offDuty'])
    expect(said('duty gj 0132 on')).toEqual(['duty u1 onDuty'])
    expect(said('值班 0132 离岗')).toEqual(['duty u1 offDuty'])
    expect(said('duty 0132')).toEqual(['duty u1'])
    expect(said('duty off', { openUnitId: 'u2' })).toEqual(['duty u2 offDuty'])
  })

  test('[DK15] a ticket and its verb stand in either order, and a number is that ticket and no other', () => {
    for (const line of ['1042 close', '#1042 close', 'close 1042', 'close #1042', 'CLOSE', '办结 1042', '1042 办结'])
      expect(said(line), line).toEqual(['close t1'])
    expect(said('close 104')).toEqual([])
    expect(said('close 132')).toEqual(['close t2'])
    // A call sign is no ticket's number.
    expect(said('close 0132')).toEqual([])
    expect(said('close #0132')).toEqual(['close t2'])
  })

  test('[DK15] the beginning of a word is enough, of a Chinese one also in pinyin; what fits two verbs offers both', () => {
    expect(said('cl 1042')).toEqual(['close t1'])
    expect(said('bj 1042')).toEqual(['close t1'])
    expect(said('banjie 1042')).toEqual(['close t1'])
    expect(phrasesOf('c 1042', world())).toEqual([])
    const twice = world({ verbs: [...world().verbs, { id: 'closeAll', takes: 'ticket', words: ['closeall'] }] })
    expect(phrasesOf('clos 1042', twice).map(({ verb }) => verb)).toEqual(['close', 'closeAll'])
    expect(phrasesOf('close 1042', twice).map(({ verb }) => verb)).toEqual(['close'])
  })

  test('[DK15] an answer is recorded of a unit or of a ticket', () => {
    expect(said('arrive 0977')).toEqual(['arrive u2'])
    expect(said('到场 1042')).toEqual(['arrive t1'])
    expect(said('0132 arrive')).toEqual(['arrive u1'])
    expect(said('arrive')).toEqual(['arrive t1'])
  })

  test('[DK15] what is only looked for is no order, and works before the dictionary is there', () => {
    for (const line of ['和平区', '0132', 'gj 0132', '', 'assign nobody', 'assign 0132 #9', 'zz 1042'])
      expect(said(line), line).toEqual([])
    expect(said('assign 0132', { readings: noReadings })).toEqual(['assign t1 u1'])
  })
})
