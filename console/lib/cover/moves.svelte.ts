import { call, type Refusal } from '#console/lib/api.ts'
import type { SuggestedMove } from '#domain/cover-moves.ts'
import { coverMoves } from '#wire/routes/cover.ts'
import { liveCover } from './live.svelte.ts'

/** What stands where changes by the second; a proposal should hold still long enough to be read. */
const AGAIN_MS = 10_000

/** The moves proposed while somebody looks at them. */
class Moves {
  #isOpen = $state(false)
  #moves: readonly SuggestedMove[] | null = $state.raw(null)
  #refusal: Refusal | null = $state.raw(null)
  /** Whose move is looked at. */
  chosen: string | null = $state(null)
  #timer: ReturnType<typeof setInterval> | undefined
  #turn = 0

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** null = not known yet. */
  get all(): readonly SuggestedMove[] | null {
    return this.#moves
  }

  get refusal(): Refusal | null {
    return this.#refusal
  }

  open(): void {
    this.#isOpen = true
    this.chosen = null
    this.#moves = null
    void this.read()
    this.#timer ??= setInterval(() => void this.read(), AGAIN_MS)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#turn++
    this.#isOpen = false
    this.#moves = null
    this.chosen = null
  }

  async read(): Promise<void> {
    const turn = ++this.#turn
    const { asked } = liveCover
    const told = await call(coverMoves, { query: asked === null ? {} : { skill: asked } })
    if (turn !== this.#turn) return
    this.#refusal = told.ok ? null : told
    this.#moves = told.ok ? told.answer.moves : null
  }
}

export const moves = new Moves()
