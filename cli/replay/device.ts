import WebSocket from 'ws'
import type { Instant } from '#domain/instant.ts'
import { MAX_FIXES, type ToDevice } from '#wire/device-frame.ts'
import { DEVICE_SOCKET_PATH } from '#wire/sockets.ts'

/** A position to be sent, on the server's own time. */
export interface DuePosition {
  at: Instant
  lng: number
  lat: number
}

export interface Tally {
  /** `latest`, or `trail:why`, or `refused:why`: how many positions were judged so. */
  verdicts: Map<string, number>
  /** Done with by the server's own word: on its disk, or refused. */
  settled: number
}

export interface ReplayDevice {
  /** Sends as soon as the socket allows; nothing is dropped, and what was not kept is sent again. */
  push(position: DuePosition): void
  /** Positions not yet kept by the server. */
  readonly owed: number
  /** Set when the server will have nothing from this device any more. */
  readonly refusedBy: number | null
  close(): void
}

interface Frame {
  n: number
  positions: DuePosition[]
  isJudged: boolean
}

const FRAMES_UNDER_WAY = 4
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 10_000
/** wire/codes.ts: from here to the end of the hundred a device need not come back. */
const FINAL = 4_100

/** One recorded unit on a device socket of its own, as a device with a memory behaves: frame, ack, kept, and again after a cut. */
export function openReplayDevice(url: string, secret: string, speed: number, tally: Tally): ReplayDevice {
  const address = new URL(DEVICE_SOCKET_PATH, url.replace(/^http/, 'ws'))
  const waiting: DuePosition[] = []
  const underWay = new Map<number, Frame>()
  let socket: WebSocket | null = null
  let isWelcome = false
  let isClosed = false
  let refusedBy: number | null = null
  let n = 0
  let retryMs = FIRST_RETRY_MS
  let holdUntil = 0
  let timer: NodeJS.Timeout | null = null

  const send = (frame: Frame) => {
    socket?.send(JSON.stringify({ type: 'fixes', n: frame.n, fixes: frame.positions }))
  }
  const flush = () => {
    while (isWelcome && waiting.length > 0 && underWay.size < FRAMES_UNDER_WAY && performance.now() >= holdUntil) {
      const frame = { n: n++, positions: waiting.splice(0, MAX_FIXES), isJudged: false }
      underWay.set(frame.n, frame)
      send(frame)
    }
  }
  const answer = (said: ToDevice) => {
    if (said.type === 'welcome') {
      isWelcome = true
      retryMs = FIRST_RETRY_MS
      for (const frame of underWay.values()) send(frame)
    } else if (said.type === 'ack') judge(underWay.get(said.n), said.verdicts, tally)
    else if (said.type === 'kept') {
      tally.settled += underWay.get(said.n)?.positions.length ?? 0
      underWay.delete(said.n)
    } else if (said.code === 'tooMany' && said.n !== null) again(said.n, (said.retryAfterMs ?? FIRST_RETRY_MS) / speed)
    flush()
  }
  /** The server has taken nothing of the frame: its positions go back to the head of the queue. */
  const again = (frameN: number, afterMs: number) => {
    const frame = underWay.get(frameN)
    if (!frame) return
    underWay.delete(frameN)
    waiting.unshift(...frame.positions)
    holdUntil = performance.now() + afterMs
    timer = setTimeout(flush, afterMs + 1)
  }
  const open = () => {
    socket = new WebSocket(address, { perMessageDeflate: false, headers: { authorization: `Bearer ${secret}` } })
    socket.on('message', (text) => answer(JSON.parse(String(text)) as ToDevice))
    socket.on('error', () => undefined) // 'close' follows and says all that matters
    socket.on('close', (code) => {
      isWelcome = false
      if (code >= FINAL && code < FINAL + 100) refusedBy = code
      if (isClosed || refusedBy !== null) return
      timer = setTimeout(open, retryMs)
      retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)
    })
  }
  open()
  return {
    push: (position) => {
      waiting.push(position)
      flush()
    },
    get owed() {
      let count = waiting.length
      for (const { positions } of underWay.values()) count += positions.length
      return count
    },
    get refusedBy() {
      return refusedBy
    },
    close: () => {
      isClosed = true
      if (timer) clearTimeout(timer)
      socket?.close(1000)
    },
  }
}

/** A frame sent again after a cut may be judged twice; the first word counts. */
function judge(frame: Frame | undefined, verdicts: Extract<ToDevice, { type: 'ack' }>['verdicts'], tally: Tally): void {
  if (!frame || frame.isJudged) return
  frame.isJudged = true
  for (const verdict of verdicts) {
    const word = verdict.verdict === 'latest' ? 'latest' : `${verdict.verdict}:${verdict.why}`
    tally.verdicts.set(word, (tally.verdicts.get(word) ?? 0) + 1)
  }
}
