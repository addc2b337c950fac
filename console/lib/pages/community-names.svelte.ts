import { SvelteMap } from 'svelte/reactivity'
import { call } from '#console/lib/api.ts'
import type { Ticket } from '#domain/ticket.ts'
import { communities } from '#wire/routes/places.ts'

/** Names of communities for a phone: one sub-district at a time, when a ticket of it turns up; the whole city would be megabytes. */
class CommunityNames {
  #names = new SvelteMap<string, string>()
  #asked = new Set<string>()

  of(ticket: Pick<Ticket, 'communityId'>): string | null {
    return ticket.communityId === null ? null : (this.#names.get(ticket.communityId) ?? null)
  }

  learn(communityId: string, name: string): void {
    this.#names.set(communityId, name)
  }

  async need({ subdistrictCode, communityId }: Pick<Ticket, 'subdistrictCode' | 'communityId'>): Promise<void> {
    if (subdistrictCode === null || communityId === null || this.#asked.has(subdistrictCode)) return
    this.#asked.add(subdistrictCode)
    const told = await call(communities, { query: { subdistrict: subdistrictCode } })
    if (told.ok) for (const each of told.answer) this.#names.set(each.id, each.name)
    // Asked again with the next ticket of it.
    else this.#asked.delete(subdistrictCode)
  }
}

export const communityNames = new CommunityNames()
