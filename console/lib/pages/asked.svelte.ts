import type { Refusal } from '#console/lib/api.ts'

type Told<T> = { ok: true; answer: T } | Refusal

/** Something a page reads from the server: not yet here, here, or refused; and how to read it again. */
export class Asked<T> {
  #answer: T | null = $state.raw(null)
  #refusal: Refusal | null = $state.raw(null)
  readonly #ask: () => Promise<Told<T>>
  #turn = 0

  constructor(ask: () => Promise<Told<T>>) {
    this.#ask = ask
  }

  get answer(): T | null {
    return this.#answer
  }

  get refusal(): Refusal | null {
    return this.#refusal
  }

  /** The old answer stays until the new one is here; a slower answer to an earlier question is let go. */
  read = async (): Promise<void> => {
    const turn = ++this.#turn
    const told = await this.#ask()
    if (turn !== this.#turn) return
    this.#refusal = told.ok ? null : told
    if (told.ok) this.#answer = told.answer
  }

  /** A change this page made itself: shown without asking again. */
  show(answer: T): void {
    this.#turn++
    this.#refusal = null
    this.#answer = answer
  }
}
