import { call, type Refusal, type Told } from '#console/lib/api.ts'
import type { Instant } from '#domain/instant.ts'
import type { AreaLevel } from '#domain/response-question.ts'
import { type RatesAnswer, type ResponseAnswer, responseRates, responseTimes } from '#wire/routes/response.ts'
import { beforeOf, filtersOf, type View } from './question.ts'

/** The copy behind the answers is built when the server starts: asked again until it is there. */
const TRY_AGAIN_MS = 1_000

/** Everything one view shows, asked side by side. The old figures stay until the new ones are here. */
export class Figures {
  #cells: ResponseAnswer | null = $state.raw(null)
  #hours: ResponseAnswer | null = $state.raw(null)
  #areas: ResponseAnswer | null = $state.raw(null)
  #rates: RatesAnswer | null = $state.raw(null)
  #refusal: Refusal | null = $state.raw(null)
  #isAsking = $state(false)
  #asked = 0

  get cells(): ResponseAnswer | null {
    return this.#cells
  }

  get hours(): ResponseAnswer | null {
    return this.#hours
  }

  get areas(): ResponseAnswer | null {
    return this.#areas
  }

  get rates(): RatesAnswer | null {
    return this.#rates
  }

  get refusal(): Refusal | null {
    return this.#refusal
  }

  get isAsking(): boolean {
    return this.#isAsking
  }

  async ask(view: View, level: AreaLevel, now: Instant, dayStart: Instant): Promise<void> {
    const turn = ++this.#asked
    this.#isAsking = true
    const filters = filtersOf(view, now, dayStart)
    const before = beforeOf(view, now, dayStart)
    const grid = `h3:${view.resolution}`
    const { hours: _, ...anyHour } = filters
    const told = await Promise.all([
      call(responseTimes, { query: { ...filters, ...before, by: 'cell', grid } }),
      // The strip shows every hour, also while one of them is chosen.
      call(responseTimes, { query: { ...anyHour, by: 'hourOfWeek' } }),
      call(responseTimes, { query: { ...filters, ...before, by: 'area', level } }),
      call(responseRates, { query: filters }),
    ])
    // A later question has overtaken this one.
    if (turn !== this.#asked) return
    this.#isAsking = false
    if (told.some((each) => !each.ok && each.why === 'starting')) {
      setTimeout(() => turn === this.#asked && void this.ask(view, level, now, dayStart), TRY_AGAIN_MS)
      return
    }
    this.#take(told)
  }

  /** Whoever leaves the page wants no more answers. */
  close(): void {
    this.#asked++
  }

  #take([cells, hours, areas, rates]: readonly [
    Told<typeof responseTimes>,
    Told<typeof responseTimes>,
    Told<typeof responseTimes>,
    Told<typeof responseRates>,
  ]): void {
    this.#refusal = ([cells, hours, areas, rates].find((each) => !each.ok) as Refusal | undefined) ?? null
    if (cells.ok) this.#cells = cells.answer
    if (hours.ok) this.#hours = hours.answer
    if (areas.ok) this.#areas = areas.answer
    if (rates.ok) this.#rates = rates.answer
  }
}
