import type { ErrorCode } from '#wire/codes.ts'

/** What became of a verb: told to people line by line, to machines as one JSON document. */
export type Outcome = Done | NotDone

export interface Done {
  ok: true
  lines: readonly string[]
  /** What `--json` prints instead of the lines. */
  json: unknown
}

export interface NotDone {
  ok: false
  /** Stable word for machines. */
  why: ErrorCode | CliRefusal
  /** The sentence for people: what is wrong and what to do. */
  says: string
  /** Further lines, e.g. one a refused row. */
  lines?: readonly string[]
  /** What `--json` prints instead of the refusal, where there is a result to tell all the same. */
  json?: unknown
  /** True when the command line itself is at fault: exit status 2 instead of 1. */
  usage?: boolean
}

/** Refusals that only a command line can meet. */
export type CliRefusal =
  | 'badFile'
  | 'badUsage'
  | 'dataFolderInUse'
  | 'failed'
  | 'infeasible'
  | 'noDatabase'
  | 'noServer'
  | 'noPlan'
  | 'notMigrated'
  | 'portInUse'
  | 'portNotAllowed'

export const done = (json: unknown, ...lines: string[]): Done => ({ ok: true, json, lines })

export const notDone = (why: NotDone['why'], says: string, lines: readonly string[] = []): NotDone => ({
  ok: false,
  why,
  says,
  lines,
})

export const badUsage = (says: string): NotDone => ({ ok: false, why: 'badUsage', says, usage: true })

export const EXIT = { done: 0, failed: 1, usage: 2 } as const

/** Prints an outcome (results on stdout, refusals on stderr; with `--json` one document on stdout either way) and answers the exit status. */
export function tell(outcome: Outcome, asJson: boolean): number {
  if (asJson) process.stdout.write(`${JSON.stringify(documentOf(outcome))}\n`)
  else if (outcome.ok) for (const line of outcome.lines) process.stdout.write(`${line}\n`)
  else for (const line of [outcome.says, ...(outcome.lines ?? [])]) process.stderr.write(`${line}\n`)
  if (outcome.ok) return EXIT.done
  return outcome.usage ? EXIT.usage : EXIT.failed
}

const documentOf = (outcome: Outcome) => (outcome.ok ? outcome.json : (outcome.json ?? errorDocument(outcome)))

const errorDocument = ({ why, says, lines = [] }: NotDone) => ({
  error: { code: why, message: says, ...(lines.length > 0 && { details: lines }) },
})
