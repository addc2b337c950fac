import { call, type Refusal } from '#console/lib/api.ts'
import type { Study, StudyKind } from '#domain/study.ts'
import { keepStudy, stopStudy, study as studyRoute } from '#wire/routes/studies.ts'

/** How often a study that is live is asked how far it is. */
const POLL_MS = 500

export type StudyOf<Kind extends StudyKind> = Extract<Study, { kind: Kind }>

export const isLive = ({ status }: Pick<Study, 'status'>): boolean => status === 'queued' || status === 'running'

/** One study that a page looks at: read, followed while it is live, stopped, kept by a name. */
export class LiveStudy<Kind extends StudyKind> {
  readonly #kind: Kind
  #now: StudyOf<Kind> | null = $state.raw(null)
  #refusal: Refusal | null = $state.raw(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #turn = 0

  constructor(kind: Kind) {
    this.#kind = kind
  }

  get now(): StudyOf<Kind> | null {
    return this.#now
  }

  get refusal(): Refusal | null {
    return this.#refusal
  }

  /** The study of the address; null = none. */
  async open(id: string | null): Promise<void> {
    if (id === (this.#now?.id ?? null)) return
    this.close()
    this.#now = null
    this.#refusal = null
    if (id !== null) await this.#read(id)
  }

  async stop(): Promise<void> {
    if (this.#now) this.take(await call(stopStudy, { params: { id: this.#now.id }, body: {} }))
  }

  /** What was refused, or null. */
  async keep(name: string): Promise<Refusal | null> {
    if (!this.#now) return null
    const told = await call(keepStudy, { params: { id: this.#now.id }, body: { name } })
    this.take(told)
    return told.ok ? null : told
  }

  take(told: { ok: true; answer: Study } | Refusal): void {
    this.#refusal = told.ok ? null : told
    if (told.ok) this.#show(told.answer)
  }

  close(): void {
    this.#turn++
    clearTimeout(this.#timer)
  }

  async #read(id: string): Promise<void> {
    const turn = ++this.#turn
    const told = await call(studyRoute, { params: { id } })
    // Another study is looked at by now, or none.
    if (turn !== this.#turn) return
    this.#refusal = told.ok ? null : told
    if (told.ok) this.#show(told.answer)
    else if (this.#now) this.#again(id)
  }

  #show(study: Study): void {
    clearTimeout(this.#timer)
    // An address may name a study of the other page.
    this.#now = study.kind === this.#kind ? (study as StudyOf<Kind>) : null
    if (isLive(study)) this.#again(study.id)
  }

  #again(id: string): void {
    this.#timer = setTimeout(() => void this.#read(id), POLL_MS)
  }
}
