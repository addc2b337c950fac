import { HOUR_MS, type Instant, MINUTE_MS } from '#domain/instant.ts'
import type { Need, RecordedRun, SimCall, SimUnit } from './model.ts'
import { quantile } from './stats.ts'

/** Silence longer than this is taken for the end of a shift. */
const SHIFT_GAP_MS = 8 * HOUR_MS
/** On duty so long before the first and after the last that is known of a shift. */
const SHIFT_MARGIN_MS = 30 * MINUTE_MS

/** What a recording tells about a fleet and its work. */
export interface Recording {
  calls: SimCall[]
  units: SimUnit[]
  types: string[]
  /** Types that were first on site in a good share of the calls: they carry the promise, and the cover counts them. */
  leadTypes: string[]
}

const LEAD_SHARE = 0.15

/**
 * PY1: calls with what was sent to them, and the units that were sent. Where a unit waits is not recorded: it is taken to be in the middle of
 * the places it was first to reach. Its shifts are the stretches in which it was heard of.
 */
export function recordingOf(runs: readonly RecordedRun[]): Recording {
  const byCall = grouped(runs, ({ callId }) => callId)
  const usualBusyMs = busyByType(runs)
  const calls = [...byCall].map(([id, own]) => callOf(id, own, usualBusyMs))
  calls.sort((a, b) => a.at - b.at || compare(a.id, b.id))
  const firsts = new Set([...byCall.values()].map(firstOnSite))
  const units = [...grouped(runs, ({ unitId }) => unitId)].map(([id, own]) => unitOf(id, own, firsts))
  units.sort((a, b) => compare(a.id, b.id))
  const types = [...new Set(units.map(({ type }) => type))].sort()
  const leads = [...firsts].filter((run) => run !== null)
  const isLead = (type: string) => leads.filter((run) => run.type === type).length >= LEAD_SHARE * leads.length
  return { calls, units, types, leadTypes: types.filter(isLead) }
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}

function firstOnSite(runs: readonly RecordedRun[]): RecordedRun | null {
  let first: RecordedRun | null = null
  for (const run of runs)
    if (run.onSiteAt !== null && (first === null || run.onSiteAt < (first.onSiteAt as Instant))) first = run
  return first
}

/** The usual time on site, for runs whose end is not recorded. */
function busyByType(runs: readonly RecordedRun[]): (type: string) => number {
  const usual = new Map<string, number>()
  return (type) => {
    const known = usual.get(type)
    if (known !== undefined) return known
    const all = runs.flatMap(({ type: own, onSiteAt, endedAt }) =>
      own === type && onSiteAt !== null && endedAt !== null && endedAt >= onSiteAt ? [endedAt - onSiteAt] : [],
    )
    const median = quantile(all, 0.5) ?? 30 * MINUTE_MS
    usual.set(type, median)
    return median
  }
}

function callOf(id: string, runs: readonly RecordedRun[], usualBusyMs: (type: string) => number): SimCall {
  const at = Math.min(...runs.map(({ reportedAt }) => reportedAt))
  const [first] = runs
  const arrived = firstOnSite(runs)?.onSiteAt ?? null
  const needs = runs.map((run): Need => {
    const { type, onSiteAt, endedAt, sentAt } = run
    const from = onSiteAt ?? sentAt
    const isSaid = endedAt !== null && endedAt >= from
    return {
      type,
      delayMs: Math.max(0, sentAt - at),
      busyMs: isSaid ? endedAt - from : usualBusyMs(type),
      isCalledOff: onSiteAt === null,
    }
  })
  needs.sort((a, b) => a.delayMs - b.delayMs)
  const actualMs = arrived === null || arrived < at ? null : arrived - at
  return { id, at, lng: (first as RecordedRun).lng, lat: (first as RecordedRun).lat, needs, actualMs }
}

function unitOf(id: string, runs: readonly RecordedRun[], firsts: ReadonlySet<RecordedRun | null>): SimUnit {
  const ownFirsts = runs.filter((run) => firsts.has(run))
  const from = ownFirsts.length > 0 ? ownFirsts : runs
  const middle = (values: number[]) => quantile(values, 0.5) as number
  return {
    id,
    type: (runs[0] as RecordedRun).type,
    lng: middle(from.map(({ lng }) => lng)),
    lat: middle(from.map(({ lat }) => lat)),
    duty: shiftsOf(runs),
  }
}

function shiftsOf(runs: readonly RecordedRun[]): (readonly [Instant, Instant])[] {
  const spans = runs
    .map(({ sentAt, onSiteAt, endedAt }) => [sentAt, Math.max(sentAt, onSiteAt ?? 0, endedAt ?? 0)] as const)
    .sort((a, b) => a[0] - b[0])
  const shifts: [Instant, Instant][] = []
  for (const [from, to] of spans) {
    const last = shifts.at(-1)
    if (last && from - last[1] <= SHIFT_GAP_MS) last[1] = Math.max(last[1], to)
    else shifts.push([from, to])
  }
  return shifts.map(([from, to]) => [from - SHIFT_MARGIN_MS, to + SHIFT_MARGIN_MS] as const)
}
