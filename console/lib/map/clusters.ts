import Supercluster from 'supercluster'
import { UNIT_STATES, type UnitState } from '#console/lib/fleet/unit-state.ts'
import { lngLatOf, worldX, worldY } from '#wire/fleet-cells.ts'

/** At this zoom and beyond every unit is drawn by itself. */
export const CLUSTERS_BELOW_ZOOM = 14

/** A cluster is rebuilt at most this often: its count may be a second old, its members never are. */
const REBUILD_EVERY_MS = 1_000

export type StateCounts = Partial<Record<UnitState, number>>

interface UnitPoint {
  index: number
  state: UnitState
}

export interface ClusterMark {
  id: number
  wx: number
  wy: number
  size: number
  counts: StateCounts
}

export interface ClusterInput {
  index: number
  wx: number
  wy: number
  state: UnitState
}

type Index = Supercluster<UnitPoint, StateCounts>

/** Units gathered for a map seen from far; the index is kept until it is old. */
export class UnitClusters {
  #index: Index | null = null
  #builtAt = Number.NEGATIVE_INFINITY

  /** Clusters and lone units in view. `units` is asked only when the index is rebuilt. */
  around(
    units: () => ClusterInput[],
    box: [west: number, south: number, east: number, north: number],
    zoom: number,
    nowMs: number,
  ): { clusters: ClusterMark[]; lone: Set<number> } {
    if (!this.#index || nowMs - this.#builtAt >= REBUILD_EVERY_MS) {
      this.#index = build(units())
      this.#builtAt = nowMs
    }
    const clusters: ClusterMark[] = []
    const lone = new Set<number>()
    for (const { geometry, properties } of this.#index.getClusters(box, Math.floor(zoom))) {
      if (!('cluster_id' in properties)) {
        lone.add(properties.index)
        continue
      }
      const [lng, lat] = geometry.coordinates as [number, number]
      const { cluster_id: id, point_count: size } = properties
      clusters.push({ id, wx: worldX(lng), wy: worldY(lat), size, counts: properties })
    }
    return { clusters, lone }
  }

  /** The zoom at which a cluster falls apart. */
  expansionZoom(id: number): number {
    try {
      return this.#index?.getClusterExpansionZoom(id) ?? CLUSTERS_BELOW_ZOOM
    } catch {
      // The index has been rebuilt since the cluster was painted.
      return CLUSTERS_BELOW_ZOOM
    }
  }

  forget(): void {
    this.#index = null
  }
}

function build(units: readonly ClusterInput[]): Index {
  const index: Index = new Supercluster<UnitPoint, StateCounts>({
    radius: 56,
    extent: 256,
    minPoints: 3,
    maxZoom: CLUSTERS_BELOW_ZOOM - 1,
    // Flat on purpose: supercluster copies what it sums only one level deep.
    map: ({ state }) => ({ [state]: 1 }),
    reduce: (sum, counts) => {
      for (const state of UNIT_STATES) if (counts[state]) sum[state] = (sum[state] ?? 0) + counts[state]
    },
  })
  return index.load(
    units.map(({ index: unit, wx, wy, state }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [...lngLatOf(wx, wy)] },
      properties: { index: unit, state },
    })),
  ) as Index
}
