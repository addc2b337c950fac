import { safeBound } from '#planning/mip/bound.ts'
import { solveMip } from '#planning/mip/mip.ts'
import { coreOf, readCore } from './core.ts'
import { fixByBound } from './fix.ts'
import type { Placement, PostsModel } from './model.ts'
import { closeSite, type Relaxed, type Restriction, relax, unrestricted } from './relax.ts'

/**
 * Branch and bound over the sites (a post here or not), each node bounded by the Lagrangian walk from its parent's prices and
 * narrowed by what the bound rules out; the node with the least bound first, so that the bound of all is always known. Where every site
 * is decided a small assignment is left, and HiGHS decides that.
 */
export interface Branching {
  /** Nothing that has not been looked at costs less; `upper` when nothing is left. */
  bound(): number
  isDone(): boolean
  /** Looks at one node; answers a placement cheaper than `upper` when it holds one. */
  step(upper: number, limits: NodeLimits): Promise<Placement | null>
}

export interface NodeLimits {
  isWhole: boolean
  seconds: number
  seed: number
  isStopped(): boolean
  onRound?(): void
  /** Sites that a node's bound thinks well of. */
  onChosen?(chosen: Int32Array): void
}

interface Node {
  bound: number
  prices: Float64Array
  isClosed: Uint8Array
  isOpen: Uint8Array
  /** The pairs that are left, as positions in the table of costs. */
  pairs: Int32Array
}

const NODE_ROUNDS = 60
/** Of the little assignment at a leaf. */
const LEAF_NODES = 2_000
/** Pairs of all open nodes together: more is no tree that would ever be finished. */
const MOST_KEPT = 15_000_000
/** Costs that are not whole count as cheaper from this share on. */
const LEAST_SHARE = 1e-6

export function startBranching(model: PostsModel, relaxed: Relaxed): Branching {
  const open: Node[] = []
  /** Leaves that could not be decided hold the bound down for good. */
  let floor = Number.POSITIVE_INFINITY
  let kept = 0
  const keep = (node: Node) => {
    open.push(node)
    kept += node.pairs.length
  }
  // With more pairs than may be kept there is no tree: the walk's bound is all.
  if (model.cost.length <= MOST_KEPT) keep(nodeOf(unrestricted(model), relaxed))
  else floor = relaxed.bound
  return {
    bound: () => open.reduce((least, node) => Math.min(least, node.bound), floor),
    isDone: () => open.length === 0 || kept > MOST_KEPT,
    async step(upper, limits) {
      const node = takeLeast(open)
      if (!node) return null
      kept -= node.pairs.length
      if (safeBound(node.bound, limits.isWhole) >= upper) return null
      const looked = look(model, node, upper, limits)
      if (limits.isStopped()) {
        keep(node)
        return null
      }
      if (!looked) return null
      limits.onChosen?.(looked.at.chosen)
      if (looked.site >= 0) {
        for (const child of childrenOf(looked)) keep(child)
        return null
      }
      const leaf = await decideLeaf(model, looked, upper, limits)
      floor = Math.min(floor, leaf.bound)
      return leaf.better
    },
  }
}

function nodeOf({ isClosed, isOpen, isOut }: Restriction, { bound, prices }: Relaxed): Node {
  let count = 0
  for (const out of isOut) count += 1 - out
  const pairs = new Int32Array(count)
  let at = 0
  for (let pair = 0; pair < isOut.length; pair++) if (isOut[pair] === 0) pairs[at++] = pair
  return { bound, prices, isClosed, isOpen, pairs }
}

function takeLeast(open: Node[]): Node | undefined {
  let least = 0
  // Of equal ones the youngest: it is the deepest, and its children are the next to be finished.
  for (let i = 1; i < open.length; i++) if ((open[i] as Node).bound <= (open[least] as Node).bound) least = i
  const node = open[least]
  const last = open.pop()
  if (last && node && last !== node) open[least] = last
  return node
}

interface Looked {
  restriction: Restriction
  at: Relaxed
  /** Where to branch; −1 = every site is decided. */
  site: number
}

/** Null when the node holds nothing cheaper than `upper`. */
function look(model: PostsModel, node: Node, upper: number, limits: NodeLimits): Looked | null {
  const isOut = new Uint8Array(model.cost.length).fill(1)
  for (const pair of node.pairs) isOut[pair] = 0
  const restriction = { isOut, isClosed: Uint8Array.from(node.isClosed), isOpen: Uint8Array.from(node.isOpen) }
  const timesChosen = new Float64Array(model.sites)
  let rounds = 0
  const found = relax(model, restriction, node.prices, {
    upper,
    rounds: NODE_ROUNDS,
    isWhole: limits.isWhole,
    isStopped: limits.isStopped,
    onRound: (chosen) => {
      limits.onRound?.()
      rounds++
      for (const site of chosen) timesChosen[site] = (timesChosen[site] as number) + 1
    },
  })
  // What holds for the parent holds for the child.
  const at = { ...found, bound: Math.max(found.bound, node.bound) }
  if (safeBound(at.bound, limits.isWhole) >= upper) return null
  const left = fixByBound(model, restriction, found, upper, limits.isWhole)
  if (left.sites === 0) return null
  return { restriction, at, site: siteToBranch(model, restriction, timesChosen, rounds) }
}

/** The site about which the walk was most in two minds; −1 when all that may hold a post can have one, or all posts are placed. */
function siteToBranch(model: PostsModel, restriction: Restriction, timesChosen: Float64Array, rounds: number): number {
  const { isClosed, isOpen } = restriction
  let [placed, undecided, pick, doubt] = [0, 0, -1, -1]
  for (let site = 0; site < model.sites; site++) {
    if (isOpen[site] === 1) placed++
    else if (isClosed[site] === 0) {
      undecided++
      const inTwoMinds = 0.5 - Math.abs(0.5 - (timesChosen[site] as number) / Math.max(1, rounds))
      if (inTwoMinds > doubt) [pick, doubt] = [site, inTwoMinds]
    }
  }
  if (placed >= model.posts)
    for (let site = 0; site < model.sites; site++) if (isOpen[site] === 0) closeSite(restriction, site)
  return placed >= model.posts || placed + undecided <= model.posts ? -1 : pick
}

function childrenOf({ restriction, at, site }: Looked): Node[] {
  const { isClosed, isOpen, isOut } = restriction
  const without = { isOpen, isClosed: Uint8Array.from(isClosed), isOut: Uint8Array.from(isOut) }
  closeSite(without, site)
  const withIt = { isClosed, isOut, isOpen: Uint8Array.from(isOpen) }
  withIt.isOpen[site] = 1
  return [nodeOf(without, at), nodeOf(withIt, at)]
}

/** Costs that are not whole are brought to this size, so that the solver's own tolerances mean nothing beside them. */
const CORE_SIZE = 10_000
const SMALLEST_SIZE = 1e-9

async function decideLeaf(model: PostsModel, { restriction, at }: Looked, upper: number, limits: NodeLimits) {
  const { isWhole, seconds, seed, isStopped } = limits
  const size = Number.isFinite(upper) ? upper : Math.abs(at.bound)
  const scale = isWhole ? 1 : CORE_SIZE / Math.max(SMALLEST_SIZE, size)
  const least = isWhole ? 1 : LEAST_SHARE * CORE_SIZE
  const core = coreOf(model, restriction, Number.isFinite(upper) ? upper * scale - least : upper, scale)
  const answer = await solveMip(core.model, { isWhole, seconds, seed, isStopped, nodes: LEAF_NODES, heuristics: 0 })
  if (answer.status === 'infeasible') return { bound: Number.POSITIVE_INFINITY, better: null }
  const better = answer.x ? readCore(model, core, answer.x) : null
  const bound = answer.status === 'optimal' ? Number.POSITIVE_INFINITY : Math.max(at.bound, answer.bound / scale)
  return { bound, better: better && better.cost < upper ? better : null }
}
