import { describe, expect, test } from 'vitest'
import { NOTES, REPEAT_MS, TONES, toneFor } from '#console/lib/alarm/tones.ts'

describe('alarms', () => {
  test('[DK6] only the gravest of what is open sounds, and silence follows the last acknowledgement', () => {
    expect(toneFor(['newTicket', 'arriveBreach', 'arriveWarning'])).toBe('breach')
    expect(toneFor(['newTicket', 'emergencyReport'])).toBe('emergency')
    expect(toneFor([])).toBeNull()
  })

  test('[DK6] no two classes have the same rhythm and pitch, and the graver is heard again sooner', () => {
    const tunes = TONES.map((tone) => JSON.stringify(NOTES[tone]))
    expect(new Set(tunes).size).toBe(TONES.length)
    const repeats = TONES.map((tone) => REPEAT_MS[tone])
    expect(repeats).toEqual([...repeats].sort((a, b) => a - b))
  })

  test('[DK6] a tone has ended before it begins again', () => {
    for (const tone of TONES) {
      const endMs = Math.max(...NOTES[tone].map(({ at, length }) => (at + length) * 1_000))
      expect(endMs).toBeLessThan(REPEAT_MS[tone])
    }
  })
})
