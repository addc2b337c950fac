/** An expected "no": a value with a named reason that reaches the person (never an exception). */
export interface Refused<Why extends string> {
  ok: false
  why: Why
  /** Of a "not now": when asking again makes sense. */
  retryAfterMs?: number
}

export const refused = <Why extends string>(why: Why): Refused<Why> => ({ ok: false, why })

export const notNow = <Why extends string>(why: Why, retryAfterMs: number): Refused<Why> => ({
  ok: false,
  why,
  retryAfterMs,
})

export const isRefused = (answer: unknown): answer is Refused<string> =>
  typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false
