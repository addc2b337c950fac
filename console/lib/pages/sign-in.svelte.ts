import { call } from '#console/lib/api.ts'
import { m } from '#console/lib/paraglide/messages.js'
import { refusalText } from '#console/lib/refusal-text.ts'
import { signIn } from '#wire/routes/people.ts'

const SECOND_MS = 1_000

/** One try after another to sign in, with the wait the server asks for after failures counted down. */
export class SignIn {
  #busy = $state(false)
  #waitS = $state(0)
  #ticking: ReturnType<typeof setInterval> | null = null

  get busy(): boolean {
    return this.#busy
  }

  /** Seconds until the next try makes sense. */
  get waitS(): number {
    return this.#waitS
  }

  /** `code`: the password was right and the second step comes; a string is what to tell the person. */
  async try(username: string, password: string): Promise<'signedIn' | 'code' | { problem: string }> {
    this.#busy = true
    const told = await call(signIn, { body: { username: username.trim(), password } })
    this.#busy = false
    if (told.ok) return told.answer.secondFactor ? 'code' : 'signedIn'
    if (told.why === 'tooMany') {
      this.#countDown(Math.ceil((told.retryAfterMs ?? 10 * SECOND_MS) / SECOND_MS))
      return { problem: '' }
    }
    return {
      problem: told.why === 'badCredentials' || told.why === 'invalidFields' ? m.login_wrong() : refusalText(told),
    }
  }

  stop(): void {
    if (this.#ticking) clearInterval(this.#ticking)
  }

  #countDown(seconds: number): void {
    this.stop()
    this.#waitS = seconds
    this.#ticking = setInterval(() => {
      this.#waitS -= 1
      if (this.#waitS <= 0) this.stop()
    }, SECOND_MS)
  }
}
