/** A heap of what is due, the earliest first; equal ones in the order they came. */
export class DueQueue<T> {
  readonly #heap: { at: number; order: number; item: T }[] = []
  #order = 0

  push(at: number, item: T): void {
    const heap = this.#heap
    const entry = { at, order: this.#order++, item }
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(entry, heap[parent] as typeof entry)) break
      heap[index] = heap[parent] as typeof entry
      index = parent
    }
    heap[index] = entry
  }

  pop(): { at: number; item: T } | null {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last) return null
    if (heap.length > 0) this.#sink(last)
    return first
  }

  #sink(entry: { at: number; order: number; item: T }): void {
    const heap = this.#heap
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      const right = heap[child + 1]
      if (right && isBefore(right, heap[child] as typeof entry)) child++
      if (!isBefore(heap[child] as typeof entry, entry)) break
      heap[index] = heap[child] as typeof entry
      index = child
    }
    heap[index] = entry
  }
}

const isBefore = (a: { at: number; order: number }, b: { at: number; order: number }) =>
  a.at < b.at || (a.at === b.at && a.order < b.order)
