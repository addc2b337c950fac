import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Bench, Line } from '#bench/bench.ts'
import { type Phase, startLoad } from './load.ts'
import type { ConsolesTask, FromConsoles, PeerName, ToDriver, ToServer } from './talk.ts'
import { makeWorld, type Posts, postsOf, SLOTS, UNITS } from './world.ts'

interface Case {
  peer: PeerName
  perSecond: number
  seconds: number
}

/** Long and busy enough that the code is compiled before it is measured, and then at the measured rate. */
const WARM_UP: readonly Phase[] = [{ perSecond: 6_000, seconds: 6 }]
const SETTLE_S = 2

/** ws after ours: it sends our frames again. Per-position emit at full rate is cut short: what it cannot send piles up in it. */
const CASES: readonly Case[] = [
  { peer: 'ours', perSecond: 2_200, seconds: 20 },
  { peer: 'emit', perSecond: 2_200, seconds: 20 },
  { peer: 'ws', perSecond: 2_200, seconds: 20 },
  { peer: 'ours', perSecond: 22_000, seconds: 20 },
  { peer: 'emit', perSecond: 22_000, seconds: 8 },
  { peer: 'ws', perSecond: 22_000, seconds: 20 },
]

export interface Measured {
  cpuNs: number
  fixes: number
  bytes: number
  p50Ms: number
  p99Ms: number
}

export const fanout: Bench = {
  about: [
    `${UNITS} units over Shenyang, 20 consoles (a third each: city, district, street) on the product's own cells.`,
    'ours: the product. emit: Socket.IO, a room a cell, one emit a position. ws: a bare WebSocket server that sends our frames.',
    'Fixes come in judged, by one connection (bench `take`: what judging costs). CPU: all of the server process alone; bytes with',
    'WebSocket, Socket.IO, TCP and IP headers;',
    `milliseconds from device to console; each per fix delivered. ${CASES.map(({ peer, perSecond, seconds }) => `${peer}@${perSecond}: ${seconds} s`).join(', ')}.`,
  ].join('\n'),
  async run(report, say) {
    const recordings = new Map<number, Uint8Array[][]>()
    for (const each of CASES) {
      const name = `${each.peer}@${each.perSecond}`
      say(`${name} …`)
      const { measured, recorded } = await runCase(each, recordings.get(each.perSecond) ?? [])
      if (each.peer === 'ours') recordings.set(each.perSecond, recorded)
      for (const line of linesOf(name, measured)) report(line)
    }
  },
}

function linesOf(name: string, { cpuNs, fixes, bytes, p50Ms, p99Ms }: Measured): Line[] {
  const line = (metric: string, value: number, unit: string): Line => ({
    bench: 'fanout',
    case: name,
    metric,
    value,
    unit,
  })
  return [
    line('cpuNsPerFix', cpuNs / fixes, 'ns'),
    line('bytesPerFix', bytes / fixes, 'B'),
    line('p50Ms', p50Ms, 'ms'),
    line('p99Ms', p99Ms, 'ms'),
  ]
}

export async function runCase(
  { peer, perSecond, seconds }: Case,
  recorded: Uint8Array[][],
): Promise<{ measured: Measured; recorded: Uint8Array[][] }> {
  const posts = postsOf((await makeWorld(0)).units)
  const shared = new SharedArrayBuffer(UNITS * SLOTS * 8)
  const server = fork(new URL('./server.ts', import.meta.url), [peer], { serialization: 'advanced' })
  try {
    const { port, trunkPort } = await hear(server, 'listening')
    tell(server, { do: 'open', recorded })
    await hear(server, 'open')
    const consoles = new Worker(new URL('./consoles.ts', import.meta.url), {
      workerData: { peer, port, sentAt: shared } satisfies ConsolesTask,
    })
    await hearConsoles(consoles, 'joined')
    const trunk = connect(trunkPort, '127.0.0.1')
    await once(trunk, 'connect')
    const measured = await measure(server, consoles, trunk, posts, new Float64Array(shared), perSecond, seconds)
    await consoles.terminate()
    tell(server, { do: 'recorded' })
    const { frames } = await hear(server, 'recorded')
    return { measured, recorded: frames }
  } finally {
    server.kill('SIGKILL')
  }
}

async function measure(
  server: ChildProcess,
  consoles: Worker,
  trunk: Socket,
  posts: Posts,
  sentAt: Float64Array,
  perSecond: number,
  seconds: number,
): Promise<Measured> {
  tell(server, { do: 'start' })
  const stopLoad = startLoad(trunk, posts, sentAt, [...WARM_UP, { perSecond, seconds }])
  const warmUpS = WARM_UP.reduce((sum, phase) => sum + phase.seconds, SETTLE_S)
  await pause(warmUpS * 1_000)
  tell(server, { do: 'mark' })
  consoles.postMessage('mark')
  await pause(seconds * 1_000)
  consoles.postMessage('measure')
  tell(server, { do: 'measure' })
  const [seen, used] = await Promise.all([hearConsoles(consoles, 'measured'), hear(server, 'measured')])
  stopLoad()
  trunk.destroy()
  return { ...seen, cpuNs: used.cpuNs }
}

const tell = (server: ChildProcess, message: ToServer) => server.send(message)

function hear<K extends ToDriver['is']>(server: ChildProcess, what: K): Promise<Extract<ToDriver, { is: K }>> {
  return new Promise((resolve, reject) => {
    server.on('message', (message: ToDriver) => {
      if (message.is === what) resolve(message as Extract<ToDriver, { is: K }>)
    })
    server.once('exit', (code) => reject(new Error(`the measured server ended with ${code}`)))
  })
}

function hearConsoles<K extends FromConsoles['is']>(
  consoles: Worker,
  what: K,
): Promise<Extract<FromConsoles, { is: K }>> {
  return new Promise((resolve, reject) => {
    consoles.on('message', (message: FromConsoles) => {
      if (message.is === what) resolve(message as Extract<FromConsoles, { is: K }>)
    })
    consoles.once('error', reject)
  })
}
