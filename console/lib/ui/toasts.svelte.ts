import type { Refusal } from '#console/lib/api.ts'
import { refusalText } from '#console/lib/refusal-text.ts'

export interface Toast {
  id: number
  text: string
  tone: 'done' | 'wrong'
}

/** A success goes by itself; a refusal stays until it is read and put away. */
const DONE_STAYS_MS = 5_000

class Toasts {
  #list: Toast[] = $state.raw([])
  #next = 1

  get list(): readonly Toast[] {
    return this.#list
  }

  done(text: string): void {
    const id = this.#add(text, 'done')
    setTimeout(() => this.dismiss(id), DONE_STAYS_MS)
  }

  refused(refusal: Refusal): void {
    this.#add(refusalText(refusal), 'wrong')
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id)
  }

  #add(text: string, tone: Toast['tone']): number {
    const id = this.#next++
    // The same refusal twice is one fact; four at a time are as many as anybody reads.
    this.#list = [...this.#list.filter((toast) => toast.text !== text), { id, text, tone }].slice(-4)
    return id
  }
}

export const toasts = new Toasts()

/** The answer, or null after the person has been told why not. */
export async function attempt<T>(asked: Promise<{ ok: true; answer: T } | Refusal>, done?: string): Promise<T | null> {
  const told = await asked
  if (!told.ok) {
    toasts.refused(told)
    return null
  }
  if (done) toasts.done(done)
  return told.answer
}
