import { MediaQuery } from 'svelte/reactivity'
import { Persisted } from './persisted.svelte.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

class ThemeChoice {
  #preference = new Persisted<Theme>('theme', 'system')
  #systemDark = new MediaQuery('(prefers-color-scheme: dark)', false)

  get preference(): Theme {
    return this.#preference.current
  }

  set preference(theme: Theme) {
    this.#preference.current = theme
  }

  /** What is shown: never `system`. */
  get current(): 'light' | 'dark' {
    const chosen = this.#preference.current
    return chosen === 'system' ? (this.#systemDark.current ? 'dark' : 'light') : chosen
  }

  /** From one choice to the next, for a single key. */
  turn(): void {
    this.preference = this.current === 'dark' ? 'light' : 'dark'
  }
}

export const theme = new ThemeChoice()
