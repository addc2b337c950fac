import { Persisted } from '#console/lib/persisted.svelte.ts'
import { NOTES, REPEAT_MS, TONES, type Tone } from './tones.ts'

/** A note's rise and fall, seconds: without them it clicks. */
const EDGE_S = 0.015
const BETWEEN_CHECKS_MS = 1_100

/** The loudspeaker. A browser lets nothing sound before somebody has pressed something: hence the check at the start of a shift. */
class Sound {
  #context: AudioContext | null = null
  #isReady = $state(false)
  #volume = new Persisted('volume', 0.7)
  #isMuted = new Persisted('muted', false)
  #checking: Tone | null = $state(null)
  #wanted: Tone | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  /** A press on this page has unlocked the loudspeaker. */
  get isReady(): boolean {
    return this.#isReady
  }

  get volume(): number {
    return this.#volume.current
  }

  set volume(volume: number) {
    this.#volume.current = Math.min(1, Math.max(0, volume))
  }

  get isMuted(): boolean {
    return this.#isMuted.current
  }

  set isMuted(muted: boolean) {
    this.#isMuted.current = muted
  }

  /** The tone of the check that sounds now. */
  get checking(): Tone | null {
    return this.#checking
  }

  /** Call on any press: once is enough. */
  async unlock(): Promise<void> {
    this.#context ??= new AudioContext()
    if (this.#context.state !== 'running') await this.#context.resume().catch(() => {})
    this.#isReady = this.#context.state === 'running'
  }

  /** Sounds every class once, one after the other, muted or not: that is what a check is for. */
  async check(): Promise<void> {
    await this.unlock()
    for (const tone of TONES) {
      this.#checking = tone
      this.#sound(tone)
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_CHECKS_MS))
    }
    this.#checking = null
  }

  /** Repeats this tone until told otherwise; null = silence. */
  want(tone: Tone | null): void {
    if (tone === this.#wanted) return
    this.#wanted = tone
    clearTimeout(this.#timer)
    if (tone) this.#repeat(tone)
  }

  #repeat(tone: Tone): void {
    if (!this.isMuted && this.#checking === null) this.#sound(tone)
    this.#timer = setTimeout(() => this.#repeat(tone), REPEAT_MS[tone])
  }

  #sound(tone: Tone): void {
    const context = this.#context
    if (context?.state !== 'running') return
    for (const { hz, at, length } of NOTES[tone]) {
      const [from, to] = [context.currentTime + at, context.currentTime + at + length]
      const oscillator = new OscillatorNode(context, { frequency: hz, type: 'triangle' })
      const gain = new GainNode(context, { gain: 0 })
      gain.gain.setValueAtTime(0, from)
      gain.gain.linearRampToValueAtTime(this.volume, from + EDGE_S)
      gain.gain.setValueAtTime(this.volume, to - EDGE_S)
      gain.gain.linearRampToValueAtTime(0, to)
      oscillator.connect(gain).connect(context.destination)
      oscillator.start(from)
      oscillator.stop(to)
    }
  }
}

export const sound = new Sound()
