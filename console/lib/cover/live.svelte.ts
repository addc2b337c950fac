import { link } from '#console/lib/link.svelte.ts'
import { Persisted } from '#console/lib/persisted.svelte.ts'
import { places } from '#console/lib/places.svelte.ts'
import type { Asked } from '#domain/cover.ts'
import { type CoverState, inOrder, isInsideAt, placesKeyOf } from '#domain/cover-state.ts'
import { SKILLS } from '#domain/units.ts'
import { coverFace, OLD_AFTER_MS } from './face.ts'

/** How often the page looks at how old its number is. */
const LOOK_MS = 1_000

/** The live five-minute cover as this console was last told it, over the link's socket. */
class LiveCover {
  readonly #kept = new Persisted<Asked>('coverSkill', null)
  #state: CoverState | null = $state.raw(null)
  #isOld = $state(false)
  #heardAt = Number.NEGATIVE_INFINITY
  readonly #order = $derived(inOrder(places.communities.values()))
  readonly #key = $derived(placesKeyOf(this.#order))

  get asked(): Asked {
    return SKILLS.find((skill) => skill === this.#kept.current) ?? null
  }

  set asked(asked: Asked) {
    this.#kept.current = asked
    // What stood for another question is no answer to this one.
    this.#state = null
    this.#ask()
  }

  /** What may be shown as a figure: null while it is not known, or is no longer. */
  get now(): CoverState | null {
    return coverFace(this.#state, {
      asked: this.asked,
      silentMs: link.silentMs,
      isOffline: link.isOffline,
      isOld: this.#isOld,
    })
  }

  /** When it was last known. */
  get last(): CoverState | null {
    return this.#state
  }

  /** By community id; null while nothing is known, or of another list of communities than this page has. */
  get inside(): ((id: string) => boolean) | null {
    const state = this.now
    if (!state || state.placesKey !== this.#key) return null
    const at = new Map(this.#order.map(({ id }, place) => [id, isInsideAt(state.inside, place)]))
    return (id) => at.get(id) ?? false
  }

  /** Follows until the answered function is called. The link must be open. */
  follow(): () => void {
    const { socket } = link
    if (!socket) return () => {}
    const ask = () => this.#ask()
    socket.on('connect', ask)
    socket.on('feed:resync', ask)
    socket.on('cover:state', (state) => this.#take(state))
    const look = setInterval(() => {
      this.#isOld = performance.now() - this.#heardAt > OLD_AFTER_MS
    }, LOOK_MS)
    this.#ask()
    return () => {
      clearInterval(look)
      socket.off('connect', ask)
      socket.off('feed:resync', ask)
      if (socket.connected) socket.emit('cover:watch', false, () => {})
      this.#state = null
    }
  }

  #ask(): void {
    const { asked } = this
    if (link.socket?.connected) link.socket.emit('cover:watch', asked, (state) => this.#take(state))
  }

  #take(state: CoverState | null): void {
    if (state && state.asked !== this.asked) return
    this.#state = state
    this.#heardAt = performance.now()
    this.#isOld = false
  }
}

export const liveCover = new LiveCover()
