/** A value kept in this browser under `hongguan.<name>`. Storage that is full or forbidden costs the memory, not the page. */
export class Persisted<T> {
  #key: string
  #value: T

  constructor(name: string, fallback: T) {
    this.#key = `hongguan.${name}`
    this.#value = $state.raw(read(this.#key) ?? fallback)
  }

  get current(): T {
    return this.#value
  }

  set current(value: T) {
    this.#value = value
    try {
      localStorage.setItem(this.#key, JSON.stringify(value))
    } catch {
      // Private windows may refuse: the value then lives as long as the page.
    }
  }
}

function read<T>(key: string): T | null {
  try {
    const kept = localStorage.getItem(key)
    return kept === null ? null : (JSON.parse(kept) as T)
  } catch {
    return null
  }
}
