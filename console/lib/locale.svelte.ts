import {
  baseLocale,
  isLocale,
  type Locale,
  locales,
  localStorageKey,
  overwriteGetLocale,
} from '#console/lib/paraglide/runtime.js'

const stored = readStored()
let current: Locale = $state(stored ?? baseLocale)
let isChosen = stored !== null
document.documentElement.lang = stored ?? baseLocale

// Messages ask getLocale() at each call: with a rune behind it, every text on the page follows a change without a reload.
overwriteGetLocale(() => current)

export const locale = {
  all: locales,
  get current(): Locale {
    return current
  },
  set current(next: Locale) {
    isChosen = true
    show(next)
    try {
      localStorage.setItem(localStorageKey, next)
    } catch {
      // Private windows may refuse: the choice then lives as long as the page.
    }
  },
  /** The city's own language, until the person has chosen one. */
  suggest(next: Locale): void {
    if (!isChosen) show(next)
  },
}

function show(next: Locale) {
  current = next
  document.documentElement.lang = next
}

function readStored(): Locale | null {
  try {
    const kept = localStorage.getItem(localStorageKey)
    return isLocale(kept) ? kept : null
  } catch {
    return null
  }
}
