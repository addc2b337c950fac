import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { call, type Door } from '#cli/api.ts'
import type { Progress } from '#cli/progress.ts'
import type { ServerTime } from '#cli/server-time.ts'
import type { ReplayedReport } from '#domain/import-row.ts'
import type { Instant } from '#domain/instant.ts'
import { reportTicket } from '#wire/routes/tickets.ts'
import { openReplayDevice, type ReplayDevice, type Tally } from './device.ts'
import type { RecordedFix } from './files.ts'

export interface Replay {
  door: Door
  time: ServerTime
  /** Name of the source in the map: with a ticket's key it makes a report the same report in a second run. */
  source: string
  fixes: AsyncIterable<RecordedFix>
  /** What is added to a fix's moment to lay it on the server's clock. */
  fixShiftMs: number
  secrets: ReadonlyMap<string, string>
  reports: readonly ReplayedReport[]
  reportShiftMs: number
  /** Nothing that lies further from the beginning is sent. */
  until: Instant
  progress: Progress
  signal: AbortSignal
}

export interface Replayed {
  /** `settled`: judged, and on disk if they were not refused; the others were lost. */
  positions: { sent: number; settled: number; lost: number; verdicts: Record<string, number> }
  reports: { sent: number; taken: number; refused: Record<string, number> }
  devicesRefused: number
}

/** So often, in real time, what has become due is sent. */
const STEP_MS = 100
/** Time is asked for again each minute. */
const REFRESH_EVERY = 600
/** After the last row the server may take so long to write down what it has. */
const DRAIN_MS = 60_000

/** Sends every row at its moment through the doors it would have come by; answers what became of them. */
export async function runReplay(replay: Replay): Promise<Replayed> {
  const { time, door, progress, signal } = replay
  const tally: Tally = { verdicts: new Map(), settled: 0 }
  const devices = new Map<string, ReplayDevice>()
  const reporter = reporterOf(replay)
  const rows = replay.fixes[Symbol.asyncIterator]()
  let next = await rows.next()
  let sent = 0
  const deviceOf = (unit: string) => {
    const known = devices.get(unit)
    if (known) return known
    const made = openReplayDevice(door.url, replay.secrets.get(unit) as string, time.speed, tally)
    devices.set(unit, made)
    return made
  }
  const isDone = () => (next.done || next.value.at + replay.fixShiftMs > replay.until) && reporter.isDone()
  for (let step = 1; !isDone() && !signal.aborted; step++) {
    const now = Math.min(time.now(), replay.until)
    while (!next.done && next.value.at + replay.fixShiftMs <= now) {
      const { unit, at, lng, lat } = next.value
      deviceOf(unit).push({ at: at + replay.fixShiftMs, lng, lat })
      sent++
      next = await rows.next()
    }
    reporter.send(now)
    progress.at(sent + reporter.counts.sent, new Date(now).toISOString().slice(0, 19))
    if (step % REFRESH_EVERY === 0) await time.refresh()
    await pause(STEP_MS, undefined, { signal }).catch(() => undefined)
  }
  await drain(devices, reporter)
  progress.at(sent + reporter.counts.sent)
  for (const device of devices.values()) device.close()
  const refused = [...devices.values()].filter(({ refusedBy }) => refusedBy !== null)
  return {
    positions: {
      sent,
      settled: tally.settled,
      lost: sent - tally.settled,
      verdicts: Object.fromEntries(tally.verdicts),
    },
    reports: reporter.counts,
    devicesRefused: refused.length,
  }
}

async function drain(devices: ReadonlyMap<string, ReplayDevice>, reporter: Reporter): Promise<void> {
  const owes = () =>
    reporter.underWay() > 0 || [...devices.values()].some(({ owed, refusedBy }) => refusedBy === null && owed > 0)
  for (const until = performance.now() + DRAIN_MS; owes() && performance.now() < until; ) await pause(STEP_MS)
}

interface Reporter {
  /** Begins to send what is due. */
  send(now: Instant): void
  isDone(): boolean
  underWay(): number
  counts: Replayed['reports']
}

const AT_ONCE = 8
const TRIES = 5
const RETRY_MS = 500

/** Reports go in by the account's own door, several at a time, each under a key of its own: a second run reports nothing twice. */
function reporterOf({ reports, reportShiftMs, until, door, source }: Replay): Reporter {
  const due = reports.filter(({ at }) => at + reportShiftMs <= until)
  const counts: Replayed['reports'] = { sent: 0, taken: 0, refused: {} }
  let begun = 0
  let underWay = 0
  const one = async ({ ticketKey, at, report }: ReplayedReport) => {
    const reportedAt = at + reportShiftMs
    const key = createHash('sha256').update(`${source}\0${ticketKey}\0${reportedAt}`).digest('hex').slice(0, 40)
    const body = { ...report, channel: 'replay' as const, reportedAt }
    for (let attempt = 1; ; attempt++) {
      const said = await call(door, reportTicket, { key, body })
      if (said.ok) {
        counts.taken++
        return
      }
      if (!RETRIED.includes(said.why) || attempt === TRIES) {
        counts.refused[said.why] = (counts.refused[said.why] ?? 0) + 1
        return
      }
      await pause(RETRY_MS * attempt)
    }
  }
  return {
    counts,
    isDone: () => begun === due.length && underWay === 0,
    underWay: () => underWay,
    send: (now) => {
      while (underWay < AT_ONCE && begun < due.length && (due[begun] as ReplayedReport).at + reportShiftMs <= now) {
        const report = due[begun++] as ReplayedReport
        counts.sent++
        underWay++
        void one(report).finally(() => underWay--)
      }
    },
  }
}

const RETRIED: readonly string[] = ['noServer', 'tooMany', 'overloaded', 'starting', 'internal']
