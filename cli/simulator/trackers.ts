import WebSocket from 'ws'
import type { Fix } from '#domain/fix.ts'
import { DEVICE_PROTOCOL, type FromDevice, type ToDevice } from '#wire/device-frame.ts'
import { DEVICE_SOCKET_PATH } from '#wire/sockets.ts'

/** One unit's device on its own socket. A fix that cannot be sent now is not kept: the next one says more. */
export interface Tracker {
  report(fix: Fix): void
  close(): void
  /** False once the server has said that this device need not come back. */
  isWanted: boolean
}

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 30_000

/** Codes from here on: do not come back until something is mended (wire/codes.ts). */
const FINAL_CLOSE = 4_100

export function openTracker(url: string, secret: string, jitter: () => number): Tracker {
  const address = new URL(DEVICE_SOCKET_PATH, url.replace(/^http/, 'ws'))
  let socket: WebSocket | null = null
  let isWelcome = false
  let n = 0
  let retryMs = FIRST_RETRY_MS
  let retry: NodeJS.Timeout | null = null

  const say = (frame: FromDevice) => socket?.send(JSON.stringify(frame))
  const open = () => {
    isWelcome = false
    // The secret goes with the upgrade: at many times real speed the server's patience for a hello is over in no time.
    const headers = { authorization: `Bearer ${secret}` }
    socket = new WebSocket(address, { perMessageDeflate: false, handshakeTimeout: 10_000, headers })
    socket.on('open', () => say({ type: 'hello', version: DEVICE_PROTOCOL, secret: null, source: 'simulator' }))
    socket.on('message', (text) => {
      const frame = JSON.parse(String(text)) as ToDevice
      if (frame.type !== 'welcome') return
      isWelcome = true
      retryMs = FIRST_RETRY_MS
    })
    socket.on('error', () => undefined) // 'close' follows and says all that matters
    socket.on('close', gone)
  }
  const gone = (code: number) => {
    isWelcome = false
    if (code >= FINAL_CLOSE && code < FINAL_CLOSE + 100) tracker.isWanted = false
    if (!tracker.isWanted) return
    // The cap first and the scatter after it, so that a crowd never returns in step.
    retry = setTimeout(open, retryMs * (0.5 + jitter()))
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)
  }
  const tracker: Tracker = {
    isWanted: true,
    report: (fix) => {
      if (isWelcome && socket?.readyState === WebSocket.OPEN) say({ type: 'fixes', n: n++, fixes: [fix] })
    },
    close: () => {
      tracker.isWanted = false
      if (retry) clearTimeout(retry)
      socket?.close(1000)
    },
  }
  open()
  return tracker
}
