import { call, type Refusal } from '#console/lib/api.ts'
import type { Calendar } from '#domain/calendar.ts'
import type { Instant } from '#domain/instant.ts'
import type { Dimension } from '#domain/response-question.ts'
import {
  type RatesAnswer,
  type ResponseAnswer,
  responseCopy,
  responseRates,
  responseTimes,
} from '#wire/routes/response.ts'
import { type FiguredAnswer, ratesAsFigures, timesAsFigures } from './figured.ts'
import { besideOf, filtersBeside, filtersOf, type View } from './question.ts'

/** The copy behind the answers is built when the server starts: asked again until it is there. */
const TRY_AGAIN_MS = 1_000

/** What one look at the server has brought: all of one question, and of one moment. */
interface Taken {
  /** n, times and exclusions of all. */
  all: ResponseAnswer
  rates: RatesAnswer
  cells: FiguredAnswer
  hours: FiguredAnswer
  at: Instant
}

type Sorted = { by: Dimension; grid?: string }

/** Everything that map, strip and headline show, asked side by side. The old figures stay until the new ones are here. */
export class Figures {
  #taken: Taken | null = $state.raw(null)
  #refusal: Refusal | null = $state.raw(null)
  #isAsking = $state(false)
  #building: number | null = $state(null)
  #asked = 0

  get taken(): Taken | null {
    return this.#taken
  }

  get refusal(): Refusal | null {
    return this.#refusal
  }

  get isAsking(): boolean {
    return this.#isAsking
  }

  /** Tickets copied so far, while the copy behind the answers is built for the first time. */
  get building(): number | null {
    return this.#building
  }

  async ask(view: View, now: Instant, calendar: Calendar): Promise<void> {
    const turn = ++this.#asked
    this.#isAsking = true
    const told = await take(view, now, calendar)
    // A later question has overtaken this one.
    if (turn !== this.#asked) return
    if ('why' in told && told.why === 'starting') {
      const copy = await call(responseCopy, {})
      if (turn !== this.#asked) return
      this.#building = copy.ok ? copy.answer.building : null
      setTimeout(() => turn === this.#asked && void this.ask(view, now, calendar), TRY_AGAIN_MS)
      return
    }
    this.#isAsking = false
    this.#building = null
    this.#refusal = 'why' in told ? told : null
    if (!('why' in told)) this.#taken = told
  }

  /** Whoever leaves the page wants no more answers. */
  close(): void {
    this.#asked++
  }
}

async function take(view: View, now: Instant, calendar: Calendar): Promise<Taken | Refusal> {
  const filters = filtersOf(view, now, calendar)
  const beside = besideOf(view, now, calendar)
  // The strip shows every hour, also while one of them is chosen.
  const anyView = { ...view, hour: null, weekdays: null, daypart: null }
  const [all, rates, cells, hours] = await Promise.all([
    call(responseTimes, { query: { ...filters, ...beside } }),
    call(responseRates, { query: filters }),
    figured(view, { by: 'cell', grid: `h3:${view.resolution}` }, now, calendar),
    figured(anyView, { by: 'hourOfWeek' }, now, calendar),
  ])
  if (!all.ok) return all
  if (!rates.ok) return rates
  if ('why' in cells) return cells
  if ('why' in hours) return hours
  return { all: all.answer, rates: rates.answer, cells, hours, at: now }
}

/** The statistic of the view by cell or by hour, with what stands beside. */
async function figured(view: View, sorted: Sorted, now: Instant, calendar: Calendar): Promise<FiguredAnswer | Refusal> {
  const filters = filtersOf(view, now, calendar)
  if (view.statistic !== 'kept') {
    const told = await call(responseTimes, { query: { ...filters, ...besideOf(view, now, calendar), ...sorted } })
    return told.ok ? timesAsFigures(told.answer, view.statistic) : told
  }
  const [told, before] = await Promise.all([
    call(responseRates, { query: { ...filters, ...sorted } }),
    view.against === null ? null : call(responseRates, { query: { ...filtersBeside(view, now, calendar), ...sorted } }),
  ])
  if (!told.ok) return told
  if (before && !before.ok) return before
  return ratesAsFigures(told.answer, before?.answer ?? null, view.metric)
}
