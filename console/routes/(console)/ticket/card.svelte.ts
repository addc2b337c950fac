import { call, type Refusal } from '#console/lib/api.ts'
import { feed } from '#console/lib/feed/feed.svelte.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { LogEntry, Ticket } from '#domain/ticket.ts'
import { type TicketCard, ticketCard } from '#wire/routes/tickets.ts'

/** One open ticket: what was read when it was opened, with everything the feed has told since laid over it. */
export class Card {
  readonly id: string
  #read: TicketCard | null = $state.raw(null)
  #refusal: Refusal | null = $state.raw(null)

  constructor(id: string) {
    this.id = id
  }

  get ticket(): Ticket | null {
    const read = this.#read?.ticket ?? null
    const told = feed.tickets.get(this.id) ?? null
    return told && (!read || told.updatedAt >= read.updatedAt) ? told : read
  }

  get log(): LogEntry[] {
    const rows = new Map<number, LogEntry>()
    for (const row of this.#read?.log ?? []) rows.set(row.n, row)
    for (const row of feed.logOf(this.id)) rows.set(row.n, row)
    return [...rows.values()].sort((a, b) => a.n - b.n)
  }

  get dispatches(): Dispatch[] {
    const rows = new Map<string, Dispatch>()
    for (const row of this.#read?.dispatches ?? []) rows.set(row.id, row)
    for (const row of feed.dispatchesOf(this.id)) rows.set(row.id, row)
    return [...rows.values()].sort((a, b) => b.offeredAt - a.offeredAt)
  }

  /** What the desk of an account is called; null until a card has been read that names it. */
  nameOf(userId: string): string | null {
    return this.#read?.names[userId] ?? null
  }

  /** Accounts in the log that the card read last does not name: somebody new has done something. */
  get unnamed(): number {
    const ids = this.log.flatMap(({ actor }) => (actor.kind === 'user' && actor.id !== null ? [actor.id] : []))
    return new Set(ids.filter((id) => this.nameOf(id) === null)).size
  }

  get read(): TicketCard | null {
    return this.#read
  }

  get refusal(): Refusal | null {
    return this.#refusal
  }

  async load(): Promise<void> {
    const told = await call(ticketCard, { params: { id: this.id } })
    if (told.ok) this.#read = told.answer
    this.#refusal = told.ok ? null : told
  }
}
