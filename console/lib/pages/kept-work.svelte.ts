import { feed } from '#console/lib/feed/feed.svelte.ts'
import { serverTime } from '#console/lib/server-time.svelte.ts'
import { session } from '#console/lib/session.svelte.ts'
import type { Instant } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import type { Me } from '#wire/routes/people.ts'
import type { TicketCard } from '#wire/routes/tickets.ts'
import { communityNames } from './community-names.svelte.ts'
import { type Job, openJobs, type Rows, rowsOf } from './field-jobs.ts'
import { type KeptPage, keepPage, readKeptPage } from './kept-page.ts'

/** A burst of news is written down once. */
const SETTLE_MS = 500

/** Lets a page that was opened without network speak for the account it was last opened with; false = nothing is kept. */
export async function enterKept(): Promise<boolean> {
  const kept = await readKeptPage()
  if (!kept) return false
  serverTime.learn(Date.now() + kept.aheadMs)
  session.enterKept(kept.me, kept.tenant)
  return true
}

/** The unit's work as the feed tells it; until the feed has spoken, as it was kept. */
export class KeptWork {
  #kept: KeptPage | null = $state.raw(null)
  #cards = new Map<string, TicketCard>()
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #me: Me
  readonly #unitId: string

  constructor(me: Me, unitId: string) {
    this.#me = me
    this.#unitId = unitId
  }

  async begin(): Promise<void> {
    const kept = await readKeptPage()
    if (kept?.me.userId !== this.#me.userId) return
    for (const card of kept.cards) this.#cards.set(card.ticket.id, card)
    for (const [id, name] of kept.names) communityNames.learn(id, name)
    this.#kept = kept
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** Of when what is shown is, while it is shown from what was kept. */
  get keptAt(): Instant | null {
    return this.#isFromFeed ? null : (this.#kept?.at ?? null)
  }

  get rows(): Rows {
    return this.#isFromFeed || !this.#kept
      ? { dispatches: feed.dispatches, tickets: feed.tickets }
      : rowsOf(this.#kept.jobs)
  }

  get unit(): Unit | null {
    return this.#isFromFeed || !this.#kept ? (feed.units.get(this.#unitId) ?? null) : this.#kept.unit
  }

  cardOf(ticketId: string): TicketCard | null {
    return this.#cards.get(ticketId) ?? null
  }

  learnCard(card: TicketCard): void {
    this.#cards.set(card.ticket.id, card)
    this.keep()
  }

  /** Call with every change of what the feed tells of the unit. */
  keep(): void {
    const { tenant } = session
    if (!this.#isFromFeed || !tenant || session.isKept) return
    const jobs = openJobs(this.rows, this.#unitId)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void keepPage(this.#pageOf(jobs, tenant)).catch(() => undefined), SETTLE_MS)
  }

  get #isFromFeed(): boolean {
    return feed.snapshots > 0
  }

  #pageOf(jobs: Job[], tenant: KeptPage['tenant']): KeptPage {
    const tickets = new Set(jobs.map(({ ticket }) => ticket.id))
    return {
      me: this.#me,
      tenant,
      unit: this.unit,
      jobs,
      cards: [...this.#cards.values()].filter((card) => tickets.has(card.ticket.id)),
      names: jobs.flatMap(({ ticket }): [string, string][] => {
        const name = communityNames.of(ticket)
        return ticket.communityId !== null && name !== null ? [[ticket.communityId, name]] : []
      }),
      at: serverTime.exact(),
      aheadMs: serverTime.exact() - Date.now(),
    }
  }
}
