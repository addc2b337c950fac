import type { Db } from '#db/connect.ts'
import { type Grant, may } from '#domain/access.ts'
import type { Asked } from '#domain/cover.ts'
import type { SuggestedMove } from '#domain/cover-moves.ts'
import { type CoverState, inOrder, placesKeyOf } from '#domain/cover-state.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import type { Clock } from '#server/clock.ts'
import type { FleetView } from '#server/fleet/view.ts'
import { communitiesOf } from '#server/places/queries.ts'
import type { Ticker } from '#server/ticker.ts'
import { TenantCover } from './tenant-cover.ts'

/** One console's subscription: what it asks about, or `false` for nothing. */
export interface CoverWatching {
  watch(asked: Asked | false): Promise<CoverState | null>
  stop(): void
}

export interface LiveCover {
  /** null: these grants may not see the cover. */
  join(grants: readonly Grant[], tenant: string, send: (state: CoverState) => void): CoverWatching | null
  state(tenant: string, asked: Asked): Promise<CoverState>
  moves(tenant: string, asked: Asked): Promise<{ at: Instant; moves: SuggestedMove[] }>
  stop(): void
}

/** CV6: told at most so often, and at least so often though nothing has changed: silence would look like calm. */
const TELL_MS = 2 * SECOND_MS
const STILL_TOLD_EVERY = 3
/** Communities that were added or have moved are met at the latest so long after. */
const PLACES_MS = MINUTE_MS
const MOVES_EVERY_MS = 3 * SECOND_MS
/** A cover nobody has asked about for so long is forgotten. */
const IDLE_MS = 5 * MINUTE_MS

interface Watcher {
  asked: Asked | false
  send(state: CoverState): void
}

interface Kept {
  cover: TenantCover
  readAt: Instant
  askedAt: Instant
  quiet: number
}

interface Opening {
  db: Db
  clock: Clock
  ticker: Ticker
  fleet: FleetView
}

/** The cover of every city somebody looks at, in the memory of the process that has the fleet. */
export function openCover({ db, clock, ticker, fleet }: Opening): LiveCover {
  const kept = new Map<string, Promise<Kept>>()
  const watchers = new Map<string, Set<Watcher>>()

  const read = async (tenant: string, before: Kept | null): Promise<Kept> => {
    const places = inOrder(await communitiesOf(db, tenant))
    const now = clock.now()
    // What has been counted stands as long as the places do.
    const cover = before?.cover.placesKey === placesKeyOf(places) ? before.cover : new TenantCover(places)
    return { cover, readAt: now, askedAt: now, quiet: 0 }
  }
  const of = async (tenant: string): Promise<Kept> => {
    const known = kept.get(tenant)
    const found = known ?? read(tenant, null)
    if (!known) {
      kept.set(tenant, found)
      found.catch(() => kept.delete(tenant))
    }
    const one = await found
    one.askedAt = clock.now()
    return one
  }
  const looked = async (tenant: string): Promise<TenantCover> => {
    const { cover } = await of(tenant)
    cover.look(fleet, tenant, clock.now())
    return cover
  }

  const tell = async (tenant: string, found: Promise<Kept>) => {
    const one = await found
    const now = clock.now()
    const theirs = [...(watchers.get(tenant) ?? [])].filter(({ asked }) => asked !== false)
    if (theirs.length === 0) {
      if (now - one.askedAt > IDLE_MS) kept.delete(tenant)
      return
    }
    if (now - one.readAt > PLACES_MS) {
      one.readAt = now
      const again = await read(tenant, one)
      kept.set(tenant, Promise.resolve(again))
      return tell(tenant, Promise.resolve(again))
    }
    const isOther = one.cover.look(fleet, tenant, now)
    one.quiet = isOther ? 0 : one.quiet + 1
    if (one.quiet % STILL_TOLD_EVERY !== 0) return
    const made = new Map<Asked, CoverState>()
    for (const { asked, send } of theirs) {
      const about = asked as Asked
      const state = made.get(about) ?? one.cover.state(about, now)
      made.set(about, state)
      send(state)
    }
  }
  const stop = ticker.every(TELL_MS, () => {
    // A city that cannot be read is silent, and its consoles see how old their number is.
    for (const [tenant, found] of kept) void tell(tenant, found).catch(() => undefined)
  })

  return {
    join(grants, tenant, send) {
      if (!may(grants, 'cover.read', { tenant })) return null
      const watcher: Watcher = { asked: false, send }
      const here = watchers.get(tenant) ?? new Set()
      watchers.set(tenant, here.add(watcher))
      return {
        watch: async (asked) => {
          watcher.asked = asked
          return asked === false ? null : (await looked(tenant)).state(asked, clock.now())
        },
        stop: () => {
          here.delete(watcher)
          if (here.size === 0 && watchers.get(tenant) === here) watchers.delete(tenant)
        },
      }
    },
    state: async (tenant, asked) => (await looked(tenant)).state(asked, clock.now()),
    moves: async (tenant, asked) => (await looked(tenant)).moves(asked, clock.now(), MOVES_EVERY_MS * clock.speed),
    stop,
  }
}
