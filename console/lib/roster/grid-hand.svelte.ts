import type { RosterEdit } from '#wire/roster-shapes.ts'
import type { RosterDesk } from './desk.svelte.ts'
import { kindForKey } from './kinds.ts'
import type { Place } from './selection.svelte.ts'
import type { Sheet } from './sheet.svelte.ts'

const STEPS: Record<string, Place> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
}
const FAR = 100_000

/** What was copied: shifts by their distance from the top left cell. */
interface Copied extends Place {
  shiftId: string | null
}

/** Keys and pointer in the grid: move, extend, set, clear, drag, copy. */
export class GridHand {
  readonly #desk: RosterDesk
  readonly #sheet: Sheet
  #from: Place | null = null
  #isSelecting = false
  #over: Place | null = $state.raw(null)
  #copied: Copied[] = []

  constructor(desk: RosterDesk, sheet: Sheet) {
    this.#desk = desk
    this.#sheet = sheet
  }

  get isDragging(): boolean {
    return this.#over !== null
  }

  isDropAt(row: number, column: number): boolean {
    const by = this.#by()
    return by !== null && this.#desk.selection.has(row - by.row, column - by.column)
  }

  /** Answers whether the key meant something here. */
  press(event: KeyboardEvent, page: number): boolean {
    if (event.ctrlKey || event.metaKey) return this.#pressWithControl(event)
    if (event.altKey) return false
    const { selection } = this.#desk
    const step = STEPS[event.key] ?? this.#farStep(event.key, page)
    if (step) {
      selection.move(step, this.#most(), event.shiftKey)
      return true
    }
    if (event.key === 'Delete' || event.key === 'Backspace') {
      this.#desk.fill(null)
      return true
    }
    if (event.key === 'Escape' && (this.#over || selection.count > 1)) {
      this.cancel()
      selection.to(selection.active)
      return true
    }
    if (event.shiftKey || event.isComposing) return false
    const kind = this.#desk.mayEdit ? kindForKey(this.#desk.activeKinds, event.key) : null
    if (kind) this.#desk.fill(kind.id)
    return kind !== null
  }

  down(event: PointerEvent): void {
    const place = placeOf(event)
    if (!place || event.button !== 0) return
    const { selection } = this.#desk
    if (event.shiftKey) {
      selection.to(place, true)
      return
    }
    const isInside = selection.count > 1 && selection.has(place.row, place.column)
    if (!isInside) selection.to(place)
    // A finger scrolls; it takes cells one by one and sets them with the buttons below.
    if (event.pointerType === 'touch') return
    if (this.#desk.mayEdit && (isInside || this.#isFilled(place))) this.#from = place
    else this.#isSelecting = true
  }

  over(event: PointerEvent): void {
    if (!this.#from && !this.#isSelecting) return
    const place = placeOf(event)
    if (!place) return
    if (this.#isSelecting) this.#desk.selection.to(place, true)
    else if (place.row !== this.#from?.row || place.column !== this.#from.column || this.#over) this.#over = place
  }

  up(event: PointerEvent): void {
    const by = this.#by()
    const isCopy = event.ctrlKey || event.altKey || event.metaKey
    const wasClick = this.#from !== null && this.#over === null
    if (by && (by.row !== 0 || by.column !== 0)) this.#drop(by, isCopy)
    else if (wasClick && this.#from) this.#desk.selection.to(this.#from)
    this.cancel()
  }

  cancel(): void {
    this.#from = null
    this.#over = null
    this.#isSelecting = false
  }

  #pressWithControl(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase()
    if (key === 'z' && !event.shiftKey) this.#sheet.undo()
    else if (key === 'y' || (key === 'z' && event.shiftKey)) this.#sheet.redo()
    else if (key === 'c') this.#copied = this.#read()
    else if (key === 'v') this.#paste()
    else if (key === 'a') {
      this.#desk.selection.to({ row: 0, column: 0 })
      this.#desk.selection.to(this.#most(), true)
    } else return false
    return true
  }

  #farStep(key: string, page: number): Place | null {
    if (key === 'PageUp') return { row: -page, column: 0 }
    if (key === 'PageDown') return { row: page, column: 0 }
    if (key === 'Home') return { row: 0, column: -FAR }
    return key === 'End' ? { row: 0, column: FAR } : null
  }

  #most(): Place {
    return { row: this.#desk.people.length - 1, column: this.#sheet.columns.length - 1 }
  }

  #by(): Place | null {
    if (!this.#from || !this.#over) return null
    return { row: this.#over.row - this.#from.row, column: this.#over.column - this.#from.column }
  }

  #isFilled({ row, column }: Place): boolean {
    return this.#shiftAt({ row, column }) !== null
  }

  #shiftAt({ row, column }: Place): string | null {
    const person = this.#desk.people[row]
    const day = this.#sheet.columns[column]?.day
    return (person && day && this.#sheet.entriesAt(person.unitId, day)[0]?.shiftId) || null
  }

  #editAt({ row, column }: Place, shiftId: string | null): RosterEdit[] {
    const person = this.#desk.people[row]
    const day = this.#sheet.columns[column]?.day
    return person && day ? [this.#desk.cellEdit(person.unitId, day, shiftId)] : []
  }

  /** What is dropped replaces what was there; empty cells of the block carry nothing. */
  #drop(by: Place, isCopy: boolean): void {
    const filled = this.#desk.selection.places().filter((place) => this.#isFilled(place))
    const moved = filled.flatMap((place) =>
      this.#editAt({ row: place.row + by.row, column: place.column + by.column }, this.#shiftAt(place)),
    )
    const cleared = isCopy ? [] : filled.flatMap((place) => this.#editAt(place, null))
    const { active } = this.#desk.selection
    // The last word on a cell wins: a block moved by one covers part of itself.
    this.#desk.edit([...new Map([...cleared, ...moved].map((edit) => [`${edit.personId} ${edit.day}`, edit])).values()])
    this.#desk.selection.to({ row: active.row + by.row, column: active.column + by.column })
  }

  #read(): Copied[] {
    const { rows, columns } = this.#desk.selection
    return this.#desk.selection.places().map((place) => ({
      row: place.row - rows[0],
      column: place.column - columns[0],
      shiftId: this.#shiftAt(place),
    }))
  }

  #paste(): void {
    const { rows, columns } = this.#desk.selection
    this.#desk.edit(
      this.#copied.flatMap(({ row, column, shiftId }) =>
        this.#editAt({ row: rows[0] + row, column: columns[0] + column }, shiftId),
      ),
    )
  }
}

function placeOf(event: PointerEvent): Place | null {
  const cell = (event.target as Element | null)?.closest<HTMLElement>('[data-column]')
  return cell ? { row: Number(cell.dataset.row), column: Number(cell.dataset.column) } : null
}
