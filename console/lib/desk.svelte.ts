import { Persisted } from '#console/lib/persisted.svelte.ts'
import type { LngLat } from '#domain/places.ts'
import type { dispatchCommands } from '#wire/routes/dispatches.ts'
import type { ticketCommands } from '#wire/routes/tickets.ts'

export type Selection = { kind: 'ticket'; id: string } | { kind: 'unit'; id: string } | { kind: 'report' } | null

/** What the command bar has been told to do with a ticket; the card that shows it carries it out. */
export type Order =
  | { do: 'act'; ticketId: string; verb: keyof typeof ticketCommands }
  | { do: 'record'; ticketId: string; dispatchId: string; verb: keyof typeof dispatchCommands }
  | { do: 'offer'; ticketId: string; unitId: string }

export const PANES = ['queue', 'map', 'units'] as const
export type Pane = (typeof PANES)[number]

/** What the map can be asked for, always because somebody pressed something. */
export interface MapCommands {
  show(place: LngLat): void
  fitCity(): void
}

const DRAWER_PX = 440
/** From this width on the drawer stands beside the units, below it over them. */
const WIDE_PX = 1_700
const PHONE_PX = 1_024

/** How much of the map's right edge the open drawer lies over. */
export function drawerOverMapPx(windowPx: number, unitsPx: number): number {
  if (windowPx < PHONE_PX) return 0
  return windowPx >= WIDE_PX ? DRAWER_PX : Math.max(0, DRAWER_PX - unitsPx)
}

/** What this dispatcher is looking at. Selection is by id, so no update can lose it or move it to another row. */
class Desk {
  #selection: Selection = $state.raw(null)
  /** On a phone one pane is seen at a time. */
  #pane: Pane = $state('queue')
  #bar = $state(false)
  #sheet = $state(false)
  #order: Order | null = $state.raw(null)
  #picking: ((place: LngLat) => void) | null = $state.raw(null)
  readonly queueWidth = new Persisted('queueWidth', 348)
  readonly unitsWidth = new Persisted('unitsWidth', 280)
  map: MapCommands | null = null

  get selection(): Selection {
    return this.#selection
  }

  get ticketId(): string | null {
    return this.#selection?.kind === 'ticket' ? this.#selection.id : null
  }

  get unitId(): string | null {
    return this.#selection?.kind === 'unit' ? this.#selection.id : null
  }

  get pane(): Pane {
    return this.#pane
  }

  set pane(pane: Pane) {
    this.#pane = pane
  }

  get isBarOpen(): boolean {
    return this.#bar
  }

  set isBarOpen(open: boolean) {
    this.#bar = open
  }

  get isSheetOpen(): boolean {
    return this.#sheet
  }

  set isSheetOpen(open: boolean) {
    this.#sheet = open
  }

  /** Set while the next press on the map chooses a place. */
  get picking(): ((place: LngLat) => void) | null {
    return this.#picking
  }

  /** Opens the ticket and has it done there, where its forms and its refusals are seen. */
  order(order: Order): void {
    this.openTicket(order.ticketId)
    this.#order = order
  }

  orderFor(ticketId: string): Order | null {
    return this.#order?.ticketId === ticketId ? this.#order : null
  }

  orderTaken(): void {
    this.#order = null
  }

  openTicket(id: string): void {
    // An order for a card that was left without it being carried out is void.
    this.#order = null
    this.#selection = { kind: 'ticket', id }
  }

  openUnit(id: string): void {
    this.#selection = { kind: 'unit', id }
  }

  openReport(): void {
    this.#selection = { kind: 'report' }
  }

  close(): void {
    this.#selection = null
    this.#picking = null
  }

  pick(take: (place: LngLat) => void): void {
    this.#picking = (place) => {
      this.#picking = null
      take(place)
    }
    this.#pane = 'map'
  }

  stopPicking(): void {
    this.#picking = null
  }
}

export const desk = new Desk()
