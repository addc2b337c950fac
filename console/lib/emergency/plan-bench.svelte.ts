import { call, type Refusal, type Told } from '#console/lib/api.ts'
import { toasts } from '#console/lib/ui/toasts.svelte.ts'
import type { Plan, PlanPair, PlanPlace, PlanRun } from '#domain/plan.ts'
import type { PlanExplanation } from '#domain/plan-explanation.ts'
import type { Amounts } from '#domain/services.ts'
import type { PlanCard, PlanTrial } from '#wire/plan-shapes.ts'
import type { BodyOf } from '#wire/route.ts'
import { changePlan, explainPlan, planCard, planRun, solvePlan, stopRun, tryLock } from '#wire/routes/plans.ts'

/** How often a live run is asked how far it is. */
const POLL_MS = 500
export const SOLVE_SECONDS = 10

const LIVE: readonly PlanRun['status'][] = ['queued', 'running']
export const isLive = (run: PlanRun | null): boolean => run !== null && LIVE.includes(run.status)

/** One plan on the bench: what is known of it, the run that goes on for it, and what is being tried. */
export class PlanBench {
  readonly id: string
  #card: PlanCard | null = $state.raw(null)
  #refusal: Refusal | null = $state.raw(null)
  #explanation: PlanExplanation | null = $state.raw(null)
  #trial: { pair: PlanPair; answer: PlanTrial | null } | null = $state.raw(null)
  #isBusy = $state(false)
  #polling: ReturnType<typeof setTimeout> | undefined
  #explained = ''
  #reads = 0
  #isOpen = true

  constructor(id: string) {
    this.id = id
  }

  get plan(): Plan | null {
    return this.#card?.plan ?? null
  }

  get card(): PlanCard | null {
    return this.#card
  }

  get run(): PlanRun | null {
    return this.#card?.run ?? null
  }

  get refusal(): Refusal | null {
    return this.#refusal
  }

  get explanation(): PlanExplanation | null {
    return this.#explanation
  }

  /** What the plan would be if the community were given to that provider; `answer` null = still being reckoned. */
  get trial(): { pair: PlanPair; answer: PlanTrial | null } | null {
    return this.#trial
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Who gets whom: the best so far while a run lasts. */
  get places(): readonly PlanPlace[] {
    return this.#card?.best ?? this.#card?.plan.result?.places ?? []
  }

  /** A plan may be changed until it is published. */
  get isDraft(): boolean {
    return this.plan !== null && ['draft', 'solving', 'solved'].includes(this.plan.status)
  }

  async read(): Promise<void> {
    const turn = ++this.#reads
    const told = await call(planCard, { params: { id: this.id } })
    // A later reading has overtaken this one.
    if (turn !== this.#reads || !this.#isOpen) return
    this.#refusal = told.ok ? null : told
    if (!told.ok) return
    this.#card = told.answer
    if (isLive(told.answer.run)) this.#pollLater()
    await this.#explain(told.answer.plan)
  }

  async solve(): Promise<void> {
    const { plan } = this
    if (!plan) return
    await this.#carry(
      call(solvePlan, { params: { id: this.id }, body: { revision: plan.revision, seconds: SOLVE_SECONDS } }),
    )
  }

  async stop(): Promise<void> {
    await this.#carry(call(stopRun, { params: { id: this.id }, body: {} }))
  }

  /** Locks the community to the provider (or frees it: null) and solves again. */
  async lock(communityId: string, providerId: string | null): Promise<void> {
    const locks = this.plan?.locks.filter((lock) => lock.communityId !== communityId) ?? []
    if (providerId) locks.push({ communityId, providerId })
    await this.change({ locks })
  }

  async forbid(pair: PlanPair, isForbidden: boolean): Promise<void> {
    const forbids =
      this.plan?.forbids.filter(
        (each) => each.communityId !== pair.communityId || each.providerId !== pair.providerId,
      ) ?? []
    if (isForbidden) forbids.push(pair)
    await this.change({ forbids })
  }

  /** Keeps so much of the provider's capacity free; nothing = frees it. */
  async reserve(providerId: string, amounts: Amounts): Promise<void> {
    const reserves = this.plan?.reserves.filter((each) => each.providerId !== providerId) ?? []
    if (Object.values(amounts).some((amount) => amount > 0)) reserves.push({ providerId, amounts })
    await this.change({ reserves })
  }

  /** Overrides the provider's yellow light for this plan, with a reason; null = no longer. */
  async waive(providerId: string, reason: string | null): Promise<void> {
    const waivers = this.plan?.waivers.filter((each) => each.providerId !== providerId) ?? []
    if (reason !== null) waivers.push({ providerId, reason })
    await this.change({ waivers })
  }

  /** What if: the draft says something else, and is solved again where it had been. */
  async change(change: Omit<BodyOf<typeof changePlan>, 'revision'>): Promise<void> {
    const { plan } = this
    if (!plan) return
    const isChanged = await this.#carry(
      call(changePlan, { params: { id: this.id }, body: { revision: plan.revision, ...change } }),
    )
    if (isChanged && plan.result) await this.solve()
  }

  /** Asks what the plan would cost, once for each pair that is hovered. */
  async try(pair: PlanPair): Promise<void> {
    const now = this.#trial?.pair
    if (now?.communityId === pair.communityId && now.providerId === pair.providerId) return
    const trial = { pair, answer: null }
    this.#trial = trial
    const told = await call(tryLock, { params: { id: this.id }, query: pair })
    if (this.#trial !== trial) return
    this.#trial = told.ok ? { pair, answer: told.answer } : null
    if (!told.ok) toasts.refused(told)
  }

  endTrial(): void {
    this.#trial = null
  }

  /** No more asking once the page is left. */
  close(): void {
    this.#isOpen = false
    clearTimeout(this.#polling)
  }

  async #carry<T>(asked: Promise<Told<never> | { ok: true; answer: T }>): Promise<boolean> {
    this.#isBusy = true
    const told = await asked
    if (!told.ok) toasts.refused(told)
    await this.read()
    this.#isBusy = false
    return told.ok
  }

  #pollLater(): void {
    clearTimeout(this.#polling)
    this.#polling = setTimeout(() => void this.#poll(), POLL_MS)
  }

  async #poll(): Promise<void> {
    const told = await call(planRun, { params: { id: this.id } })
    if (!this.#isOpen || !this.#card) return
    if (!told.ok) return this.#pollLater()
    this.#card = { ...this.#card, run: told.answer.run, best: told.answer.best ?? this.#card.best }
    if (isLive(told.answer.run)) this.#pollLater()
    else await this.read()
  }

  async #explain(plan: Plan): Promise<void> {
    const wanted = plan.result ? `${plan.revision} ${plan.solvedAt}` : ''
    if (wanted === this.#explained) return
    // The reasons of an earlier solution are not this one's.
    this.#explained = wanted
    this.#explanation = null
    if (wanted === '') return
    const told = await call(explainPlan, { params: { id: this.id } })
    if (!this.#isOpen || this.#explained !== wanted) return
    if (told.ok) this.#explanation = told.answer
    else this.#explained = ''
  }
}
