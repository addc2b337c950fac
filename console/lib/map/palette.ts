/** The design tokens (app.css) as a canvas needs them; read again when the theme changes. */
const TOKENS = {
  surface: '--surface-1',
  raised: '--surface-2',
  ink: '--ink',
  ink2: '--ink-2',
  ink3: '--ink-3',
  inverse: '--ink-inverse',
  line: '--map-line',
  land: '--map-land',
  danger: '--danger-solid',
  caution: '--caution-solid',
  focus: '--focus',
  available: '--unit-available',
  byPhone: '--unit-phone',
  onTask: '--unit-task',
  grey: '--unit-grey',
  dangerText: '--danger',
  cautionText: '--caution',
} as const

export type Palette = Record<keyof typeof TOKENS, string> & { font: string }

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const colours = Object.fromEntries(
    Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(token).trim()]),
  )
  return { ...(colours as Record<keyof typeof TOKENS, string>), font: style.fontFamily }
}
