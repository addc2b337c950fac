import { describe, expect, test } from 'vitest'
import { changeDuty } from '#domain/duty.ts'
import { DUTY_STATES, type Unit } from '#domain/units.ts'
import { unitRow } from '#tests/support/fleet-city.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const unit = (over: Partial<Unit>) => unitRow('a', 1, NOW - 60_000, over)

describe('duty', () => {
  test('[FL16] by word it is on or off, and begins anew', () => {
    const went = changeDuty(unit({ duty: 'offDuty' }), 'onDuty', NOW)
    expect(went).toMatchObject({ ok: true, unit: { duty: 'onDuty', dutySince: NOW } })
  })

  test('[FL16] nobody is made busy by word', () => {
    for (const duty of DUTY_STATES)
      expect(changeDuty(unit({ duty }), 'busy', NOW)).toEqual({ ok: false, why: 'notInThisState' })
  })

  test('[FL16] who has a task stays, save a volunteer', () => {
    expect(changeDuty(unit({ duty: 'busy' }), 'offDuty', NOW)).toEqual({ ok: false, why: 'unitBusy' })
    expect(changeDuty(unit({ duty: 'busy', kind: 'volunteer' }), 'offDuty', NOW).ok).toBe(true)
    expect(changeDuty(unit({ duty: 'busy', kind: 'volunteer' }), 'onDuty', NOW)).toEqual({ ok: false, why: 'unitBusy' })
  })

  test('[FL16] what is so already changes nothing', () => {
    const same = unit({ duty: 'onDuty' })
    expect(changeDuty(same, 'onDuty', NOW)).toEqual({ ok: true, unit: same })
  })
})
