import { HOUR_MS, type Instant } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import type { Me } from '#wire/routes/people.ts'
import type { TenantFace } from '#wire/routes/places.ts'
import type { TicketCard } from '#wire/routes/tickets.ts'
import type { Job } from './field-jobs.ts'
import { done, openBox, type Sealed } from './sealed-box.ts'

/** What a phone last knew: enough to open the field page without network and go on with the task in hand. */
export interface KeptPage {
  me: Me
  tenant: TenantFace
  unit: Unit | null
  /** Open offers and tasks of the unit. */
  jobs: Job[]
  /** With the resident's number: a call needs no data. */
  cards: TicketCard[]
  /** Names of the communities the jobs lie in. */
  names: [string, string][]
  /** Server time, and how far it was ahead of this phone's clock. */
  at: Instant
  aheadMs: number
}

/** A shift. What is older says nothing of today, and a phone left lying should not tell of residents for ever. */
const KEPT_MS = 12 * HOUR_MS
const KEY = 'field'

interface Row extends Sealed {
  key: string
}

/** Newer than a shift by the phone's clock, or nothing; what is too old is dropped. */
export async function readKeptPage(): Promise<KeptPage | null> {
  const box = await openBox()
  if (!box) return null
  const row = await done<Row | undefined>(box.shelf('pages').get(KEY))
  if (!row) return null
  try {
    const kept: KeptPage = JSON.parse(new TextDecoder().decode(await box.unseal(row)))
    if (Math.abs(Date.now() + kept.aheadMs - kept.at) <= KEPT_MS) return kept
  } catch {
    // Kept under another key, or by a page that wrote it otherwise: as good as nothing.
  }
  await forgetKeptPage()
  return null
}

export async function keepPage(page: KeptPage): Promise<void> {
  const box = await openBox()
  if (!box) return
  const row: Row = { key: KEY, ...(await box.seal(new TextEncoder().encode(JSON.stringify(page)))) }
  await done(box.shelf('pages', 'readwrite').put(row))
}

/** With the account: who signs out leaves nothing behind that could be read. */
export async function forgetKeptPage(): Promise<void> {
  const box = await openBox()
  if (box) await done(box.shelf('pages', 'readwrite').delete(KEY))
}
