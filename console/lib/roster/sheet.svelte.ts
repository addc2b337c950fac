import type { Refusal } from '#console/lib/api.ts'
import { dayNumber } from '#domain/roster/days.ts'
import type { Hurt, LocalDay, RosterEntry, RosterScore, ScoreChange, SkillCover } from '#domain/roster/model.ts'
import { openScoring, type Scoring } from '#domain/roster/scoring.ts'
import type { RosterCard, RosterEdit, RosterEdited } from '#wire/roster-shapes.ts'
import { type DayColumn, dayColumns } from './days.ts'
import { type PersonTotals, totalsOf } from './totals.ts'

/** Tells the server; the answer is its word on the draft. */
export type SendEdits = (revision: number, edits: RosterEdit[]) => Promise<{ ok: true; answer: RosterEdited } | Refusal>

/** A command has room for so many lines; the rest goes in the next. */
const BATCH = 300

const cellKey = (personId: string, day: LocalDay): string => `${personId} ${day}`

/**
 * A roster as it is being edited: each change is judged here at once, drawn, and told to the server behind it, one batch
 * after another. Rows are counted up one by one, so that only what changed is drawn anew.
 */
export class Sheet {
  readonly columns: readonly DayColumn[]
  readonly #card: RosterCard
  readonly #kinds
  readonly #byDay
  readonly #scoring: Scoring | null
  readonly #elsewhere: ReadonlySet<string>
  readonly #send: SendEdits
  readonly #refused: (refusal: Refusal) => void
  #entries = new Map<string, Map<LocalDay, RosterEntry[]>>()
  #hurts = new Map<string, Hurt[]>()
  #rowVersions: Record<string, number> = $state({})
  #score: RosterScore = $state.raw(emptyScore)
  #cover: SkillCover[] = $state.raw([])
  #change: ScoreChange | null = $state.raw(null)
  #revision = 0
  #undo: RosterEdit[][] = $state.raw([])
  #redo: RosterEdit[][] = $state.raw([])
  #waiting: RosterEdit[][] = $state.raw([])
  #isSending = $state(false)

  constructor(card: RosterCard, send: SendEdits, refused: (refusal: Refusal) => void) {
    this.#card = card
    this.#send = send
    this.#refused = refused
    this.#revision = card.roster.revision
    this.columns = dayColumns(card.roster.firstDay, card.roster.days, card.holidays)
    this.#kinds = new Map(card.kinds.map((kind) => [kind.id, kind]))
    this.#byDay = new Map(
      this.columns.map((column) => [
        column.day,
        { ...column, week: Math.floor((dayNumber(column.day) - column.weekday) / 7) },
      ]),
    )
    this.#scoring = card.problem ? openScoring(card.problem, [...card.roster.entries, ...card.elsewhere]) : null
    this.#elsewhere = new Set(card.elsewhere.map(({ personId, day }) => cellKey(personId, day)))
    for (const entry of card.roster.entries) this.#put(entry)
    this.#show(card.score, card.cover)
    if (this.#scoring) this.#show(this.#scoring.score(), this.#scoring.cover())
  }

  get score(): RosterScore {
    return this.#score
  }

  get cover(): readonly SkillCover[] {
    return this.#cover
  }

  /** What the last edit did to the score. */
  get change(): ScoreChange | null {
    return this.#change
  }

  get revision(): number {
    return this.#revision
  }

  get isSaving(): boolean {
    return this.#isSending || this.#waiting.length > 0
  }

  get mayUndo(): boolean {
    return this.#undo.length > 0
  }

  get mayRedo(): boolean {
    return this.#redo.length > 0
  }

  entriesAt(personId: string, day: LocalDay): readonly RosterEntry[] {
    this.#rowVersions[personId]
    return this.#entries.get(personId)?.get(day) ?? []
  }

  /** On duty in a cluster that this roster has not: that day is not its to give. */
  isElsewhere(personId: string, day: LocalDay): boolean {
    return this.#elsewhere.has(cellKey(personId, day))
  }

  hurtsAt(personId: string, day: LocalDay): readonly Hurt[] {
    this.#rowVersions[personId]
    return this.#hurts.get(cellKey(personId, day)) ?? []
  }

  totalsOf(personId: string): PersonTotals {
    this.#rowVersions[personId]
    return totalsOf([...(this.#entries.get(personId)?.values() ?? [])].flat(), this.#kinds, this.#byDay)
  }

  /** The whole roster as it now is. */
  roster(): RosterEntry[] {
    return [...this.#entries.values()].flatMap((days) => [...days.values()].flat())
  }

  /** Carries the edits out here, judges them, and queues them for the server. Cells that stay as they are are left out. */
  edit(edits: readonly RosterEdit[]): void {
    const real = edits.filter((edit) => !this.#isSo(edit) && !this.isElsewhere(edit.personId, edit.day))
    if (real.length === 0) return
    this.#redo = []
    this.#undo = [...this.#undo, this.#apply(real)]
  }

  undo(): void {
    const back = this.#undo.at(-1)
    if (!back) return
    this.#undo = this.#undo.slice(0, -1)
    this.#redo = [...this.#redo, this.#apply(back)]
  }

  redo(): void {
    const again = this.#redo.at(-1)
    if (!again) return
    this.#redo = this.#redo.slice(0, -1)
    this.#undo = [...this.#undo, this.#apply(again)]
  }

  /** Answers what would undo it. */
  #apply(edits: readonly RosterEdit[]): RosterEdit[] {
    const back = edits.map(({ personId, day }): RosterEdit => {
      const [was] = this.#entries.get(personId)?.get(day) ?? []
      if (!was) return { personId, day, shiftId: null }
      const { shiftId, clusterId, skill } = was
      return { personId, day, shiftId, clusterId, ...(skill !== undefined && { skill }) }
    })
    const sum = { breaks: 0, points: 0 }
    for (const edit of edits) {
      const entry = this.#entryOf(edit)
      this.#entries.get(edit.personId)?.delete(edit.day)
      if (entry) this.#put(entry)
      const changed = this.#scoring?.change(edit.personId, edit.day, entry)
      sum.breaks += changed?.breaks ?? 0
      sum.points += changed?.points ?? 0
    }
    this.#change = this.#scoring ? sum : null
    for (const { personId } of edits) this.#touch(personId)
    if (this.#scoring) this.#show(this.#scoring.score(), this.#scoring.cover())
    this.#waiting = [...this.#waiting, [...edits]]
    void this.#flush()
    return back
  }

  #entryOf({ personId, day, shiftId, clusterId, skill }: RosterEdit): RosterEntry | null {
    if (shiftId === null) return null
    return { personId, day, shiftId, clusterId: clusterId ?? this.ownClusterOf(personId), ...(skill && { skill }) }
  }

  /** Where the person works when nothing else is said: the first of the own clusters that the roster has. */
  ownClusterOf(personId: string): string {
    const { clusterIds } = this.#card.roster
    const own = this.#card.people.find(({ unitId }) => unitId === personId)?.clusterIds ?? []
    return own.find((id) => clusterIds.includes(id)) ?? clusterIds[0] ?? ''
  }

  #isSo(edit: RosterEdit): boolean {
    const now = this.#entries.get(edit.personId)?.get(edit.day) ?? []
    const next = this.#entryOf(edit)
    if (next === null || now.length !== 1) return next === null && now.length === 0
    const [was] = now
    return was?.shiftId === next.shiftId && was.clusterId === next.clusterId && was.skill === next.skill
  }

  #put(entry: RosterEntry): void {
    const days = this.#entries.get(entry.personId) ?? new Map<LocalDay, RosterEntry[]>()
    days.set(entry.day, [...(days.get(entry.day) ?? []), entry])
    this.#entries.set(entry.personId, days)
  }

  #touch(personId: string): void {
    this.#rowVersions[personId] = (this.#rowVersions[personId] ?? 0) + 1
  }

  /** Rows whose rules changed are drawn anew too: fairness and cover reach beyond the person edited. */
  #show(score: RosterScore, cover: SkillCover[]): void {
    const hurts = Map.groupBy(
      score.hurts.filter(({ personId }) => personId !== null),
      ({ personId, day }) => cellKey(personId ?? '', day),
    )
    const before = this.#hurts
    const touched = new Set<string>()
    for (const key of [...hurts.keys(), ...before.keys()])
      if (!isSame(hurts.get(key), before.get(key))) touched.add(key.slice(0, key.lastIndexOf(' ')))
    this.#hurts = hurts
    for (const personId of touched) this.#touch(personId)
    this.#score = score
    this.#cover = cover
  }

  async #flush(): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    while (this.#waiting.length > 0) {
      const all = lastOfEachCell(this.#waiting.flat())
      const batch = all.slice(0, BATCH)
      this.#waiting = all.length > BATCH ? [all.slice(BATCH)] : []
      const told = await this.#send(this.#revision, batch)
      if (!told.ok) {
        this.#waiting = []
        this.#refused(told)
        break
      }
      this.#revision = told.answer.roster.revision
      // The server has the last word as soon as it has heard everything.
      if (this.#waiting.length === 0) this.#show(told.answer.score, told.answer.cover)
    }
    this.#isSending = false
  }
}

const emptyScore: RosterScore = {
  breaks: 0,
  points: 0,
  byRule: {} as RosterScore['byRule'],
  hurts: [],
  demandHours: 0,
  coveredHours: 0,
}

const isSame = (a: readonly Hurt[] | undefined, b: readonly Hurt[] | undefined): boolean =>
  a?.length === b?.length && (a ?? []).every((hurt, n) => hurt.rule === b?.[n]?.rule && hurt.amount === b[n]?.amount)

function lastOfEachCell(edits: readonly RosterEdit[]): RosterEdit[] {
  return [...new Map(edits.map((edit) => [cellKey(edit.personId, edit.day), edit])).values()]
}
