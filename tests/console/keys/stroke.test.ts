import { describe, expect, test } from 'vitest'
import { printed, type Stroke, stroke } from '#console/lib/keys/stroke.ts'

const press = (key: string, code: string, more: Partial<Stroke> = {}): Stroke => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})

describe('a key press', () => {
  test('[DK11] has one name whatever the lock or the layout of signs', () => {
    expect(stroke(press('n', 'KeyN'))).toBe('n')
    expect(stroke(press('N', 'KeyN', { shiftKey: true }))).toBe('shift+n')
    expect(stroke(press('N', 'KeyN'))).toBe('n')
    expect(stroke(press('?', 'Slash', { shiftKey: true }))).toBe('?')
    expect(stroke(press('k', 'KeyK', { ctrlKey: true }))).toBe('ctrl+k')
    expect(stroke(press('k', 'KeyK', { metaKey: true }))).toBe('ctrl+k')
  })

  test('[DK11] means the same with a Chinese input method on, and nothing while it composes', () => {
    expect(stroke(press('Process', 'KeyJ'))).toBe('j')
    expect(stroke(press('？', 'Slash', { shiftKey: true }))).toBe('?')
    expect(stroke(press('、', 'Slash'))).toBe('/')
    expect(stroke(press('n', 'KeyN', { isComposing: true }))).toBeNull()
  })

  test('[DK11] alone of Shift, Control or Alt is no shortcut', () => {
    expect(stroke(press('Shift', 'ShiftLeft', { shiftKey: true }))).toBeNull()
    expect(stroke(press('n', 'KeyN', { altKey: true }))).toBeNull()
  })

  test('is printed as it is pressed', () => {
    expect(printed('shift+h')).toEqual(['⇧', 'H'])
    expect(printed('ctrl+k')).toEqual(['Ctrl', 'K'])
    expect(printed('Escape')).toEqual(['Esc'])
  })
})
