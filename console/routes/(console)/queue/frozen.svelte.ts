import { keepOrder, type Queue, type QueueRow } from '#console/lib/feed/queue.ts'

/** After this long without a movement the list is no longer held: a pointer left lying on it must not hide what is urgent. */
const HELD_MS = 10_000

const idOf = (row: QueueRow) => row.ticket.id

/** Holds the order of the queue while somebody points at it or moves in it. */
export class Frozen {
  #isFrozen = $state(false)
  #order: string[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  get isFrozen(): boolean {
    return this.#isFrozen
  }

  /** An attachment: a pointer that moves, the focus or a key inside the element holds the order; leaving it lets go. */
  readonly hold = (element: HTMLElement) => {
    const ended = new AbortController()
    const { signal } = ended
    for (const kind of ['pointermove', 'focusin', 'keydown'] as const)
      element.addEventListener(kind, () => this.touch(), { signal })
    element.addEventListener('pointerleave', () => this.release(), { signal })
    return () => ended.abort()
  }

  touch(): void {
    this.#isFrozen = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.release(), HELD_MS)
  }

  release(): void {
    clearTimeout(this.#timer)
    this.#isFrozen = false
  }

  /** The rows as they are to be shown; remembers the order in which they were shown last. */
  arrange(fresh: Queue): Queue {
    const shown = this.#isFrozen
      ? {
          unassigned: keepOrder(fresh.unassigned, this.#order, idOf),
          lost: keepOrder(fresh.lost, this.#order, idOf),
          assigned: keepOrder(fresh.assigned, this.#order, idOf),
          suspended: keepOrder(fresh.suspended, this.#order, idOf),
          finishing: keepOrder(fresh.finishing, this.#order, idOf),
        }
      : fresh
    this.#order = rowsOf(shown).map(idOf)
    return shown
  }

  /** Whether some row would stand elsewhere. */
  isElsewhere(fresh: Queue): boolean {
    return rowsOf(fresh).some((row, n) => this.#order[n] !== idOf(row))
  }
}

const rowsOf = (queue: Queue) => [
  ...queue.unassigned,
  ...queue.lost,
  ...queue.assigned,
  ...queue.suspended,
  ...queue.finishing,
]
