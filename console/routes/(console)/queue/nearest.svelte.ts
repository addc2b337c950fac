import { feed } from '#console/lib/feed/feed.svelte.ts'
import { fleet } from '#console/lib/fleet/fleet.svelte.ts'
import { bestEtaMs, type Sendable } from '#console/lib/fleet/nearest.ts'
import { unitState } from '#console/lib/fleet/unit-state.ts'
import { serverTime } from '#console/lib/server-time.svelte.ts'
import { UNASSIGNED } from '#domain/ticket-states.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'

/** Units move a few metres a second: the order of the queue does not need it more often. */
const EVERY_MS = 5_000

/** How soon the nearest able unit could stand at each unassigned ticket, estimated here every few seconds. */
class Nearest {
  #etas: ReadonlyMap<string, number | null> = $state.raw(new Map())

  /** undefined = not estimated (yet). */
  etaMs(ticketId: string): number | null | undefined {
    return this.#etas.get(ticketId)
  }

  /** For the life of the component that calls it. */
  follow(): void {
    $effect(() => {
      const timer = setInterval(() => this.#estimate(), EVERY_MS)
      return () => clearInterval(timer)
    })
  }

  #estimate(): void {
    // Without units there is nothing to estimate with; that is ignorance, not "nobody can come".
    if (feed.units.size === 0) return
    const sendable = freeUnits()
    const etas = new Map<string, number | null>()
    for (const ticket of feed.tickets.values())
      if (UNASSIGNED.includes(ticket.status)) etas.set(ticket.id, bestEtaMs(ticket, sendable))
    this.#etas = etas
  }
}

function freeUnits(): Sendable[] {
  const tasks = feed.tasks()
  const now = serverTime.exact()
  const free: Sendable[] = []
  for (const unit of feed.units.values()) {
    if (unit.duty !== 'onDuty' || tasks.has(unit.id)) continue
    const seen = fleet.seen(unit.index)
    const state = unitState(unit, seen, { isOnTask: false, isReachable: true }, fleet.judgedAt(unit.index, now))
    const at = seen && state !== 'ghost' ? seen : { wx: worldX(unit.postLng), wy: worldY(unit.postLat) }
    free.push({ wx: at.wx, wy: at.wy, kind: unit.kind, mode: unit.mode, skills: unit.skills })
  }
  return free
}

export const nearest = new Nearest()
