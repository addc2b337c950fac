const NOT_A_STROKE = new Set(['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'Dead'])

/** What the key event needs; the browser's own event fits. */
export interface Stroke {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
  isComposing?: boolean
  repeat?: boolean
}

/**
 * The name of a key press: `n`, `shift+h`, `?`, `ctrl+k`, `Enter`; null for what is no shortcut. With a Chinese input
 * method on, `key` is `Process` or a full-width sign, so letters are then read from the physical key.
 */
export function stroke(event: Stroke): string | null {
  if (event.isComposing || event.altKey || NOT_A_STROKE.has(event.key)) return null
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]
  const plain = /^[\x20-\x7e]$/.test(event.key) ? event.key : (letter ?? FULL_WIDTH[event.key] ?? event.key)
  if (plain === 'Process') return null
  const isLetter = /^[a-z]$/i.test(plain)
  const name = isLetter ? plain.toLowerCase() : plain
  if (event.ctrlKey || event.metaKey) return `ctrl+${name}`
  return isLetter && event.shiftKey ? `shift+${name}` : name
}

/** The same physical keys with a Chinese input method on. */
const FULL_WIDTH: Record<string, string> = {
  '、': '/',
  '／': '/',
  '？': '?',
  '【': '[',
  '】': ']',
  '＝': '=',
  '－': '-',
  '＋': '+',
}

/** Whether a press belongs to the text somebody is writing (or to a list they are moving in), not to a shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'range', 'file'].includes(target.type)
  return target.closest('[role="menu"], [role="listbox"], [role="combobox"]') !== null
}

const PRINTED: Record<string, string> = {
  shift: '⇧',
  ctrl: 'Ctrl',
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ' ': '␣',
}

/** How a key is printed on a button. */
export const printed = (key: string): string[] =>
  (key === '+' ? ['+'] : key.split('+')).map((part) => PRINTED[part] ?? (part.length === 1 ? part.toUpperCase() : part))
