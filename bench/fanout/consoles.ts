import { parentPort, workerData } from 'node:worker_threads'
import { WebSocket } from 'ws'
import { decodeFrame } from '#wire/fleet-frame.ts'
import { type CellWindow, CONSOLE_SOCKET_PATH } from '#wire/sockets.ts'
import type { ConsolesTask, FromConsoles } from './talk.ts'
import { makeWorld, postsOf, SLOTS, sharedNow, slotAt } from './world.ts'

/**
 * The consoles: twenty sockets in a thread of their own that read every fix they are sent. They speak Socket.IO's protocol
 * by hand over bare `ws`, so that reading a per-position peer costs as little here as reading ours.
 */
const task = workerData as ConsolesTask
const world = await makeWorld(0)
const posts = postsOf(world.units)
const byIndex = new Map(world.units.map((unit, n) => [unit.index, n]))
const sentAt = new Float64Array(task.sentAt)
const say = (message: FromConsoles) => parentPort?.postMessage(message)

/** IPv4 and TCP with timestamps, once for each segment of an Ethernet frame. */
const SEGMENT_HEAD = 52
const SEGMENT_BODY = 1_448
/** Latencies by tenth of a millisecond, up to a minute. */
const STEPS_PER_MS = 10
const latencies = new Uint32Array(60_000 * STEPS_PER_MS)
let [fixes, bytes, isMeasuring] = [0, 0, false]

function count(payload: number) {
  if (!isMeasuring) return
  const message = payload + (payload < 126 ? 2 : payload < 65_536 ? 4 : 10)
  bytes += message + Math.ceil(message / SEGMENT_BODY) * SEGMENT_HEAD
}

function seen(latencyMs: number) {
  fixes++
  if (latencyMs < 0 || latencyMs >= 60_000) return
  const step = Math.floor(latencyMs * STEPS_PER_MS)
  latencies[step] = (latencies[step] ?? 0) + 1
}

function readFrame(frame: Uint8Array) {
  if (!isMeasuring) return
  const now = sharedNow()
  const decoded = decodeFrame(frame)
  if (!decoded) throw new Error('no fleet frame')
  if (decoded.kind === 'snapshot') return
  for (const cell of decoded.cells) {
    for (const { index, wx, wy } of cell.seen) {
      const n = byIndex.get(index) ?? 0
      const sent = sentAt[n * SLOTS + slotAt(posts, n, wx, wy)]
      seen(sent ? now - sent : -1)
    }
  }
}

/** A position that came as JSON: its unit and the moment it was sent stand in it. */
function readFix(text: string) {
  if (!isMeasuring) return
  const at = text.indexOf('"at":') + 5
  seen(Date.now() - Number(text.slice(at, at + 13)))
}

function join(window: CellWindow): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${task.port}${CONSOLE_SOCKET_PATH}/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
  })
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    if (task.peer === 'ws') socket.on('open', resolve)
    socket.on('message', (data, isBinary) => {
      const body = data as Buffer
      count(body.length)
      if (isBinary) return readFrame(body)
      const text = body.toString('latin1')
      if (text.startsWith('42["fix"')) readFix(text)
      else if (text.startsWith('0')) socket.send('40')
      else if (text.startsWith('40')) socket.send(`420${JSON.stringify(['fleet:watch', window])}`)
      else if (text === '2') socket.send('3')
      else if (text.startsWith('43') || text.startsWith('46')) resolve()
    })
  })
}

function percentile(share: number): number {
  const all = latencies.reduce((sum, n) => sum + n, 0)
  let rest = all * share
  for (let step = 0; step < latencies.length; step++) {
    rest -= latencies[step] ?? 0
    if (rest <= 0 && all > 0) return (step + 0.5) / STEPS_PER_MS
  }
  return Number.NaN
}

parentPort?.on('message', (message: 'mark' | 'measure') => {
  isMeasuring = message === 'mark'
  if (message === 'measure') say({ is: 'measured', fixes, bytes, p50Ms: percentile(0.5), p99Ms: percentile(0.99) })
})

// One after another: the peers tell consoles apart by the order they join in.
for (const window of world.windows) await join(window)
say({ is: 'joined' })
