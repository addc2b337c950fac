import { call, type Refusal } from '#console/lib/api.ts'
import { toasts } from '#console/lib/ui/toasts.svelte.ts'
import type { KeptRoster, KeptShiftKind, RosterRun } from '#domain/duty-roster.ts'
import type { LocalDay, RosterEntry } from '#domain/roster/model.ts'
import type { RosterCard, RosterEdit } from '#wire/roster-shapes.ts'
import { editRoster, rosterCard, rosterRun, solveRoster, stopRosterRun, takeRun } from '#wire/routes/rosters.ts'
import { type Marks, marksIn, NO_MARKS } from './marks.ts'
import { Selection } from './selection.svelte.ts'
import { Sheet } from './sheet.svelte.ts'

/** How often a live run is asked how far it is. */
const POLL_MS = 500

export const isLive = (run: RosterRun | null): boolean =>
  run !== null && (run.status === 'queued' || run.status === 'running')

/** One roster on the desk: its sheet, what is selected in it, and the run that goes on for it. */
export class RosterDesk {
  readonly id: string
  readonly selection = new Selection()
  #card: RosterCard | null = $state.raw(null)
  #sheet: Sheet | null = $state.raw(null)
  #kinds: ReadonlyMap<string, KeptShiftKind> = $state.raw(new Map())
  #marks: ReadonlyMap<string, Marks> = $state.raw(new Map())
  #run: RosterRun | null = $state.raw(null)
  #best: RosterEntry[] | null = $state.raw(null)
  #refusal: Refusal | null = $state.raw(null)
  #clusterId: string | null = $state(null)
  #isBusy = $state(false)
  #reads = 0
  #isOpen = true
  #polling: ReturnType<typeof setTimeout> | undefined

  constructor(id: string) {
    this.id = id
  }

  get card(): RosterCard | null {
    return this.#card
  }

  get roster(): KeptRoster | null {
    return this.#card?.roster ?? null
  }

  get sheet(): Sheet | null {
    return this.#sheet
  }

  get run(): RosterRun | null {
    return this.#run
  }

  /** The best that the run has found, while it is not in the draft. */
  get best(): readonly RosterEntry[] | null {
    return this.#best
  }

  get refusal(): Refusal | null {
    return this.#refusal
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** The cluster that is looked at; null = all of the roster's. */
  get clusterId(): string | null {
    return this.#clusterId
  }

  set clusterId(id: string | null) {
    this.#clusterId = id
    this.selection.to({ row: 0, column: 0 })
  }

  get people(): RosterCard['people'] {
    const all = this.#card?.people ?? []
    const id = this.#clusterId
    return id === null ? all : all.filter(({ clusterIds }) => clusterIds.includes(id))
  }

  get kinds(): ReadonlyMap<string, KeptShiftKind> {
    return this.#kinds
  }

  get activeKinds(): KeptShiftKind[] {
    return [...this.#kinds.values()].filter(({ isActive }) => isActive)
  }

  /** Leave, wishes and fixed duties of a person, by day. */
  marksOf(personId: string): Marks {
    return this.#marks.get(personId) ?? NO_MARKS
  }

  get revision(): number {
    return this.#sheet?.revision ?? this.#card?.roster.revision ?? 1
  }

  /** Lines may be changed until it is handed in; without what it is judged by nothing is edited. */
  get mayEdit(): boolean {
    return this.roster?.status === 'draft' && this.#card?.problem != null && !isLive(this.#run)
  }

  async read(): Promise<void> {
    const turn = ++this.#reads
    const told = await call(rosterCard, { params: { id: this.id } })
    if (turn !== this.#reads || !this.#isOpen) return
    this.#refusal = told.ok ? null : told
    if (!told.ok) return
    this.#card = told.answer
    this.#kinds = new Map(told.answer.kinds.map((kind) => [kind.id, kind]))
    this.#marks = marksIn(told.answer)
    this.#run = told.answer.run
    this.#sheet = new Sheet(told.answer, this.#send, this.#refused)
    if (isLive(told.answer.run)) this.#pollLater()
    else if (told.answer.run) await this.#readRun()
  }

  /** Somebody else may have changed it: read again unless what is here is as new, or on its way. */
  async heard(revision: number, status: string): Promise<void> {
    if (!this.#card || this.#sheet?.isSaving) return
    if (revision > this.revision || status !== this.#card.roster.status) await this.read()
  }

  edit(edits: readonly RosterEdit[]): void {
    if (this.mayEdit) this.#sheet?.edit(edits)
  }

  /** The same shift (null = none) in every selected cell; cluster and skill of a cell that has them stay. */
  fill(shiftId: string | null): void {
    const { people, sheet } = this
    if (!sheet) return
    this.edit(
      this.selection.places().flatMap(({ row, column }): RosterEdit[] => {
        const person = people[row]
        const day = sheet.columns[column]?.day
        return person && day ? [this.cellEdit(person.unitId, day, shiftId)] : []
      }),
    )
  }

  cellEdit(personId: string, day: LocalDay, shiftId: string | null): RosterEdit {
    if (shiftId === null) return { personId, day, shiftId }
    const [was] = this.#sheet?.entriesAt(personId, day) ?? []
    const clusterId = was?.clusterId ?? this.#sheet?.ownClusterOf(personId) ?? ''
    return { personId, day, shiftId, clusterId, ...(was?.skill && { skill: was.skill }) }
  }

  /** Runs the command with the draft's revision, and reads the roster again. */
  async carry(asked: (revision: number) => Promise<{ ok: true } | Refusal>): Promise<Refusal | null> {
    this.#isBusy = true
    const told = await asked(this.revision)
    await this.read()
    this.#isBusy = false
    return told.ok ? null : told
  }

  async solve(seconds: number): Promise<void> {
    this.#best = null
    const refusal = await this.carry((revision) =>
      call(solveRoster, { params: { id: this.id }, body: { revision, seconds } }),
    )
    if (refusal) toasts.refused(refusal)
  }

  async stop(): Promise<void> {
    const refusal = await this.carry(() => call(stopRosterRun, { params: { id: this.id }, body: {} }))
    if (refusal) toasts.refused(refusal)
  }

  async takeOver(): Promise<void> {
    const { run } = this
    if (!run) return
    const refusal = await this.carry((revision) =>
      call(takeRun, { params: { id: this.id }, body: { revision, runId: run.id } }),
    )
    if (refusal) toasts.refused(refusal)
    else this.#best = null
  }

  close(): void {
    this.#isOpen = false
    clearTimeout(this.#polling)
  }

  #send = (revision: number, edits: RosterEdit[]) =>
    call(editRoster, { params: { id: this.id }, body: { revision, edits } })

  /** What was drawn here is not what stands: the person is told why, and sees the truth again. */
  #refused = (refusal: Refusal): void => {
    toasts.refused(refusal)
    void this.read()
  }

  #pollLater(): void {
    clearTimeout(this.#polling)
    this.#polling = setTimeout(() => void this.#poll(), POLL_MS)
  }

  async #poll(): Promise<void> {
    await this.#readRun()
    if (!this.#isOpen) return
    if (isLive(this.#run)) this.#pollLater()
  }

  async #readRun(): Promise<void> {
    const told = await call(rosterRun, { params: { id: this.id } })
    if (!this.#isOpen || !told.ok) return
    const { run, best } = told.answer
    this.#run = run
    this.#best = best
  }
}
