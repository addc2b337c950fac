import { io, type Socket } from 'socket.io-client'
import type { Instant } from '#domain/instant.ts'
import { CONSOLE_SOCKET_PATH, type FromConsole, type Hello, type ToConsole, type Truth } from '#wire/sockets.ts'
import { serverTime } from './server-time.svelte.ts'

type ConsoleSocket = Socket<ToConsole, FromConsole>

/** How often the page looks at how long the server has been silent. */
const LOOK_MS = 500

/** The one socket of the page. Whoever needs its events asks for the socket; this owns its life and its heartbeat. */
class Link {
  #socket: ConsoleSocket | null = $state.raw(null)
  #isConnected = $state(false)
  #truth: Truth | null = $state.raw(null)
  #hello: Hello | null = $state.raw(null)
  #isOffline = $state(false)
  #heardAt: number | null = null
  #saidAt: Instant | null = $state(null)
  #openedAt = performance.now()
  #silentMs: number | null = $state(null)
  #waitingMs = $state(0)
  #look: ReturnType<typeof setInterval> | undefined

  get socket(): ConsoleSocket | null {
    return this.#socket
  }

  get isConnected(): boolean {
    return this.#isConnected
  }

  get truth(): Truth | null {
    return this.#truth
  }

  get hello(): Hello | null {
    return this.#hello
  }

  /** The server's own time when it was last heard: what the page shows is of then. null = never heard. */
  get saidAt(): Instant | null {
    return this.#saidAt
  }

  /** Real time since the server was last heard; null = not yet. */
  get silentMs(): number | null {
    return this.#silentMs
  }

  /** The browser has said that it has no network, and the server was not heard since. */
  get isOffline(): boolean {
    return this.#isOffline
  }

  get waitingMs(): number {
    return this.#waitingMs
  }

  /** Opens the socket for one tenant; answers what closes it again. */
  open(tenant: string): () => void {
    const socket: ConsoleSocket = io({
      path: CONSOLE_SOCKET_PATH,
      transports: ['websocket'],
      auth: { tenant },
      // Cap and jitter together, or a restart brings every console back in the same second.
      reconnectionDelay: 500,
      reconnectionDelayMax: 8_000,
      randomizationFactor: 0.7,
    })
    this.#socket = socket
    this.#openedAt = performance.now()
    socket.on('connect', () => {
      this.#isConnected = true
    })
    socket.on('disconnect', (reason) => {
      this.#isConnected = false
      // A server that ends the connection does not mean for ever: it restarts, or the rights have changed.
      if (reason === 'io server disconnect') setTimeout(() => socket.active || socket.connect(), 1_000)
    })
    socket.on('hello', (hello) => this.#hear(hello, hello.speed, () => (this.#hello = hello)))
    socket.on('truth', (truth) => this.#hear(truth, undefined, () => (this.#truth = truth)))
    this.#look = setInterval(() => this.#lookAtClock(), LOOK_MS)
    // Sooner than the silence is long enough; a browser that is wrong is corrected by the next word of the server.
    const goOffline = () => {
      this.#isOffline = true
    }
    window.addEventListener('offline', goOffline)
    return () => {
      window.removeEventListener('offline', goOffline)
      this.#close(socket)
    }
  }

  #hear(said: { now: Instant }, speed: number | undefined, keep: () => void): void {
    this.#heardAt = performance.now()
    this.#saidAt = said.now
    this.#silentMs = 0
    this.#isOffline = false
    serverTime.learn(said.now, speed)
    keep()
  }

  #lookAtClock(): void {
    this.#waitingMs = performance.now() - this.#openedAt
    this.#silentMs = this.#heardAt === null ? null : performance.now() - this.#heardAt
  }

  #close(socket: ConsoleSocket): void {
    clearInterval(this.#look)
    socket.disconnect()
    this.#socket = null
    this.#isConnected = false
    this.#isOffline = false
    this.#heardAt = null
    this.#saidAt = null
    this.#silentMs = null
  }
}

export const link = new Link()
