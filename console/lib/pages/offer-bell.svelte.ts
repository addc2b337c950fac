/** Two rising tones and a pause; as long as an offer stands it goes on. */
const TONES_HZ = [880, 1_175] as const
const TONE_S = 0.18
const EVERY_MS = 1_600

/** The sound and shake of an offer. Browsers keep it silent until the first tap, so `unlock` belongs into one. */
export class OfferBell {
  #context: AudioContext | null = null
  #unlocked = $state(false)
  #ringing: ReturnType<typeof setInterval> | null = null

  get unlocked(): boolean {
    return this.#unlocked
  }

  unlock(): void {
    this.#context ??= new AudioContext()
    void this.#context.resume().then(() => {
      this.#unlocked = this.#context?.state === 'running'
    })
  }

  start(): void {
    if (this.#ringing) return
    this.once()
    this.#ringing = setInterval(() => this.once(), EVERY_MS)
  }

  stop(): void {
    if (this.#ringing) clearInterval(this.#ringing)
    this.#ringing = null
  }

  once(): void {
    navigator.vibrate?.([180, 80, 180])
    const context = this.#context
    if (context?.state !== 'running') return
    for (const [index, hz] of TONES_HZ.entries()) {
      const from = context.currentTime + index * TONE_S
      const tone = context.createOscillator()
      const volume = context.createGain()
      tone.frequency.value = hz
      volume.gain.setValueAtTime(0.0001, from)
      volume.gain.exponentialRampToValueAtTime(0.5, from + 0.02)
      volume.gain.exponentialRampToValueAtTime(0.0001, from + TONE_S)
      tone.connect(volume).connect(context.destination)
      tone.start(from)
      tone.stop(from + TONE_S)
    }
  }
}
