import type { Fix } from '#domain/fix.ts'
import { type Instant, SECOND_MS } from '#domain/instant.ts'
import { DEVICE_CLOSE, type DeviceCloseReason } from '#wire/codes.ts'
import { encodeAck, encodeKept } from '#wire/device-binary.ts'
import {
  DEVICE_PROTOCOL,
  type DeviceError,
  type DeviceSource,
  MAX_FIXES,
  MAX_FRAME_BYTES,
  parseFromDevice,
  type ToDevice,
} from '#wire/device-frame.ts'
import { type Device, deviceOf, type Reception, receive } from './desk.ts'

/** A native socket as a session needs it: four members, so that the door alone knows WebSockets. */
export interface DeviceWire {
  address: string
  /** Bytes that the socket holds back because the device does not read. */
  readonly heldBack: number
  send(frame: string | Uint8Array): void
  close(code: number, reason: string): void
}

/** A device that sends so much nonsense in a row will not send sense next. */
const MAX_BAD_FRAMES = 10
/** One that goes on while it is told to wait is shown the door. */
const MAX_TOO_MANY = 3
/** A device that sends and never reads: its acknowledgements must not fill our memory. */
const MAX_HELD_BACK = 1_048_576
export const HELLO_WITHIN_MS = 10 * SECOND_MS

/** One device on its socket: first who it is, then its fixes, each frame answered in the form it came in. */
export class DeviceSession {
  readonly #at: Reception
  readonly #wire: DeviceWire
  readonly #now: () => Instant
  readonly #met: (device: Device) => void
  readonly openedAt: Instant
  device: Device | null = null
  /** It may still be looked up: a slow database is not the device's silence. */
  hasShownSecret = false
  #source: DeviceSource = 'device'
  #isOver = false
  #hasGreeted = false
  #badFrames = 0
  #tooMany = 0
  /** Frames are handled one after another: the second may not overtake the look-up of the first. */
  #turn: Promise<void> = Promise.resolve()

  constructor(at: Reception, wire: DeviceWire, now: () => Instant, met: (device: Device) => void) {
    this.#at = at
    this.#wire = wire
    this.#now = now
    this.#met = met
    this.openedAt = now()
  }

  /** The upgrade request carried the secret; a hello is then not needed. */
  authorize(secret: string): Promise<void> {
    return this.#after(() => this.#meet(secret))
  }

  receive(message: string | Uint8Array): Promise<void> {
    return this.#after(() => this.#handle(message))
  }

  /** Ends it with a documented code, after an error frame that says the same. */
  end(reason: DeviceCloseReason, message: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#sayError(reason, message, null, null)
    this.#wire.close(DEVICE_CLOSE[reason], reason)
  }

  /** The socket is gone. */
  left(): void {
    this.#isOver = true
  }

  #after(step: () => Promise<void> | void): Promise<void> {
    // A database that does not answer (or is just being stopped) must not end the process: the device comes back with its frames.
    this.#turn = this.#turn
      .then(() => (this.#isOver ? undefined : step()))
      .catch(() => this.end('overloaded', 'this cannot be looked up now, come back later'))
    return this.#turn
  }

  async #handle(message: string | Uint8Array) {
    const parsed = parseFromDevice(message)
    if (!parsed.ok) return this.#refuseFrame(parsed.code, parsed.why, parsed.n)
    const { frame } = parsed
    if (frame.type === 'hello') {
      if (this.#hasGreeted) return this.#refuseFrame('badFrame', 'there was a hello already', null)
      this.#hasGreeted = true
      this.#source = frame.source
      return this.device ? this.#welcome() : this.#meet(frame.secret)
    }
    if (!this.device) return this.end('unknownDevice', 'the first frame must be a hello with the secret')
    this.#take(this.device, frame.n, frame.fixes, typeof message !== 'string')
  }

  async #meet(secret: string | null) {
    this.hasShownSecret = true
    const device = await deviceOf(this.#at, secret, this.#wire.address, this.#now())
    if (this.#isOver) return
    if (!device.ok) return this.end(device.why, 'this secret opens nothing')
    this.device = device
    this.#met(device)
    this.#welcome()
  }

  #welcome() {
    this.#say({
      type: 'welcome',
      version: DEVICE_PROTOCOL,
      now: this.#now(),
      maxFixes: MAX_FIXES,
      maxBytes: MAX_FRAME_BYTES,
    })
  }

  #take(device: Device, n: number, fixes: Fix[], isBinary: boolean) {
    if (this.#source !== 'device') for (const fix of fixes) fix.source = this.#source
    const received = receive(this.#at, device, fixes, this.#now())
    if (!received.ok) return this.#slowDown(n, received.retryAfterMs)
    this.#badFrames = 0
    this.#tooMany = 0
    const { verdicts, kept } = received
    this.#send(isBinary ? encodeAck(n, verdicts) : JSON.stringify({ type: 'ack', n, verdicts } satisfies ToDevice))
    const tell = (isKept: boolean) => {
      if (isKept) this.#send(isBinary ? encodeKept(n) : JSON.stringify({ type: 'kept', n } satisfies ToDevice))
    }
    void kept.then(tell)
  }

  #refuseFrame(code: 'badJson' | 'badFrame' | 'tooLarge' | 'protocolVersion', why: string, n: number | null) {
    this.#at.counters.refused(code)
    if (code === 'protocolVersion' || code === 'tooLarge') return this.end(code, why)
    this.#badFrames++
    if (this.#badFrames >= MAX_BAD_FRAMES) return this.end('badFrame', why)
    this.#sayError(code, why, n, null)
  }

  #slowDown(n: number, retryAfterMs: number) {
    this.#tooMany++
    const why = 'more than this device may send'
    if (this.#tooMany >= MAX_TOO_MANY) return this.end('tooMany', why)
    this.#sayError('tooMany', why, n, retryAfterMs)
  }

  #sayError(code: DeviceError, message: string, n: number | null, retryAfterMs: number | null) {
    this.#say({ type: 'error', code, message, n, retryAfterMs })
  }

  #say(frame: ToDevice) {
    this.#wire.send(JSON.stringify(frame))
  }

  #send(frame: string | Uint8Array) {
    if (this.#isOver) return
    if (this.#wire.heldBack > MAX_HELD_BACK) this.end('overloaded', 'this device does not read its answers')
    else this.#wire.send(frame)
  }
}
